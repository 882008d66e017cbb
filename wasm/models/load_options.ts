// The options of loadModel, checked.

import { isDisposed } from "../disposed.js";
import type { Engine } from "../types.js";
import { failure, shown } from "./errors.js";
import type { LoadOptions } from "./types.js";

/** Errors: "invalid-argument". */
export function checkLoadOptions(options: LoadOptions): void {
  const refuse = (name: string, value: unknown, expected: string): never => {
    throw failure("invalid-argument", `${name} is ${shown(value)}; expected ${expected}`);
  };
  if (typeof options !== "object" || options === null) refuse("options", options, "an object");
  const { engine, workers, revision, keep, maxBytes, retry, hub } = options;
  if (engine !== undefined && !isEngine(engine))
    refuse("options.engine", engine, "an engine made by createEngine()");
  if (workers !== undefined && workers !== "auto" && !isCount(workers))
    refuse("options.workers", workers, `"auto" or an integer of at least 0`);
  for (const [name, text] of Object.entries({ revision, hub })) {
    if (text !== undefined && typeof text !== "string") refuse(`options.${name}`, text, "a string");
  }
  if (keep !== undefined && typeof keep !== "boolean") refuse("options.keep", keep, "true or false");
  if (maxBytes !== undefined && !(maxBytes >= 0)) refuse("options.maxBytes", maxBytes, "a number of bytes");
  if (retry === undefined) return;
  if (typeof retry !== "object" || retry === null) refuse("options.retry", retry, "an object");
  const { times, delay, timeout } = retry;
  if (times !== undefined && !isCount(times))
    refuse("options.retry.times", times, "an integer of at least 0");
  for (const [name, ms] of Object.entries({ delay, timeout })) {
    const isTime = typeof ms === "number" && ms >= 0 && ms < 2 ** 31;
    if (ms !== undefined && !isTime) refuse(`options.retry.${name}`, ms, "a number of milliseconds");
  }
}

function isEngine(engine: Engine): boolean {
  return typeof (engine as (Engine & { [isDisposed]?: unknown }) | null)?.[isDisposed] === "boolean";
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
