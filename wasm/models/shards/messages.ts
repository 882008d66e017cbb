// What the calling thread and the worker of a shard say to each other, and the shards among themselves.

import type { HeedErrorCode } from "../../errors.js";
import type { NativeForwardOptions, NativeForwardResult, NativeModelConfig, WeightPiece } from "../native.js";

/** What a shard can be asked for: arguments and results travel, and their buffers are handed over. */
export interface ShardCalls {
  /** First of all. `peers`: a way to every other shard, in order; null in the own place. */
  start(argument: {
    module: WebAssembly.Module;
    config: NativeModelConfig;
    peers: readonly (MessagePort | null)[];
  }): void;
  /** Gives the bytes back, for the next shard. */
  setWeight(piece: WeightPiece): Uint8Array;
  finish(argument: null): void;
  forward(argument: { x: Float32Array; options: NativeForwardOptions }): NativeForwardResult;
  /** As NativeModel's. */
  resetCache(argument: { capacity: number; memory: Float32Array | undefined }): void;
}

export type CallName = keyof ShardCalls;

export interface Memory {
  heapBytes: number;
  usedBytes: number;
}

/** A call, or the number of a forward pass that nobody waits for any more. A pass has one number in all shards. */
export type ShardOrder =
  | { [Name in CallName]: { id: number; name: Name; argument: Parameters<ShardCalls[Name]>[0] } }[CallName]
  | { cancel: number };

/** An error travels in words; null: another shard has failed, and tells. */
export type ShardAnswer =
  | { id: number; value: unknown; memory: Memory }
  | { id: number; error: { code: HeedErrorCode; message: string; cause: string } | null };

/** One shard's part of a sum; null: it has given the pass up. */
export interface PartialSum {
  pass: number;
  values: Float32Array | null;
}
