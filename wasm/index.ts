/**
 * heed: attention in WebAssembly, the module inlined. Nothing is fetched and nothing runs at import.
 *
 * @packageDocumentation
 */

import simd from "../build/wasm/heed-simd.wasm";
import relaxedSimd from "../build/wasm/heed-relaxed-simd.wasm";
import { decodeBase64 } from "./base64.js";
import { checkOptions, compile, createEngineOf } from "./create.js";
import type { Engine, EngineOptions } from "./types.js";
import { chooseVariant, type Variant } from "./variant.js";

export { HeedError, type HeedErrorCode } from "./errors.js";
export type * from "./types.js";

/** Base64: unlike raw bytes in a string, it survives any page encoding. */
const inlined: Record<Variant, string> = { simd, "relaxed-simd": relaxedSimd };

/** Compiled once a variant, shared by all engines; a failure is forgotten, so that a later call tries again. */
const modules: Partial<Record<Variant, Promise<WebAssembly.Module>>> = {};

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
  modules[variant] ??= compile(decodeBase64(inlined[variant]));
  try {
    return createEngineOf(await modules[variant], variant, options);
  } catch (error) {
    delete modules[variant];
    throw error;
  }
}
