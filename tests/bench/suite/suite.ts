// What runs inside a page or a Node process: problem after problem, every contender checked, then timed in turn.

import { ceilingFlops, ceilings } from "./ceiling.js";
import type { Addresses, Computed, Contender, Prepared } from "./contender.js";
import { heedPool, heedVariant } from "./heed.js";
import { measure, type Budget, type Outcome, type Side } from "./measure.js";
import { onnxruntime } from "./onnxruntime.js";
import { flopsOf, tensorsOf, type Problem } from "./problem.js";
import { jax, tfjs } from "./unfused.js";

export { measureStart } from "./start.js";

export interface Plan {
  addresses: Addresses;
  problems: (Problem & { name: string })[];
  /** `fast` for heed and onnxruntime-web, `slow` for the rest, `ceiling` for the limits. */
  budgets: Record<"fast" | "slow" | "ceiling", Budget>;
}

export interface Measured {
  problem: Problem & { name: string };
  flops: number;
  ceilingFlops: number;
  /** With the largest difference from heed's output and weights. */
  outcomes: (Outcome & { difference?: number })[];
}

type Report = (measured: Measured) => unknown;

const loaders: [name: string, pace: "fast" | "slow", load: (addresses: Addresses) => Promise<Contender>][] = [
  ["heed relaxed-simd", "fast", (addresses) => heedVariant(addresses, "relaxed-simd")],
  ["heed simd", "fast", (addresses) => heedVariant(addresses, "simd")],
  ["heed pool", "fast", heedPool],
  ["onnxruntime-web", "fast", onnxruntime],
  ["tfjs-backend-wasm", "slow", tfjs],
  ["jax-js", "slow", jax],
];

export async function run({ addresses, problems, budgets }: Plan, report: Report): Promise<void> {
  const contenders = new Map<string, Contender>();
  const unusable: Outcome[] = [];
  for (const [name, , load] of loaders) {
    try {
      contenders.set(name, await load(addresses));
    } catch (error) {
      unusable.push({ name, failed: messageOf(error) });
    }
  }
  for (const problem of problems) {
    const tensors = tensorsOf(problem);
    const failed: Outcome[] = [...unusable];
    const sides: Side[] = [];
    const ready: Prepared[] = [];
    const differences = new Map<string, number>();
    let expected: Computed | undefined;
    for (const [name, pace] of loaders) {
      try {
        const prepared = await contenders.get(name)?.prepare(problem, tensors);
        if (!prepared) continue;
        ready.push(prepared);
        const computed = await prepared.result();
        expected ??= computed;
        differences.set(name, differenceOf(computed, expected));
        sides.push({ name, run: prepared.run, budget: budgets[pace] });
      } catch (error) {
        failed.push({ name, failed: messageOf(error) });
      }
    }
    const outcomes = await measure([...sides, ...ceilings(budgets.ceiling)], () => performance.now());
    for (const prepared of ready) await prepared.dispose?.();
    await report({
      problem,
      flops: flopsOf(problem),
      ceilingFlops,
      outcomes: [...outcomes, ...failed].map((outcome) => {
        const difference = differences.get(outcome.name);
        return difference === undefined ? outcome : { ...outcome, difference };
      }),
    });
  }
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

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
