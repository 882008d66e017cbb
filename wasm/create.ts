// From WebAssembly bytes to an engine.

import { integer, object } from "./check.js";
import { NativeEngine } from "./engine.js";
import { HeedError } from "./errors.js";
import { Host } from "./host.js";
import type { Engine, EngineOptions } from "./types.js";
import type { Variant } from "./variant.js";

declare const __HEED_VERSION__: string;

export function checkOptions(options: EngineOptions | undefined): void {
  if (options === undefined) return;
  object("options", options);
  const { workers } = options;
  if (workers !== undefined && workers !== "auto") integer("workers", workers, 0);
}

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

export function createEngineOf(module: WebAssembly.Module, variant: Variant): Engine {
  return new NativeEngine(new Host(module), variant, __HEED_VERSION__);
}
