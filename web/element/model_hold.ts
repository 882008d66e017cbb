// The models that one element keeps loaded: the one it shows and the one before, so that going back and forth loads nothing.
import type { ModelFacts, Progress, Runner } from "../runner/runner.ts";

export interface ModelHold {
  readonly runner: Runner;
  /** Whether it is there, or on its way. */
  has(source: string): boolean;
  open(source: string, onProgress: (progress: Progress) => void): Promise<ModelFacts>;
  /** What is on its way is cancelled. */
  releaseAll(): void;
}

interface Held {
  readonly facts: Promise<ModelFacts>;
  readonly canceller: AbortController;
  isHere: boolean;
}

const MOST = 2;

export function modelHold(runner: Runner): ModelHold {
  /** In the order of use, the latest last. */
  const held = new Map<string, Held>();

  function load(source: string, onProgress: (progress: Progress) => void): Held {
    const canceller = new AbortController();
    const facts = runner.load(source, onProgress, canceller.signal);
    const one = { facts, canceller, isHere: false };
    facts.then(
      () => (one.isHere = true),
      () => held.get(source) === one && held.delete(source),
    );
    return one;
  }

  function release(source: string): void {
    const one = held.get(source);
    held.delete(source);
    one?.canceller.abort();
    // What failed was never counted.
    one?.facts.then(
      () => runner.release(source),
      () => {},
    );
  }

  /** What nobody waits for any more goes before what is there. */
  function releaseOne(): void {
    const others = [...held].slice(0, -1);
    const [source] = others.find(([, { isHere }]) => !isHere) ?? others[0] ?? [];
    if (source !== undefined) release(source);
  }

  return {
    runner,
    has: (source) => held.has(source),
    open(source, onProgress) {
      const one = held.get(source) ?? load(source, onProgress);
      held.delete(source);
      held.set(source, one);
      if (held.size > MOST) releaseOne();
      return one.facts;
    },
    releaseAll: () => [...held.keys()].forEach(release),
  };
}
