// heed itself: both variants in this thread, and the pool behind attentionAsync().

import type { AttentionOptions, Engine, EngineOptions } from "heed";
import type { Addresses, Contender } from "./contender.js";
import type { Problem, Task, Tensors } from "./problem.js";

interface Heed {
  createEngine(options?: EngineOptions): Promise<Engine>;
}

export async function heedVariant(
  { heed }: Addresses,
  variant: "simd" | "relaxed-simd",
): Promise<Contender<Task>> {
  const { createEngine } = (await import(heed)) as Heed;
  const engine = await createEngine({ variant });
  return {
    name: `heed ${variant}`,
    async prepare({ problem, tensors }) {
      const { query, key, value } = tensors;
      const options = optionsOf(problem, tensors);
      const run = () => engine.attention(query, key, value, options);
      return { run, result: async () => run() };
    },
  };
}

export async function heedPool({ heed }: Addresses): Promise<Contender<Task>> {
  const { createEngine } = (await import(heed)) as Heed;
  const engine = await createEngine({ workers: "auto" });
  return {
    name: "heed pool",
    async prepare({ problem, tensors }) {
      if (problem.weights) return undefined;
      const { query, key, value } = tensors;
      const options = optionsOf(problem, tensors);
      const run = () => engine.attentionAsync(query, key, value, options);
      return { run, result: run };
    },
  };
}

function optionsOf(problem: Problem, { pastKey, pastValue }: Tensors): AttentionOptions {
  const { numHeads, numKvHeads, headDim, isCausal, weights, pastLength } = problem;
  return {
    ...{ numHeads, numKvHeads, headDim, isCausal },
    ...(weights && { capture: ["weights"] as const }),
    ...(pastLength > 0 && { pastKey, pastValue }),
  };
}
