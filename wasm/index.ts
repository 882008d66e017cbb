/**
 * heed: attention in WebAssembly, the module inlined. Nothing is fetched and nothing runs at import.
 *
 * @packageDocumentation
 */

import simd from "../build/wasm/simd.ascii";
import relaxedSimdDelta from "../build/wasm/relaxed-simd.ascii";
import { decodeAscii } from "./ascii.js";
import { applyDelta } from "./delta.js";
import { checkOptions, compile, createEngineOf } from "./create.js";
import type { Engine, EngineOptions } from "./types.js";
import { chooseVariant, type Variant } from "./variant.js";

export { HeedError, type HeedErrorCode } from "./errors.js";
export type * from "./types.js";

/** The inlined module, out of its text: the one variant as it is, the other as what it changes. */
function bytesOf(variant: Variant): Uint8Array<ArrayBuffer> {
  const base = decodeAscii(simd);
  return variant === "simd" ? base : applyDelta(base, decodeAscii(relaxedSimdDelta));
}

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
  modules[variant] ??= compile(bytesOf(variant));
  try {
    return createEngineOf(await modules[variant], variant, options);
  } catch (error) {
    delete modules[variant];
    throw error;
  }
}
