// From bytes to compiled modules.

import { decodeAscii } from "./ascii.js";
import { applyDelta } from "./delta.js";
import { HeedError } from "./errors.js";
import type { Variant } from "./variant.js";

/** Compiles; a refusal (no 'wasm-unsafe-eval' in the page's CSP, damaged bytes) is "unsupported-host" with its cause. */
export async function compile(bytes: BufferSource): Promise<WebAssembly.Module> {
  try {
    return await WebAssembly.compile(bytes);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new HeedError("unsupported-host", `the WebAssembly module could not be compiled: ${reason}`, {
      cause,
    });
  }
}

/**
 * A module that the build inlined: the one variant's text as it is, the other's as what it changes. Each is compiled when
 * first asked for, once for all who ask; a failure is forgotten, so that a later call tries again.
 */
export function inlined(
  simd: string,
  relaxedSimdDelta: string,
): (variant: Variant) => Promise<WebAssembly.Module> {
  const modules: Partial<Record<Variant, Promise<WebAssembly.Module>>> = {};
  return async (variant) => {
    const base = () => decodeAscii(simd);
    modules[variant] ??= compile(
      variant === "simd" ? base() : applyDelta(base(), decodeAscii(relaxedSimdDelta)),
    );
    try {
      return await modules[variant];
    } catch (error) {
      delete modules[variant];
      throw error;
    }
  };
}
