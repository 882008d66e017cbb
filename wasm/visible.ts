// How many keys each query sees: what a call costs, before it is made.

import type { Request } from "./request.js";

/** Keys that causality, window and key lengths leave to query i of batch b (masks are not looked into). */
export function visibleKeys(request: Request, b: number, i: number): number {
  const { keyLength, isCausal, windowLeft, windowRight } = request;
  const p = i + (request.queryOffset?.[b] ?? 0);
  const keys = Math.min(request.keyLengths?.[b] ?? keyLength, keyLength);
  const begin = windowLeft < 0 ? 0 : Math.max(0, p - windowLeft);
  const last = Math.min(isCausal ? p : Infinity, windowRight < 0 ? Infinity : p + windowRight);
  return Math.max(0, Math.min(keys, last + 1) - begin);
}
