// onnxruntime-web on its CPU provider, one thread: what a page without cross-origin isolation gets.

import type { Addresses } from "./contender.js";

export interface Ort {
  env: { wasm: { numThreads: number; wasmPaths?: string }; logLevel: string };
  Tensor: new (
    type: "float32" | "int32" | "int64",
    data: Float32Array | Int32Array | BigInt64Array,
    shape: readonly number[],
  ) => OrtTensor;
  InferenceSession: { create(model: Uint8Array, options: object): Promise<OrtSession> };
}

export interface OrtTensor {
  data: Float32Array;
}

export interface OrtSession {
  run(feeds: Record<string, OrtTensor>): Promise<Record<string, OrtTensor>>;
  release(): Promise<void>;
}

export async function loadOrt({ peers, wasm }: Addresses): Promise<Ort> {
  const ort = ((await import(peers.onnxruntime)) as { onnxruntime: Ort }).onnxruntime;
  ort.env.wasm.numThreads = 1;
  ort.env.logLevel = "error";
  if (wasm) ort.env.wasm.wasmPaths = wasm.onnxruntime;
  return ort;
}

/** `externalData`: files that the model points into. */
export async function openSession(
  ort: Ort,
  model: Uint8Array,
  externalData: readonly { path: string; data: Uint8Array }[] = [],
): Promise<OrtSession> {
  const hadWorker = "Worker" in globalThis;
  const session = await ort.InferenceSession.create(model, { executionProviders: ["wasm"], externalData });
  // In Node it leaves a global Worker behind, which jax-js takes for a browser's, and fails.
  if (!hadWorker) delete (globalThis as { Worker?: unknown }).Worker;
  return session;
}
