// What TypeScript sees of the C++ side: the functions that bindings.cpp names. Internal.

import type { OwnFloat32Array } from "./types.js";

/** The outcome of a native call that can fail: 0, or the place of an error code in `statusCodes`, and a message. */
export interface NativeStatus {
  code: number;
  message: string;
}

/** The results alone, as a caller gets them. */
export function withoutStatus(result: NativeStatus & Record<string, unknown>): object {
  return Object.fromEntries(Object.entries(result).filter(([name]) => name !== "code" && name !== "message"));
}

type Values = Float32Array;
export type Output = NativeStatus & { output: OwnFloat32Array };

/** What every instance can say about itself. */
export interface NativeMemory {
  heapBytes(): number;
  usedBytes(): number;
}

/** The functions of bindings.cpp. */
export interface EngineModule extends NativeMemory {
  attention(request: object): NativeStatus & Record<string, OwnFloat32Array>;
  attentionWindow(request: object): Output;
  multiHeadAttention(request: object): NativeStatus & Record<string, OwnFloat32Array>;
  rotaryEmbedding(request: object): Output;
  sinusoidalPositions(length: number, modelDim: number): Output;
  linear(x: Values, weight: Values, bias: Values | null, inFeatures: number, outFeatures: number): Output;
  softmax(x: Values, rowLength: number): Output;
  layerNorm(
    x: Values,
    rowLength: number,
    weight: Values | null,
    bias: Values | null,
    epsilon: number,
  ): Output;
  rmsNorm(x: Values, rowLength: number, weight: Values | null, epsilon: number): Output;
  activate(x: Values, name: string): Output;
}
