// From settings to a run: the model loaded, the text run, and of all that was asked for meanwhile only the last answered.
import { latestOnly } from "../runner/latest.ts";
import { shortName } from "../runner/local.ts";
import { isLong, type RunData } from "../runner/run_data.ts";
import type { ModelFacts, Runner } from "../runner/runner.ts";
import { sameRun } from "../state.ts";
import { modelHold, type ModelHold } from "./model_hold.ts";
import type { Settings } from "./settings.ts";

/** What comes of asking. A model is named as it is shown. */
export interface Answers {
  /** `percent`: of one file; undefined: not known yet. */
  loading(model: string, percent: number | undefined): void;
  /** Nothing is waited for: the model is there. */
  here(): void;
  /** `source`: its name or address. Said once for every model that takes another's place. */
  ready(source: string, facts: ModelFacts): void;
  /** Of the heads to be dropped, its `whatIf` has those that the model has. */
  run(run: RunData): void;
  /** Of the last run: it has no whole matrices, and the model that knows them is let go. */
  gone(): void;
  /** There is no text. */
  nothing(): void;
  notLoaded(model: string, error: unknown): void;
  refused(model: string, error: unknown): void;
}

export interface Asking {
  /**
   * Asks where these settings want another run than was asked for last, whatever came of it. Resolves when nothing is under way;
   * never rejects.
   */
  follow(settings: Settings, runner: Runner): Promise<void>;
  /** What failed is asked for once more by the next follow(). Gives whether anything had. */
  again(): boolean;
  /** Lets the models go; what they owe an answer is asked for once more by the next follow(). */
  release(): void;
}

type Outcome = "answered" | "failed";

interface Asked {
  settings: Settings;
  readonly runner: Runner;
  /** Undefined: under way. */
  outcome?: Outcome;
}

export function createAsking(answers: Answers): Asking {
  /** Undefined: whatever comes is asked for. */
  let asked: Asked | undefined;
  let answered: Promise<void> = Promise.resolve();
  let hold: ModelHold | undefined;
  let ready: string | undefined;
  let needsModel = false;
  const latest = latestOnly(({ runner, settings }: Asked) =>
    runner.run({ ...settings, model: sourceOf(settings) }),
  );

  async function ask(mine: Asked): Promise<void> {
    const { settings, runner } = mine;
    /** Tells, if this is what was asked for last. */
    const end = (outcome: Outcome, isOfModel: boolean, tell: () => void): void => {
      if (asked !== mine) return;
      mine.outcome = outcome;
      needsModel = isOfModel;
      tell();
    };
    if (settings.text.trim() === "") {
      latest.cancel();
      return end("answered", false, answers.nothing);
    }
    const source = sourceOf(settings);
    const name = shortName(source);
    /** By this or by another text for the same model. */
    const isAwaited = (): boolean =>
      asked?.runner === runner && !asked.outcome && sourceOf(asked.settings) === source;
    let facts: ModelFacts;
    try {
      if (hold?.runner !== runner) {
        hold?.releaseAll();
        hold = modelHold(runner);
      }
      if (!hold.has(source)) answers.loading(name, undefined);
      facts = await hold.open(source, ({ loaded, total }) => {
        if (total > 0 && isAwaited()) answers.loading(name, Math.floor((100 * loaded) / total));
      });
      if (asked !== mine) return;
      answers.here();
      if (ready !== source) answers.ready(source, facts);
      ready = source;
    } catch (error) {
      return end("failed", false, () => answers.notLoaded(name, error));
    }
    try {
      const within = withinModel(settings, facts);
      const run = await latest.ask({ runner, settings: within });
      if (!run) return;
      end("answered", isLong(run), () => {
        mine.settings = within;
        answers.run(run);
      });
    } catch (error) {
      end("failed", false, () => answers.refused(name, error));
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
    again() {
      const hasFailed = asked?.outcome === "failed";
      if (hasFailed) asked = undefined;
      return hasFailed;
    },
    release() {
      latest.cancel();
      hold?.releaseAll();
      if (asked?.outcome !== "answered" || needsModel) asked = undefined;
      if (needsModel) answers.gone();
      needsModel = false;
    },
  };
}

/** The model's name, or the address that stands in its place. */
export function sourceOf({ src, model }: Settings): string {
  return src.trim() === "" ? model : src;
}

/** Of the heads to be dropped those that the model has; of an encoder-decoder's its facts say too little. */
function withinModel(settings: Settings, { numLayers, numHeads, hasDecoder }: ModelFacts): Settings {
  const { whatIf } = settings;
  const ablated = whatIf.ablated.filter(
    ([layer, head]) => hasDecoder || (layer < numLayers && head < numHeads),
  );
  return { ...settings, whatIf: { ...whatIf, ablated } };
}

function isSame(a: Asked, b: Asked): boolean {
  return (
    a.runner === b.runner && sameRun(a.settings, b.settings) && sourceOf(a.settings) === sourceOf(b.settings)
  );
}
