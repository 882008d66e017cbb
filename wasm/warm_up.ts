// First calls, so that the caller's first one is not. V8 compiles a WebAssembly function when it is first called, and
// quickly; code three to five times as fast is begun once a function has run for a while, made by other threads, and used
// from the next call on.

import type { Engine } from "./types.js";

// Enough for V8 to begin on the hot functions: 128 keys are not. Node 24, the first call over a warm one, with these three
// calls and without: 12 heads, 32 by 32 of 64, 2.6 and 35; 12 heads, 128 by 128, 3.7 and 9.4. They take about 5 ms; to
// wait until the optimised code is there would take 10 more.
const length = 256;
const headDim = 64;

/** The paths of attention: many queries, causal ones, and one alone. */
export function warmUp(engine: Engine): void {
  const x = new Float32Array(length * headDim);
  const shape = { numHeads: 1, headDim };
  engine.attention(x, x, x, shape);
  engine.attention(x, x, x, { ...shape, isCausal: true });
  engine.attention(x.subarray(0, headDim), x, x, shape);
}
