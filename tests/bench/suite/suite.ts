// What runs inside a page or a Node process: problem after problem, every contender checked, then timed in turn.

import { bertFlops, makeBert, type Bert, type BertSizes } from "./bert.js";
import { ceilingFlops, ceilings } from "./ceiling.js";
import type { Addresses } from "./contender.js";
import { compete, gather, type Budgets, type Entry, type Standing } from "./compete.js";
import { heedPool, heedVariant } from "./heed.js";
import { heedModel, onnxruntimeModel } from "./models.js";
import { onnxruntime } from "./onnxruntime.js";
import { flopsOf, tensorsOf, type Problem, type Task } from "./problem.js";
import { jax, tfjs } from "./unfused.js";

export { measureLength } from "./length.js";
export { measureStart } from "./start.js";

export interface Plan {
  addresses: Addresses;
  problems: (Problem & { name: string })[];
  budgets: Budgets;
}

export interface Measured {
  problem: Problem & { name: string };
  flops: number;
  ceilingFlops: number;
  outcomes: Standing[];
}

const attention: Entry<Task>[] = [
  ["heed relaxed-simd", "fast", (addresses) => heedVariant(addresses, "relaxed-simd")],
  ["heed simd", "fast", (addresses) => heedVariant(addresses, "simd")],
  ["heed pool", "fast", heedPool],
  ["onnxruntime-web", "fast", onnxruntime],
  ["tfjs-backend-wasm", "slow", tfjs],
  ["jax-js", "slow", jax],
];

const models: Entry<Bert>[] = [
  ["heed model", "fast", (addresses) => heedModel(addresses, 0)],
  ["heed model, shards", "fast", (addresses) => heedModel(addresses, "auto")],
  ["onnxruntime-web", "fast", onnxruntimeModel],
];

export async function run(
  { addresses, problems, budgets }: Plan,
  report: (measured: Measured) => unknown,
): Promise<void> {
  const field = await gather(attention, addresses);
  for (const problem of problems) {
    const task = { problem, tensors: tensorsOf(problem) };
    const outcomes = await compete(field, task, budgets, ceilings(budgets.ceiling));
    await report({ problem, flops: flopsOf(problem), ceilingFlops, outcomes });
  }
}

export interface ModelPlan {
  addresses: Addresses;
  models: { name: string; sizes: BertSizes; length: number }[];
  budgets: Budgets;
}

export interface MeasuredModel {
  name: string;
  /** Tokens of a text. */
  length: number;
  flops: number;
  weightBytes: number;
  outcomes: Standing[];
}

export async function runModels({ addresses, models: wanted, budgets }: ModelPlan): Promise<MeasuredModel[]> {
  const field = await gather(models, addresses);
  const measured: MeasuredModel[] = [];
  for (const { name, sizes, length } of wanted) {
    const bert = makeBert(sizes, length);
    const weightBytes = bert.files.weights.byteLength;
    const outcomes = await compete(field, bert, budgets);
    measured.push({ name, length, flops: bertFlops(bert), weightBytes, outcomes });
  }
  return measured;
}
