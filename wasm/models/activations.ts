// The activations of config.json, by the names that transformers gives them.

import type { NativeModelConfig } from "./native.js";

/** transformers' names for what the kernels compute; those that differ in more than rounding are not here. */
export const activations: ReadonlyMap<string, NativeModelConfig["activation"]> = new Map([
  ["relu", "relu"],
  ["gelu", "gelu"],
  ["gelu_python", "gelu"],
  ["gelu_new", "gelu_tanh"],
  ["gelu_fast", "gelu_tanh"],
  ["gelu_accurate", "gelu_tanh"],
  ["gelu_pytorch_tanh", "gelu_tanh"],
  ["silu", "silu"],
  ["swish", "silu"],
] as const);
