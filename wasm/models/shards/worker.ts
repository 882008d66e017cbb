// The program of a shard's worker, inlined into the package by the build, as pool/worker.ts is.

import createNative from "../../../build/wasm/models.mjs";
import { HeedError } from "../../errors.js";
import { Host } from "../../host.js";
import { withoutStatus } from "../../native.js";
import { isObject } from "../kinds.js";
import type { NativeForwardResult } from "../native.js";
import { ModelInstance } from "../native_model.js";
import { Exchange, PeerFailed } from "./exchange.js";
import type { ShardAnswer, ShardCalls, ShardOrder } from "./messages.js";

declare function postMessage(answer: ShardAnswer, transfer: ArrayBuffer[]): void;

type Call = Exclude<ShardOrder, { cancel: number }>;

let shard: ModelInstance;
let exchange: Exchange;
const cancelled = new Set<number>();

async function forward(
  pass: number,
  { x, options }: Parameters<ShardCalls["forward"]>[0],
): Promise<NativeForwardResult> {
  try {
    let step = shard.start(x, options);
    while ("partial" in step) {
      const parts = await exchange.all(pass, step.partial);
      if (cancelled.has(pass)) throw new HeedError("aborted", "the pass was aborted");
      step = shard.resume(parts);
    }
    return withoutStatus(step as never) as NativeForwardResult;
  } catch (error) {
    exchange.giveUp(pass);
    shard.leave();
    throw error;
  } finally {
    cancelled.delete(pass);
  }
}

/** What a call gives. */
function perform(order: Call): unknown {
  switch (order.name) {
    case "start": {
      const { module, config, peers } = order.argument;
      exchange = new Exchange(peers);
      shard = new ModelInstance(new Host(module, createNative), config);
      return undefined;
    }
    case "setWeight":
      shard.setWeight(order.argument);
      return order.argument.bytes;
    case "finish":
      return shard.finish();
    case "forward":
      return forward(order.id, order.argument);
    case "resetCache":
      return shard.resetCache(order.argument.capacity, order.argument.memory);
  }
}

/** What is handed over of a result, which has a decoder's cross-attention one level further in. */
function buffersOf(value: unknown): ArrayBuffer[] {
  if (ArrayBuffer.isView(value)) return [value.buffer as ArrayBuffer];
  return isObject(value) ? Object.values(value).flatMap(buffersOf) : [];
}

async function answer(order: Call): Promise<void> {
  const { id } = order;
  try {
    const value = await perform(order);
    postMessage({ id, value, memory: shard.memory }, buffersOf(value));
  } catch (error) {
    if (error instanceof PeerFailed) return postMessage({ id, error: null }, []);
    const { code, message, cause } =
      error instanceof HeedError ? error : new HeedError("crashed", `the shard failed: ${String(error)}`);
    postMessage({ id, error: { code, message, cause: String(cause) } }, []);
  }
}

// One call after the other, for a pass waits for other shards in between.
let turn = Promise.resolve();

globalThis.onmessage = ({ data: order }: MessageEvent<ShardOrder>) => {
  if ("cancel" in order) cancelled.add(order.cancel);
  else turn = turn.then(() => answer(order));
};

// The module could not be read here: dying says so.
globalThis.onmessageerror = () => {
  throw new Error("the message could not be read");
};
