// The program of a worker, inlined into the package by the build. It knows the names of a browser's worker alone;
// thread.ts gives Node's the same.

import createNative from "../../build/wasm/engine.mjs";
import { HeedError } from "../errors.js";
import { Host } from "../host.js";
import type { EngineModule } from "../native.js";
import { bufferOf, type Answer, type Order } from "./messages.js";
import { compute } from "./work.js";

declare function postMessage(answer: Answer, transfer: ArrayBuffer[]): void;

// WebAssembly memory never shrinks: an instance that a large call has grown beyond this is let go, so that idle workers
// hold little. A fresh one costs about a millisecond, a call of this size hundreds.
const keptBytes = 64 << 20;

let module: WebAssembly.Module;
let host: Host<EngineModule> | null = null;

globalThis.onmessage = ({ data }: MessageEvent<Order>) => {
  if ("module" in data) {
    ({ module } = data);
    host = new Host(module, createNative);
    postMessage({}, []);
    return;
  }
  try {
    host ??= new Host(module, createNative);
    const result = compute(host, data.request);
    postMessage({ result }, [bufferOf(data.request)]);
    if (host.memory.heapBytes > keptBytes) host = null;
  } catch (error) {
    if (!(error instanceof HeedError)) throw error;
    const { code, message, cause } = error;
    postMessage({ error: { code, message, cause: String(cause) } }, []);
  }
};

// The module could not be read here: dying says so.
globalThis.onmessageerror = () => {
  throw new Error("the message could not be read");
};
