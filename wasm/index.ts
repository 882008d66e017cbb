/**
 * heed: attention in WebAssembly, the module inlined. Nothing is fetched and nothing runs at import.
 *
 * @packageDocumentation
 */

import simd from "../build/wasm/engine-simd.ascii";
import relaxedSimdDelta from "../build/wasm/engine-relaxed-simd.ascii";
import { inlined } from "./compile.js";
import { checkOptions, createEngineOf } from "./create.js";
import type { Engine, EngineOptions } from "./types.js";
import { chooseVariant } from "./variant.js";

export { HeedError, type HeedErrorCode } from "./errors.js";
export type * from "./types.js";

const moduleOf = inlined(simd, relaxedSimdDelta);

/**
 * Makes an engine. A failed call can be made again.
 *
 * Errors: "unsupported-host" (no WebAssembly SIMD, or the page's Content-Security-Policy lacks 'wasm-unsafe-eval'),
 * "invalid-argument".
 *
 * @example
 * import { createEngine } from "heed";
 * const engine = await createEngine();
 * const { weights } = engine.attention(query, key, value, { numHeads: 2, headDim: 4, capture: ["weights"] });
 */
export async function createEngine(options?: EngineOptions): Promise<Engine> {
  checkOptions(options);
  const variant = chooseVariant(options);
  return createEngineOf(await moduleOf(variant), variant, options);
}
