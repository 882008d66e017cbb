// From settings to a run: the model loaded, the text run, and of all that was asked for meanwhile only the last answered.
import { latestOnly } from "../runner/latest.ts";
import { shortName } from "../runner/local.ts";
import type { RunData } from "../runner/run_data.ts";
import type { ModelFacts, Runner } from "../runner/runner.ts";
import { sameRun } from "../state.ts";
import { modelHold, type ModelHold } from "./model_hold.ts";
import type { Settings } from "./settings.ts";

/** What comes of asking. A model is named as it is shown. */
export interface Answers {
  /** `percent`: of one file; undefined: not known yet. */
  loading(model: string, percent: number | undefined): void;
  /** `source`: its name or address. Said once for every model that takes another's place. */
  ready(source: string, facts: ModelFacts): void;
  run(run: RunData): void;
  /** There is no text. */
  nothing(): void;
  notLoaded(model: string, error: unknown): void;
  refused(model: string, error: unknown): void;
}

export interface Asking {
  /** Asks where these settings want another run than was asked for last. Resolves when nothing is under way; never rejects. */
  follow(settings: Settings, runner: Runner): Promise<void>;
  /** Lets the models go. */
  release(): void;
}

interface Asked {
  readonly settings: Settings;
  readonly runner: Runner;
}

export function createAsking(answers: Answers): Asking {
  let asked: Asked | undefined;
  let answered: Promise<void> = Promise.resolve();
  let hold: ModelHold | undefined;
  let ready: string | undefined;
  const latest = latestOnly(({ runner, settings }: Asked) =>
    runner.run({ ...settings, model: sourceOf(settings) }),
  );

  async function ask(mine: Asked): Promise<void> {
    const { settings, runner } = mine;
    const isStale = (): boolean => asked !== mine;
    if (settings.text.trim() === "") {
      latest.cancel();
      return answers.nothing();
    }
    const source = sourceOf(settings);
    const name = shortName(source);
    try {
      if (hold?.runner !== runner) {
        hold?.releaseAll();
        hold = modelHold(runner);
      }
      if (ready !== source) answers.loading(name, undefined);
      const facts = await hold.open(source, ({ loaded, total }) => {
        if (total > 0 && !isStale()) answers.loading(name, Math.floor((100 * loaded) / total));
      });
      if (isStale()) return;
      if (ready !== source) answers.ready(source, facts);
      ready = source;
    } catch (error) {
      if (!isStale()) answers.notLoaded(name, error);
      return;
    }
    try {
      const run = await latest.ask(mine);
      if (run && !isStale()) answers.run(run);
    } catch (error) {
      if (!isStale()) answers.refused(name, error);
    }
  }

  return {
    follow(settings, runner) {
      if (!asked || !isSame(asked, { settings, runner })) {
        asked = { settings, runner };
        answered = ask(asked);
      }
      return answered;
    },
    release: () => hold?.releaseAll(),
  };
}

/** The model's name, or the address that stands in its place. */
export function sourceOf({ src, model }: Settings): string {
  return src.trim() === "" ? model : src;
}

function isSame(a: Asked, b: Asked): boolean {
  return (
    a.runner === b.runner && sameRun(a.settings, b.settings) && sourceOf(a.settings) === sourceOf(b.settings)
  );
}
