// A hub for a file of tests, what it has, and what of it reaches the engine.

import { createHash } from "node:crypto";
import { afterAll, beforeAll, beforeEach } from "@jest/globals";
import type { LoadOptions, LoadProgress, ModelSource } from "heed/models";
import { startHub, type Hub } from "../../hub.js";
import { byteTokenizer, safetensors, tinyConfig, zeroWeights } from "./checkpoint.js";
import { fakeModels } from "./fake_native.js";

const tensor = (name: string, rows: number, from: number) => ({
  [name]: { dtype: "F32", shape: [rows, 64], data_offsets: [from, from + 256 * rows] },
});
/** Weights of some rows, every byte of another value than its neighbours. */
function numbered(name: string, rows: number): Uint8Array {
  const file = new Uint8Array(safetensors(tensor(name, rows, 0), 256 * rows));
  for (let i = file.length - 256 * rows; i < file.length; i++) file[i] = (i * 31) ^ (i >> 8);
  return file;
}
export const weights = numbered("w", 1000); // four answers of 64 KiB
export const small = { "config.json": tinyConfig(), "tokenizer.json": byteTokenizer() };
export const shards = {
  "a.safetensors": numbered("a", 300),
  "b.safetensors": numbered("b", 500),
  "c.safetensors": numbered("c", 10),
  "d.safetensors": numbered("d", 700),
};
const index = {
  metadata: { total_size: 256 * 1510 },
  weight_map: { a: "a.safetensors", b: "b.safetensors", c: "c.safetensors", d: "d.safetensors" },
};

/** Its record is empty at the beginning of each test. */
export let hub: Hub;
beforeAll(async () => {
  hub = await startHub({
    "org/model": { ...small, "model.safetensors": weights },
    "org/shards": { ...small, "model.safetensors.index.json": index, ...shards },
    "org/pickled": { ...small, "pytorch_model.bin": "x", "README.md": "x" },
    "org/shaped": { ...small, "model.safetensors": zeroWeights(tinyConfig()) },
  });
});
afterAll(() => hub.close());
beforeEach(() => {
  hub.asked.length = 0;
});

/** The tensors that reach the engine, each with the hash of its bytes: Jest is slow to compare so many. */
export async function loaded(
  source: ModelSource,
  options: LoadOptions = {},
): Promise<Record<string, string>> {
  const fake = fakeModels();
  const onProgress = (progress: LoadProgress): void => {
    hub.arrived(progress.file, progress.loaded);
    options.onProgress?.(progress);
  };
  await fake.loadModel(source, { hub: hub.url, retry: { delay: 1 }, ...options, onProgress });
  const tensors: Record<string, Uint8Array> = {};
  for (const { name, bytes } of fake.natives[0]?.weights ?? []) {
    tensors[name] = Buffer.concat([tensors[name] ?? Buffer.alloc(0), bytes]);
  }
  return Object.fromEntries(Object.entries(tensors).map(([name, bytes]) => [name, hashOf(bytes)]));
}

const hashOf = (bytes: Uint8Array): string => createHash("sha1").update(bytes).digest("hex");
export const dataOf = (file: Uint8Array, rows: number): string =>
  hashOf(file.slice(file.length - 256 * rows));
export const whole = { w: dataOf(weights, 1000) };
export const paths = (): string[] => hub.asked.map(({ path }) => path.replace(/[0-9a-f]{40}/, "<commit>"));
export const ofWeights = () =>
  hub.asked.filter(
    ({ path, status }) => path.startsWith("/files/") && path.endsWith("model.safetensors") && status < 300,
  );
