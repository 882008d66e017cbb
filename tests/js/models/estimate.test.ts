// What a model will take, before it is loaded: asked, or refused for it.

import { describe, expect, test } from "@jest/globals";
import { estimateModel, type LoadOptions } from "heed/models";
import { rejection, safetensors, tinyConfig } from "./checkpoint.js";
import { fakeModels } from "./fake_native.js";
import { hub, loaded, ofWeights, shards, small, weights } from "./hub_models.js";

describe("estimateModel", () => {
  test("asks for the config and the headers, and says what they say", async () => {
    const expected = { architecture: "gpt2", numLayers: 2, numHeads: 2, maxLength: 16, fits: true };
    expect(await estimateModel("org/model", { hub: hub.url })).toEqual({
      ...expected,
      parameters: 64_000,
      weightBytes: 256_000,
      files: [{ name: "model.safetensors", bytes: weights.length }],
    });
    expect(ofWeights().map(({ range }) => range)).toEqual(["bytes=0-65535"]);
    expect(await estimateModel("org/shards", { hub: hub.url })).toMatchObject({
      ...expected,
      weightBytes: 1510 * 256,
      files: Object.entries(shards).map(([name, { length }]) => ({ name, bytes: length })),
    });
    expect(hub.asked.some(({ path }) => path.endsWith("tokenizer.json"))).toBe(false);
  });

  test("of a folder that lists no files too, and leaves no connection open", async () => {
    for (const trouble of [undefined, { ignoresRanges: true }]) {
      hub.asked.length = 0;
      hub.trouble("model.safetensors", trouble);
      const connections: (AbortSignal | null | undefined)[] = [];
      const watched: typeof fetch = (input, init) => {
        connections.push(init?.signal);
        return fetch(input, init);
      };
      const { weightBytes } = await estimateModel(hub.folder("org/model"), { fetch: watched });
      expect(weightBytes).toBe(256_000);
      expect(ofWeights().map(({ range }) => range)).toEqual(["bytes=0-65535"]);
      expect(connections.map((signal) => signal?.aborted)).toEqual([true, true]);
    }
  });

  test("a model too large for the page is refused with the figures, its data not asked for", async () => {
    for (const source of ["org/shards", "org/model", hub.folder("org/shards")]) {
      hub.asked.length = 0;
      const fake = fakeModels();
      const limit = { hub: hub.url, maxBytes: 200_000 };
      expect((await estimateModel(source, limit)).fits).toBe(false);
      expect(await rejection(fake.loadModel(source, limit))).toMatchObject({
        code: "out-of-memory",
        message: expect.stringMatching(
          /^the model's weights take (256000|386560) bytes; options\.maxBytes is 200000$/,
        ),
      });
      expect(fake.natives).toEqual([]);
    }
  });

  const gib = 2 ** 30;

  /** A file whose header alone is there, of so many rows of so many bytes. */
  function unsent(rows: number, rowBytes: number) {
    const size = rows * rowBytes;
    const w = { dtype: "F32", shape: [rows, rowBytes / 4], data_offsets: [0, size] };
    const header = new Uint8Array(safetensors({ w }));
    const bytes = (begin: number, end: number): Uint8Array => {
      const part = new Uint8Array(end - begin);
      if (begin < header.length) part.set(header.subarray(begin, end));
      return part;
    };
    return { size: header.length + size, bytes };
  }

  test("a model too large for the engine, from 5 GB that are never sent", async () => {
    hub.publish("org/large", { ...small, "model.safetensors": unsent(5 * 1024, 2 ** 20) });
    for (const source of ["org/large", hub.folder("org/large")]) {
      expect(await rejection(loaded(source))).toMatchObject({
        code: "out-of-memory",
        message:
          "the model's weights take 5120 MiB (over 2 workers 2560 MiB in one instance); the engine has 2048 MiB in each",
      });
    }
  });

  test("one that workers hold together is loaded over them, and over as many as it takes", async () => {
    hub.publish("org/wide", { ...small, "model.safetensors": unsent(3 * 1024, 2 ** 20) });
    const begun = "the weights are asked for";
    const counts: number[] = [];
    const fake = fakeModels({
      onCreate: (numShards) => counts.push(numShards),
      onWeight: () => {
        throw new Error(begun);
      },
    });
    const outcome = async (options: LoadOptions) =>
      (await rejection(fake.loadModel("org/wide", { hub: hub.url, ...options }))).message;
    const estimated = async (options: LoadOptions) =>
      (await estimateModel("org/wide", { hub: hub.url, ...options })).fits;
    expect(await outcome({ workers: 2 })).toBe(begun);
    expect(await outcome({})).toBe(begun);
    expect(counts).toEqual([2, 2]);
    expect(await outcome({ workers: 0 })).toBe("the model's weights take 3072 MiB; the engine has 2048 MiB");
    expect(await outcome({ maxBytes: 2.5 * gib })).toMatch(
      /take 3221225472 bytes; options\.maxBytes is 2684354560$/,
    );
    expect(counts).toHaveLength(2);
    const all: LoadOptions[] = [{ workers: 2 }, {}, { workers: 1 }, { maxBytes: 2.5 * gib }];
    expect(await Promise.all(all.map(estimated))).toEqual([true, true, false, false]);
  });

  test("but not where what stays whole is too large: the table of tokens", async () => {
    const rows = tinyConfig()["vocab_size"] as number;
    hub.publish("org/wordy", { ...small, "model.safetensors": unsent(rows, 2 ** 23) });
    expect(await rejection(loaded("org/wordy", { workers: 2 }))).toMatchObject({
      code: "out-of-memory",
      message:
        "the model's weights take 2400 MiB (over 2 workers 2400 MiB in one instance); the engine has 2048 MiB in each",
    });
  });

  test("where no worker starts, it is refused as one that the calling thread would hold", async () => {
    hub.publish("org/wide", { ...small, "model.safetensors": unsent(3 * 1024, 2 ** 20) });
    const fake = fakeModels({ noWorkers: true });
    expect(await rejection(fake.loadModel("org/wide", { hub: hub.url, workers: 2 }))).toMatchObject({
      message: "the model's weights take 3072 MiB; the engine has 2048 MiB",
    });
  });
});
