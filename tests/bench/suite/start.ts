// A fresh process or page: what createEngine() takes, and the first call beside a warm one.

import type { Engine } from "heed";
import { measure, type Budget } from "./measure.js";
import { tensorsOf, type Problem } from "./problem.js";

/** Milliseconds. */
export interface Start {
  import: number;
  createEngine: number;
  firstCall: number;
  warmCall: number;
}

export async function measureStart(heed: string, problem: Problem, budget: Budget): Promise<Start> {
  const { query, key, value } = tensorsOf(problem);
  const { numHeads, headDim, isCausal } = problem;
  const begin = performance.now();
  const { createEngine } = (await import(heed)) as { createEngine(): Promise<Engine> };
  const imported = performance.now();
  const engine = await createEngine();
  const created = performance.now();
  const run = () => engine.attention(query, key, value, { numHeads, headDim, isCausal });
  run();
  const called = performance.now();
  const [warm] = await measure([{ name: "warm", run, budget }], () => performance.now());
  if (!warm || "failed" in warm) throw new Error(warm?.failed);
  return {
    import: imported - begin,
    createEngine: created - imported,
    firstCall: called - created,
    warmCall: warm.median,
  };
}
