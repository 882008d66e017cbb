// The models that one element keeps loaded: the one it shows and the one before, so that going back and forth loads nothing.
import type { ModelFacts, Progress, Runner } from "../runner/runner.ts";

export interface ModelHold {
  readonly runner: Runner;
  open(source: string, onProgress: (progress: Progress) => void): Promise<ModelFacts>;
  releaseAll(): void;
}

const MOST = 2;

export function modelHold(runner: Runner): ModelHold {
  /** In the order of use, the latest last. */
  const held = new Map<string, Promise<ModelFacts>>();

  function release(source: string): void {
    const facts = held.get(source);
    held.delete(source);
    // What failed was never counted.
    facts?.then(
      () => runner.release(source),
      () => {},
    );
  }

  return {
    runner,
    open(source, onProgress) {
      const facts = held.get(source) ?? runner.load(source, onProgress);
      held.delete(source);
      held.set(source, facts);
      facts.catch(() => {
        if (held.get(source) === facts) held.delete(source);
      });
      for (const oldest of [...held.keys()].slice(0, -MOST)) release(oldest);
      return facts;
    },
    releaseAll: () => [...held.keys()].forEach(release),
  };
}
