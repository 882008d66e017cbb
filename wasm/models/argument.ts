// Checks of what a caller gives.

import { failure, shown } from "./errors.js";
import { isBoolean } from "./kinds.js";

/** What is not right is answered with its name, what it was and what was expected. Errors: "invalid-argument". */
export function demand(isRight: boolean, name: string, value: unknown, expected: string): asserts isRight {
  if (!isRight) throw failure("invalid-argument", `${name} is ${shown(value)}; expected ${expected}`);
}

/** Whatever has an AbortSignal's state is as good: it may come from another realm. */
export function checkSignal(signal: unknown, name = "signal"): void {
  const isSignal = isBoolean((signal as { aborted?: unknown } | null | undefined)?.aborted);
  demand(signal === undefined || isSignal, name, signal, "an AbortSignal");
}
