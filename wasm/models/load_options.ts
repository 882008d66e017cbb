// The options of loadModel, checked.

import { isDisposed } from "../disposed.js";
import type { Engine } from "../types.js";
import { checkSignal, demand } from "./argument.js";
import { isBoolean, isCount, isObject } from "./kinds.js";
import type { LoadOptions } from "./types.js";

/** Errors: "invalid-argument". */
export function checkLoadOptions(options: LoadOptions): void {
  demand(isObject(options), "options", options, "an object");
  const { engine, workers, revision, keep, maxBytes, retry, hub, signal, onProgress, fetch } = options;

  demand(
    engine === undefined || isEngine(engine),
    "options.engine",
    engine,
    "an engine made by createEngine()",
  );
  const isNumber = workers === undefined || workers === "auto" || isCount(workers);
  demand(isNumber, "options.workers", workers, `"auto" or an integer of at least 0`);
  for (const [name, text] of Object.entries({ revision, hub })) {
    demand(text === undefined || typeof text === "string", `options.${name}`, text, "a string");
  }
  checkSignal(signal, "options.signal");
  for (const [name, call] of Object.entries({ onProgress, fetch })) {
    demand(call === undefined || typeof call === "function", `options.${name}`, call, "a function");
  }
  demand(keep === undefined || isBoolean(keep), "options.keep", keep, "true or false");
  demand(maxBytes === undefined || maxBytes >= 0, "options.maxBytes", maxBytes, "a number of bytes");
  if (retry === undefined) return;
  demand(isObject(retry), "options.retry", retry, "an object");
  const { times, delay, timeout } = retry;
  demand(times === undefined || isCount(times), "options.retry.times", times, "an integer of at least 0");
  for (const [name, ms] of Object.entries({ delay, timeout })) {
    const isTime = typeof ms === "number" && ms >= 0 && ms < 2 ** 31;
    demand(ms === undefined || isTime, `options.retry.${name}`, ms, "a number of milliseconds");
  }
}

function isEngine(engine: Engine): boolean {
  return isBoolean((engine as (Engine & { [isDisposed]?: unknown }) | null)?.[isDisposed]);
}
