// From a compiled module to an engine.

import createNative from "../build/wasm/engine.mjs";
import { integer, object } from "./check.js";
import { NativeEngine } from "./engine.js";
import { Host } from "./host.js";
import { AttentionPool } from "./pool/attention.js";
import type { Engine, EngineOptions } from "./types.js";
import type { Variant } from "./variant.js";
import { warmUp } from "./warm_up.js";

declare const __HEED_VERSION__: string;

export function checkOptions(options: EngineOptions | undefined): void {
  if (options === undefined) return;
  object("options", options);
  const { workers } = options;
  if (workers !== undefined && workers !== "auto") integer("workers", workers, 0);
}

/** Ends the workers of an engine that was forgotten without dispose(). Made at first use: nothing runs at import. */
let forgotten: FinalizationRegistry<AttentionPool> | undefined;

export function createEngineOf(
  module: WebAssembly.Module,
  variant: Variant,
  options: EngineOptions | undefined,
): Engine {
  const host = new Host(module, createNative);
  const pool = new AttentionPool(module, host, options?.workers);
  const engine = new NativeEngine(host, pool, variant, __HEED_VERSION__);
  forgotten ??= new FinalizationRegistry((lost) => lost.dispose());
  forgotten.register(engine, pool);
  warmUp(engine);
  return engine;
}
