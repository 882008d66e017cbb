// What turns texts into numbers. Behind it is this thread (local.ts) or a worker (remote.ts); whoever draws need not know.
import type { Part, WhatIf } from "../state.ts";
import type { RunData, WindowRequest } from "./run_data.ts";

export interface RunRequest {
  /** A bundled model's name, or the address of a folder. */
  readonly model: string;
  readonly text: string;
  /** "": none. */
  readonly pair: string;
  readonly whatIf: WhatIf;
  /** Of models with a decoder: which attention; default "encoder". */
  readonly attention?: Part;
  /** What the decoder reads; "" or absent: what the model itself writes. */
  readonly target?: string;
  /** Where every token's probability is wanted; absent, or beyond the text: nowhere. */
  readonly position?: number;
}

/** What is known of a model before anything was run. */
export interface ModelFacts {
  /** "bert", "gpt2", … */
  readonly architecture: string;
  readonly numLayers: number;
  readonly numHeads: number;
  /** Tokens it can read. */
  readonly maxLength: number;
  readonly isCausal: boolean;
  /** An encoder-decoder, which has three attentions; layers and heads are the encoder's. */
  readonly hasDecoder: boolean;
}

/** Bytes of one file read so far; `total` is 0 where nobody knows. */
export interface Progress {
  readonly file: string;
  readonly loaded: number;
  readonly total: number;
  /** Bytes of all files, as soon as the sizes of all are known. */
  readonly overall?: { readonly loaded: number; readonly total: number };
}

export interface HeadWindow extends WindowRequest {
  readonly layer: number;
  readonly head: number;
}

/**
 * Every method that fails rejects with an error that carries a `code` (see codeOf), and the next call works.
 */
export interface Runner {
  /**
   * Loads a model, or joins those who have it already. Each load() that did not fail wants one release(); after the last the
   * model is disposed of. `signal`: this caller no longer wants it ("aborted"); when nobody does, loading ends.
   */
  load(model: string, onProgress?: (progress: Progress) => void, signal?: AbortSignal): Promise<ModelFacts>;
  release(model: string): void;
  /** The model must have been loaded. A text too long for it is cut, and the run says what was left out. */
  run(request: RunRequest): Promise<RunData>;
  /** A part of a head's weights, [height, width] of the request. */
  window(run: RunData, request: HeadWindow): Promise<Float32Array>;
}

/** What went wrong, for code to branch on: a HeedError's code, or "crashed" for what nobody foresaw. */
export function codeOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : "crashed";
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A failure that came as plain data: a HeedError to every entry's `instanceof`, without the class (wasm/errors.ts). */
export function failureOf(code: string, message: string): Error {
  return Object.assign(new Error(message), { name: "HeedError", code, [Symbol.for("heed.error")]: true });
}
