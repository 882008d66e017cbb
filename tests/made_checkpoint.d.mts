import type { ModelFiles } from "heed/models";

export function madeCheckpoint(
  kind: "gpt2" | "bert",
  options?: { context?: number; layers?: number; heads?: number; headDim?: number; seed?: number },
): { config: object; tokenizer: object; weights: ArrayBuffer } & ModelFiles;
export function byteTokenizer(changes?: Record<string, unknown>): Record<string, unknown>;
export function wordTokenizer(words: readonly string[]): Record<string, unknown>;
