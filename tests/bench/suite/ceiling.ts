// The ceiling as one more side: timed among the others, so that it sinks with them when the machine is busy.

import { ceilingModule, flopsPerTurn } from "./ceiling_module.js";
import type { Side } from "./measure.js";

/** About 5 ms at 60 GFLOP/s. */
const turns = 3_000_000;
export const ceilingFlops = turns * flopsPerTurn;

export function ceilings(budget: Side["budget"]): Side[] {
  return [false, true].flatMap((relaxed) => {
    const bytes = ceilingModule(relaxed);
    if (!WebAssembly.validate(bytes)) return [];
    const { loop } = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports as unknown as {
      loop(turns: number, a: number, b: number): number;
    };
    return [
      { name: `ceiling ${relaxed ? "relaxed-simd" : "simd"}`, run: () => loop(turns, 0.9, 0.1), budget },
    ];
  });
}
