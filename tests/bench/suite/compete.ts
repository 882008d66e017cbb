// One task put to every contender: prepared, its result held against the first's, then timed in turn.

import type { Addresses, Computed, Contender, Prepared } from "./contender.js";
import { measure, type Budget, type Outcome, type Side } from "./measure.js";

/** `fast` for heed and onnxruntime-web, `slow` for the rest, `ceiling` for the limits. */
export type Budgets = Record<"fast" | "slow" | "ceiling", Budget>;

export type Entry<Task> = [
  name: string,
  pace: "fast" | "slow",
  load: (addresses: Addresses) => Promise<Contender<Task>>,
];

/** An outcome with the largest difference from the first contender's result, and the memory behind it. */
export type Standing = Outcome & { difference?: number; memory?: number };

/** Who is there. One that can't be loaded fails at every task. */
export interface Field<Task> {
  name: string;
  pace: "fast" | "slow";
  contender: Contender<Task>;
}

export async function gather<Task>(
  entries: readonly Entry<Task>[],
  addresses: Addresses,
): Promise<Field<Task>[]> {
  const field: Field<Task>[] = [];
  for (const [name, pace, load] of entries) {
    const absent = (error: unknown): Contender<Task> => ({ name, prepare: () => Promise.reject(error) });
    field.push({ name, pace, contender: await load(addresses).catch(absent) });
  }
  return field;
}

/** `limits` are timed among the others. */
export async function compete<Task>(
  field: readonly Field<Task>[],
  task: Task,
  budgets: Budgets,
  limits: readonly Side[] = [],
): Promise<Standing[]> {
  const failed: Outcome[] = [];
  const sides: Side[] = [];
  const ready: Prepared[] = [];
  const notes = new Map<string, { difference: number; memory?: number }>();
  let expected: Computed | undefined;
  for (const { name, pace, contender } of field) {
    try {
      const prepared = await contender.prepare(task);
      if (!prepared) continue;
      ready.push(prepared);
      const computed = await prepared.result();
      expected ??= computed;
      const memory = prepared.memory?.();
      const difference = differenceOf(computed, expected);
      notes.set(name, memory === undefined ? { difference } : { difference, memory });
      sides.push({ name, run: prepared.run, budget: budgets[pace] });
    } catch (error) {
      failed.push({ name, failed: error instanceof Error ? error.message : String(error) });
    }
  }
  const outcomes = await measure([...sides, ...limits], () => performance.now());
  for (const prepared of ready) await prepared.dispose?.();
  return [...outcomes, ...failed].map((outcome) => ({ ...outcome, ...notes.get(outcome.name) }));
}

/** Largest absolute difference; a NaN, or a missing or superfluous number, counts as infinite. */
function differenceOf(computed: Computed, expected: Computed): number {
  const pairs = [[computed.output, expected.output]];
  if (computed.weights && expected.weights) pairs.push([computed.weights, expected.weights]);
  let largest = 0;
  for (const [a, b] of pairs as [Float32Array, Float32Array][]) {
    if (a.length !== b.length) return Infinity;
    for (let i = 0; i < a.length; i++) {
      const difference = Math.abs((a[i] as number) - (b[i] as number));
      if (!(difference <= largest)) largest = Number.isNaN(difference) ? Infinity : difference;
    }
  }
  return largest;
}
