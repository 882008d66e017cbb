// Models from a hub: names and addresses, listings, and every way in which a server can be of no help.

import { createHash } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { HeedError } from "heed";
import { estimateModel, type LoadOptions, type LoadProgress, type ModelSource } from "heed/models";
import { startHub, type Hub, type Trouble } from "../../hub.js";
import { byteTokenizer, rejection, safetensors, tinyConfig, zeroWeights } from "./checkpoint.js";
import { fakeModels } from "./fake_native.js";
import { holdTimers } from "./timers.js";

const tensor = (name: string, rows: number, from: number) => ({
  [name]: { dtype: "F32", shape: [rows, 64], data_offsets: [from, from + 256 * rows] },
});
/** Weights of some rows, every byte of another value than its neighbours. */
function numbered(name: string, rows: number): Uint8Array {
  const file = new Uint8Array(safetensors(tensor(name, rows, 0), 256 * rows));
  for (let i = file.length - 256 * rows; i < file.length; i++) file[i] = (i * 31) ^ (i >> 8);
  return file;
}
const weights = numbered("w", 1000); // four answers of 64 KiB
const small = { "config.json": tinyConfig(), "tokenizer.json": byteTokenizer() };
const shards = {
  "a.safetensors": numbered("a", 300),
  "b.safetensors": numbered("b", 500),
  "c.safetensors": numbered("c", 10),
  "d.safetensors": numbered("d", 700),
};
const index = {
  metadata: { total_size: 256 * 1510 },
  weight_map: { a: "a.safetensors", b: "b.safetensors", c: "c.safetensors", d: "d.safetensors" },
};

