// Long inputs: the memory of calls that capture no matrix, what estimate() said of them, and views of a matrix that is never held.

import type { AttentionOptions, Engine, WindowOptions } from "heed";
import { normal } from "../../js/random.js";
import { ceilingFlops, ceilings } from "./ceiling.js";
import type { Budgets } from "./compete.js";
import type { Addresses } from "./contender.js";
import { measure, type Outcome } from "./measure.js";
import { tensorsOf, type Problem } from "./problem.js";

export interface LengthPlan {
  addresses: Addresses;
  /** One call each, on an engine of its own. */
  calls: (Problem & { name: string; layout?: "bhld" | "blhd" })[];
  /** Of one head's matrix; `out` is [cells, cells]. */
  matrix: { length: number; headDim: number };
  windows: { name: string; side: number; cells: number; reduce: "mean" | "max" }[];
  budgets: Budgets;
}

/** Bytes, but for the milliseconds of the call. */
export interface MeasuredCall {
  name: string;
  queryLength: number;
  milliseconds: number;
  estimated: number;
  /** By how much the WebAssembly memory grew. */
  grown: number;
  results: number;
}

export interface MeasuredLength {
  calls: MeasuredCall[];
  /** With the ceilings among them. */
  windows: Outcome[];
  ceilingFlops: number;
}

type CreateEngine = () => Promise<Engine>;

export async function measureLength(plan: LengthPlan): Promise<MeasuredLength> {
  const { createEngine } = (await import(plan.addresses.heed)) as { createEngine: CreateEngine };
  const calls: MeasuredCall[] = [];
  for (const call of plan.calls) calls.push(await measureCall(createEngine, call));
  return { calls, windows: await measureWindows(createEngine, plan), ceilingFlops };
}

async function measureCall(createEngine: CreateEngine, call: LengthPlan["calls"][0]): Promise<MeasuredCall> {
  const { name, numHeads, numKvHeads, headDim, isCausal, queryLength, keyLength, pastLength } = call;
  const { query, key, value, pastKey, pastValue } = tensorsOf(call);
  const options: AttentionOptions = {
    ...{ numHeads, numKvHeads, headDim, isCausal, layout: call.layout ?? "bhld" },
    ...(call.weights && { capture: ["weights"] as const }),
    ...(pastLength > 0 && { pastKey, pastValue }),
  };
  const engine = await createEngine();
  const { bytes: estimated } = engine.estimate({ ...options, queryLength, keyLength });
  const { usedBytes } = engine.memory;
  const begin = performance.now();
  const result = engine.attention(query, key, value, options);
  const milliseconds = performance.now() - begin;
  const grown = engine.memory.heapBytes - usedBytes;
  engine.dispose();
  const results = Object.values(result).reduce((sum, array: Float32Array) => sum + array.byteLength, 0);
  return { name, queryLength, milliseconds, estimated, grown, results };
}

async function measureWindows(createEngine: CreateEngine, plan: LengthPlan): Promise<Outcome[]> {
  const { length, headDim } = plan.matrix;
  const [query, key] = [normal(1, length * headDim), normal(2, length * headDim)];
  const engine = await createEngine();
  const heads = { numHeads: 1, headDim };
  const { logsumexp } = engine.attention(query, key, key, { ...heads, capture: ["logsumexp"] });
  const sides = plan.windows.map(({ name, side, cells, reduce }) => {
    const range = [(length - side) / 2, (length + side) / 2] as const;
    const window: WindowOptions = { head: 0, rows: range, cols: range, out: [cells, cells], reduce };
    const run = () => engine.attentionWindow(query, key, logsumexp as Float32Array, { ...heads, ...window });
    return { name, run, budget: plan.budgets.fast };
  });
  const limits = ceilings(plan.budgets.ceiling);
  const outcomes = await measure([...sides, ...limits], () => performance.now());
  engine.dispose();
  return outcomes;
}
