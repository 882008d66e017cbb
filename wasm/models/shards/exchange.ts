// Sums over all shards: each sends its part to every other one, in a single hop, and adds up what it has got. Every shard
// adds in the same order, so that all have the same sum, run after run.

import type { PartialSum } from "./messages.js";

/** Another shard has given the pass up, and tells the caller why. */
export class PeerFailed extends Error {}

export class Exchange {
  readonly #peers: readonly (MessagePort | null)[];
  readonly #received: PartialSum[][];
  #wake: () => void = () => undefined;

  constructor(peers: readonly (MessagePort | null)[]) {
    this.#peers = peers;
    this.#received = peers.map(() => []);
    peers.forEach((port, k) => {
      if (!port) return;
      port.onmessage = ({ data }: MessageEvent<PartialSum>) => {
        this.#received[k]?.push(data);
        this.#wake();
      };
    });
  }

  /** The parts of all shards, in order; null in the own place. `values` are handed over. */
  async all(pass: number, values: Float32Array): Promise<(Float32Array | null)[]> {
    this.#send(pass, values);
    const parts: (Float32Array | null)[] = [];
    for (const [k, port] of this.#peers.entries()) parts.push(port ? await this.#next(k, pass) : null);
    return parts;
  }

  /** Tells the others not to wait. */
  giveUp(pass: number): void {
    this.#send(pass, null);
  }

  #send(pass: number, values: Float32Array | null): void {
    const ports = this.#peers.filter((port) => port !== null);
    for (const [i, port] of ports.entries()) {
      const own = i === ports.length - 1 ? values : (values?.slice() ?? null);
      port.postMessage({ pass, values: own } satisfies PartialSum, own ? [own.buffer as ArrayBuffer] : []);
    }
  }

  async #next(k: number, pass: number): Promise<Float32Array> {
    for (;;) {
      const message = this.#received[k]?.shift();
      if (!message) {
        await new Promise<void>((resolve) => (this.#wake = resolve));
      } else if (message.pass === pass) {
        if (!message.values) throw new PeerFailed("another shard failed");
        return message.values;
      } // else it is of a pass that this shard gave up
    }
  }
}