let hub: Hub;
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
async function loaded(source: ModelSource, options: LoadOptions = {}): Promise<Record<string, string>> {
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
const dataOf = (file: Uint8Array, rows: number): string => hashOf(file.slice(file.length - 256 * rows));
const whole = { w: dataOf(weights, 1000) };
const paths = (): string[] => hub.asked.map(({ path }) => path.replace(/[0-9a-f]{40}/, "<commit>"));
const ofWeights = () =>
  hub.asked.filter(
    ({ path, status }) => path.startsWith("/files/") && path.endsWith("model.safetensors") && status < 300,
  );

describe("a repository", () => {
  test("its listing, then its files, of the commit that is listed", async () => {
    expect(await loaded("org/model")).toEqual(whole);
    expect(paths().filter((path) => !path.startsWith("/files/"))).toEqual([
      "/api/models/org/model/revision/main",
      "/org/model/resolve/<commit>/config.json",
      "/org/model/resolve/<commit>/tokenizer.json",
      "/org/model/resolve/<commit>/model.safetensors",
    ]);
  });

  test.each([
    "https://huggingface.co/org/model",
    "https://huggingface.co/org/model/",
    "https://huggingface.co/org/model/tree/main",
    "https://huggingface.co/org/model/resolve/main/model.safetensors?download=true",
    "https://huggingface.co/org/model/blob/main/config.json#L3",
    "https://hf.co/org/model",
    "huggingface.co/org/model",
    new URL("https://huggingface.co/org/model"),
  ])("%s", async (source) => {
    expect(await loaded(source)).toEqual(whole);
    expect(paths()[0]).toBe("/api/models/org/model/revision/main");
  });

  test("a revision: with the name, as an option, in the address", async () => {
    await loaded("org/model");
    const commit = /[0-9a-f]{40}/.exec(hub.asked.map(({ path }) => path).join())?.[0] ?? "";
    for (const [source, options] of [
      [`org/model@${commit}`, {}],
      ["org/model", { revision: commit }],
      [`https://huggingface.co/org/model/tree/${commit}`, {}],
    ] as const) {
      hub.asked.length = 0;
      expect(await loaded(source, options)).toEqual(whole);
      expect(hub.asked[0]?.path).toBe(`/api/models/org/model/revision/${commit}`);
    }
  });

  test("shards: headers by ranges, then all of each, some at once", async () => {
    const tensors = await loaded("org/shards");
    expect(Object.keys(tensors).sort()).toEqual(["a", "b", "c", "d"]);
    expect(tensors["d"]).toEqual(dataOf(shards["d.safetensors"], 700));
    const asked = hub.asked.filter(
      ({ path }) => path.endsWith("d.safetensors") && path.startsWith("/files/"),
    );
    expect(asked.map(({ range, status }) => [range, status])).toEqual([
      ["bytes=0-65535", 206],
      [undefined, 200],
    ]);
  });

  test("progress has the total of all files from the first call on, and ends at it", async () => {
    for (const name of ["org/model", "org/shards"]) {
      const seen: LoadProgress[] = [];
      await loaded(name, { onProgress: (progress) => seen.push(progress) });
      const json = JSON.stringify(tinyConfig()).length + Buffer.byteLength(JSON.stringify(byteTokenizer()));
      const files = name === "org/model" ? [weights] : Object.values(shards);
      const total = json + files.reduce((sum, { length }) => sum + length, 0);
      expect(new Set(seen.map(({ overall }) => overall?.total))).toEqual(new Set([total]));
      expect(seen.at(-1)?.overall?.loaded).toBe(total);
      const loadedBytes = seen.map(({ overall }) => overall?.loaded ?? 0);
      expect(loadedBytes).toEqual([...loadedBytes].sort((a, b) => a - b));
    }
  });

  const failures: [string, string, LoadOptions, string, RegExp, number | undefined][] = [
    ["nobody's", "org/none", {}, "network", /HTTP 401 Unauthorized: there is no such repository/, 401],
    ["no such revision", "org/model@dev", {}, "network", /the repository has no such revision|HTTP 404/, 404],
    [
      "weights in another format",
      "org/pickled",
      {},
      "unsupported-model",
      /has no model\.safetensors, and no model\.safetensors\.index\.json; .*"pytorch_model\.bin"/,
      undefined,
    ],
  ];
  test.each(failures)("%s", async (_, source, options, code, message, status) => {
    const error = await rejection(loaded(source, options));
    expect(error).toBeInstanceOf(HeedError);
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
    if (status) {
      expect(error.cause).toMatchObject({
        status,
        address: expect.stringContaining(`${hub.url}/api/models/org/`),
      });
    }
  });

  test.each([
    "https://huggingface.co/datasets/org/data",
    "https://huggingface.co/spaces/org/space",
    "https://huggingface.co/org/model/discussions/1",
    "https://huggingface.co/",
    "https://huggingface.co/org/..%2F..%2Fapi",
    "https://huggingface.co/org/model/tree/main/..%2Fx",
    "org/model@../../x",
    "org/model@a b",
  ])("%s is no model's, and nobody is asked", async (source) => {
    expect(await rejection(loaded(source))).toMatchObject({ code: "invalid-argument" });
    expect(hub.asked).toEqual([]);
  });

  test.each<[string, LoadOptions]>([
    ["org/model@a", { revision: "b" }],
    ["org/model", { revision: "../x" }],
    ["org/model", { revision: 3 as never }],
    ["https://example.org/m", { revision: "a" }],
    ["org/model", { hub: "ftp://example.org" }],
    ["org/model", { hub: "https://me:secret@example.org" }],
    ["org/model", { keep: "yes" as never }],
    ["org/model", { maxBytes: NaN }],
    ["org/model", { retry: { times: -1 } }],
    ["org/model", { retry: 3 as never }],
  ])("%s with %j is refused", async (source, options) => {
    expect(await rejection(loaded(source, options))).toMatchObject({ code: "invalid-argument" });
    expect(hub.asked).toEqual([]);
  });

  test("a password in an address is refused and not repeated", async () => {
    const error = await rejection(loaded("https://me:secret@example.org/model"));
    expect(error).toMatchObject({ code: "invalid-argument", message: expect.not.stringMatching(/secret/) });
  });
});

describe("a server", () => {
  const well: [string, Trouble[], number[]][] = [
    ["that fails, and then doesn't", [{ status: 500 }, { status: 503 }], [200]],
    ["that is busy, and says for how long", [{ status: 429, headers: { "retry-after": "0" } }], [200]],
    ["whose connection breaks", [{ cutAt: 100_000 }], [200, 206]],
    ["whose connection breaks in the header", [{ cutAt: 20 }], [200, 206]],
    [
      "whose connection breaks again and again",
      [20, 70_000, 140_000, 150_000, 200_000].map((cutAt) => ({ cutAt })),
      [200, 206, 206, 206, 206, 206],
    ],
    [
      "without ranges, whose connection breaks",
      [{ cutAt: 100_000, ignoresRanges: true }, { ignoresRanges: true }],
      [200, 200],
    ],
    ["that is slow", [{ slow: 20 }], [200]],
  ];
  test.each(well)("%s", async (_, troubles, statuses) => {
    for (const source of ["org/model", hub.folder("org/model")]) {
      hub.asked.length = 0;
      hub.trouble("model.safetensors", ...troubles);
      expect(await loaded(source)).toEqual(whole);
      expect(ofWeights().map(({ status }) => status)).toEqual(statuses);
    }
  });

  test("that stops talking", async () => {
    for (const source of ["org/model", hub.folder("org/model")]) {
      hub.asked.length = 0;
      hub.trouble("model.safetensors", { stallAt: 90_000 });
      // What is waited for next will not come: then patience is at its end, and at no other time.
      let isSilent = false;
      const timers = holdTimers(1000, (goOff) => {
        if (isSilent) setImmediate(goOff);
        isSilent = false;
      });
      const onProgress = ({ file, loaded: bytes }: LoadProgress): void => {
        isSilent ||= file === "model.safetensors" && bytes === 90_000;
      };
      expect(await loaded(source, { retry: { delay: 1, timeout: 1000 }, onProgress })).toEqual(whole);
      timers.release();
      expect(ofWeights().map(({ range }) => range)).toEqual([undefined, "bytes=90000-"]);
    }
  });

  test("is asked for the rest only", async () => {
    hub.trouble("model.safetensors", { cutAt: 100_000 });
    await loaded("org/model");
    expect(ofWeights().map(({ range }) => range)).toEqual([undefined, "bytes=100000-"]);
  });

  test("that fails is asked four times; one that forbids, once", async () => {
    for (const [status, times] of [
      [500, 4],
      [403, 1],
      [451, 1],
    ] as const) {
      hub.asked.length = 0;
      hub.always("tokenizer.json", { status });
      const error = await rejection(loaded(hub.folder("org/model")));
      hub.always("tokenizer.json", undefined);
      expect(error).toMatchObject({ code: "network", message: expect.stringContaining(`HTTP ${status}`) });
      expect(error.cause).toMatchObject({ status, address: `${hub.folder("org/model")}tokenizer.json` });
      expect(hub.asked.filter(({ path }) => path.endsWith("tokenizer.json"))).toHaveLength(times);
    }
  });

  const ill: [string, Trouble[], string, RegExp][] = [
    [
      "that wants to be left alone for an hour",
      [{ status: 429, headers: { "retry-after": "3600" } }],
      "network",
      /HTTP 429/,
    ],
    [
      "that wants a token",
      [{ status: 401, headers: { "x-error-code": "GatedRepo" } }],
      "network",
      /gated: its terms/,
    ],
    [
      "whose connection always breaks at one place",
      Array(9).fill({ cutAt: 70_000 }) as Trouble[],
      "network",
      /could not be loaded/,
    ],
    [
      "without ranges, whose connection always breaks at one place",
      Array(9).fill({ cutAt: 70_000, ignoresRanges: true }) as Trouble[],
      "network",
      /could not be loaded/,
    ],
    [
      "without ranges that falls silent at one place",
      Array(9).fill({ stallAt: 1, ignoresRanges: true }) as Trouble[],
      "network",
      /nothing has arrived for 100 ms/,
    ],
    [
      "that never talks",
      Array(9).fill({ stallAt: 0 }) as Trouble[],
      "network",
      /nothing has arrived for 100 ms/,
    ],
    [
      "whose file changes under way",
      [{ cutAt: 70_000 }, { version: '"other"' }],
      "network",
      /has changed while it was being loaded/,
    ],
    [
      "whose file is of another length than the hub says",
      [{ saysSize: 5, ignoresRanges: true, cutAt: 70_000 }, { saysSize: weights.length + 9 }],
      "network",
      /is \d+ bytes long; expected/,
    ],
    [
      "whose file is not what it was",
      [{ damaged: true }],
      "invalid-model",
      /model\.safetensors is damaged: its SHA-256 is [0-9a-f]{64}; expected [0-9a-f]{64}/,
    ],
  ];
  test.each(ill)("%s", async (what, troubles, code, message) => {
    hub.trouble("model.safetensors", ...troubles);
    // The hub says the hash, which is then what counts; a plain folder says a version.
    const source = /under way/.test(what) ? hub.folder("org/model") : "org/model";
    // A busy machine's own silence would be told in the same words.
    const timeout = troubles.some(({ stallAt }) => stallAt !== undefined) ? 100 : undefined;
    const error = await rejection(loaded(source, { retry: { delay: 1, ...(timeout && { timeout }) } }));
    hub.trouble("model.safetensors");
    expect(error).toBeInstanceOf(HeedError);
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
    expect(await loaded("org/model")).toEqual(whole);
  });

  test("that is gone: what was tried, and the address without its permission", async () => {
    const gone = await startHub({});
    await gone.close();
    const error = await rejection(loaded(`${gone.url}/m?token=secret`));
    expect(error).toMatchObject({
      code: "network",
      message: expect.stringContaining(`${gone.url}/m/config.json could not be loaded: TypeError`),
      cause: { address: `${gone.url}/m/config.json`, status: undefined },
    });
    expect(error.message).not.toContain("secret");
  });

  test("a shard that breaks for good ends the others", async () => {
    // The headers come well. Then two shards stall, for longer than this test may take, and one fails.
    for (const name of ["a", "c"]) hub.trouble(`${name}.safetensors`, undefined, { stallAt: 100 });
    hub.trouble("b.safetensors", undefined, { status: 500 }, { status: 500 });
    const retry = { times: 1, delay: 1, timeout: 600_000 };
    expect(await rejection(loaded("org/shards", { retry }))).toMatchObject({
      code: "network",
      message: expect.stringMatching(/b\.safetensors answered HTTP 500/),
    });
  });

  test("an AbortSignal ends the waiting for another try, and a download", async () => {
    for (const trouble of [{ status: 500 }, { stallAt: 1000 }, { slow: 50 }]) {
      const controller = new AbortController();
      const abort = () => void setImmediate(() => controller.abort("enough"));
      // Always: what was given up may still be answered, and not for the next one.
      hub.always("model.safetensors", trouble);
      const timers = holdTimers(20_000, abort);
      const promise = loaded("org/model", {
        ...{ signal: controller.signal, retry: { delay: 20_000 } },
        onProgress: ({ file }) => file === "model.safetensors" && abort(),
      });
      expect(await rejection(promise)).toMatchObject({ code: "aborted", cause: "enough" });
      timers.release();
    }
    hub.always("model.safetensors", undefined);
  });
});

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
