// attentionAsync over workers: the bits of attention(), whatever happens to the workers.

import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import {
  createEngine,
  type AttentionOptions,
  type AttentionResult,
  type CaptureName,
  type Engine,
} from "heed";
import { execFileSync } from "node:child_process";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { normal } from "./random.js";
import { watchWorkers, type Watched } from "./workers.js";

const noise = normal(1, 100_003);

/** Numbers for large arrays, at once: the same 100 003 again and again, begun elsewhere by each seed. */
function numbers(seed: number, length: number): Float32Array {
  const values = new Float32Array(length);
  for (let at = 0, from = (seed * 7919) % noise.length; at < length; from = 0) {
    values.set(noise.subarray(from, from + length - at), at);
    at += noise.length - from;
  }
  return values;
}

interface Call {
  query: Float32Array;
  key: Float32Array;
  value: Float32Array;
  options: AttentionOptions;
}

interface Lengths {
  queries?: number;
  keys?: number;
  past?: number;
}

/** Large enough for three workers, small enough for a hundred calls. */
function makeCall(
  options: Partial<AttentionOptions>,
  { queries = 512, keys = 512, past = 0 }: Lengths = {},
  seed = 1,
): Call {
  const all: AttentionOptions = { numHeads: 3, headDim: 64, ...options };
  const { batchSize = 1, numHeads, numKvHeads = numHeads, headDim, valueDim = headDim } = all;
  const kv = batchSize * numKvHeads;
  if (past > 0) {
    all.pastKey = numbers(seed + 3, kv * past * headDim);
    all.pastValue = numbers(seed + 4, kv * past * valueDim);
  }
  return {
    query: numbers(seed, batchSize * numHeads * queries * headDim),
    key: numbers(seed + 1, kv * (keys - past) * headDim),
    value: numbers(seed + 2, kv * (keys - past) * valueDim),
    options: all,
  };
}

const here = (engine: Engine, { query, key, value, options }: Call) =>
  engine.attention(query, key, value, options);
const over = (engine: Engine, { query, key, value, options }: Call) =>
  engine.attentionAsync(query, key, value, options);

/** Bits, not numbers: NaN and the sign of zero count. */
function expectSame(got: AttentionResult, expected: AttentionResult): void {
  expect(Object.keys(got).sort()).toEqual(Object.keys(expected).sort());
  for (const [name, array] of Object.entries(expected) as [keyof AttentionResult, Float32Array][]) {
    const bytes = (values: Float32Array | undefined) =>
      values ? Buffer.from(values.buffer, values.byteOffset, values.byteLength) : Buffer.alloc(0);
    expect(got[name]).toBeInstanceOf(Float32Array);
    expect(`${name}: ${Buffer.compare(bytes(got[name]), bytes(array))}`).toBe(`${name}: 0`);
  }
}

let watched: Watched | undefined;
const engines: Engine[] = [];
async function engineOf(options: Parameters<typeof createEngine>[0]): Promise<Engine> {
  const engine = await createEngine(options);
  engines.push(engine);
  return engine;
}
afterEach(() => {
  watched?.stop();
  for (const engine of engines.splice(0)) engine.dispose();
});

const stages: readonly CaptureName[] = [
  "products",
  "scores",
  "cappedScores",
  "maskedScores",
  "weights",
  "logsumexp",
];
const booleans = (seed: number, length: number) =>
  Uint8Array.from(normal(seed, length), (x) => (x > -1 ? 1 : 0));
const mask = (shape: number[], kind: "bool" | "float") => {
  const length = shape.reduce((a, b) => a * b, 1);
  return { attnMask: { data: kind === "bool" ? booleans(9, length) : normal(9, length), shape } };
};

const grid: [name: string, options: Partial<AttentionOptions>, lengths?: Lengths][] = [
  ["heads", {}],
  ["one head", { numHeads: 1 }, { queries: 900, keys: 700 }],
  ["one head of one query less than a block", { numHeads: 1 }, { queries: 47, keys: 12_000 }],
  ["few queries", { numHeads: 8 }, { queries: 24, keys: 4096 }],
  ["two heads, causal", { numHeads: 2, isCausal: true }, { queries: 800, keys: 800 }],
  ["grouped heads", { numHeads: 6, numKvHeads: 2 }, { queries: 301, keys: 333 }],
  ["one kv head", { numHeads: 4, numKvHeads: 1 }, { queries: 401, keys: 433 }],
  ["batches", { numHeads: 2, batchSize: 5 }, { queries: 257, keys: 229 }],
  [
    "rows of heads",
    { layout: "blhd", numHeads: 4, numKvHeads: 2, batchSize: 2 },
    { queries: 301, keys: 222 },
  ],
  ["another value dim", { valueDim: 40 }],
  ["odd dims", { headDim: 65, valueDim: 33 }],
  ["a scale", { scale: 0.5 }],
  ["an offset", { isCausal: true, queryOffset: 50, numHeads: 4 }],
  ["offsets", { isCausal: true, queryOffset: Int32Array.of(-60, 90), batchSize: 2 }],
  ["the largest offset", { isCausal: true, queryOffset: 2 ** 31 - 1 }],
  ["a window", { window: [30, 20], numHeads: 16 }, { queries: 1500, keys: 1500 }],
  ["a causal window", { window: [200, -1], isCausal: true, numHeads: 8 }],
  ["key lengths", { keyLengths: Int32Array.of(512, 0, 117), batchSize: 3 }],
  ["a filled cache", { keyLengths: Int32Array.of(511, 400), batchSize: 2, isCausal: true, numHeads: 4 }],
  ["softcap", { softcap: 2 }],
  ["slopes", { alibiSlopes: Float32Array.of(0.5, 0.25, 0.125) }],
  ["slopes of each batch", { alibiSlopes: normal(5, 6), batchSize: 2, isCausal: true }],
  ["sinks", { sinks: Float32Array.of(1, -2, 3) }],
  ["a past", {}, { queries: 200, keys: 1200, past: 1100 }],
  [
    "a past, causal, in rows of heads",
    { isCausal: true, layout: "blhd", batchSize: 2, numHeads: 4, numKvHeads: 2 },
    { queries: 200, keys: 500, past: 300 },
  ],
  ["nothing new after a past", {}, { queries: 300, keys: 700, past: 700 }],
  ...(
    [[512], [512, 512], [512, 1], [3, 512, 512], [3, 1, 512], [2, 1, 1, 512], [2, 3, 512, 512]] as const
  ).flatMap((shape) =>
    (["bool", "float"] as const).map((kind): [string, Partial<AttentionOptions>] => [
      `a ${kind} mask ${JSON.stringify(shape)}`,
      { batchSize: shape.length === 4 ? 2 : 1, ...mask([...shape], kind) },
    ]),
  ),
  ["a mask shorter than the keys", mask([3, 512, 450], "float")],
  ["every stage", { capture: stages }],
  [
    "every stage of one head, causal",
    { capture: stages, numHeads: 1, headDim: 128, isCausal: true },
    { queries: 900, keys: 900 },
  ],
  [
    "all at once",
    {
      ...{ numHeads: 6, numKvHeads: 2, batchSize: 2, layout: "blhd", isCausal: true, window: [400, -1] },
      ...{ softcap: 5, sinks: normal(6, 6), alibiSlopes: normal(5, 12), keyLengths: Int32Array.of(700, 621) },
      ...{ capture: ["weights", "logsumexp"], valueDim: 48, ...mask([2, 6, 300, 650], "float") },
    },
    { queries: 300, keys: 700, past: 400 },
  ],
];

/** Where there is one block to send, or none whose offset could be said. */
const fewestShares: Record<string, number> = {
  "one head of one query less than a block": 1,
  "the largest offset": 0,
};

describe.each(["simd", "relaxed-simd"] as const)("%s: the bits of attention()", (variant) => {
  let engine: Engine;
  let shares: Watched;
  beforeAll(async () => {
    shares = watchWorkers();
    engine = await createEngine({ variant, workers: 3 });
  });
  afterAll(() => {
    engine.dispose();
    shares.stop();
  });

  test.each(grid.map(([name, options, lengths = {}]) => [name, options, lengths] as const))(
    "%s",
    async (name, options, lengths) => {
      const call = makeCall(options, lengths);
      const before = shares.shares;
      expectSame(await over(engine, call), here(engine, call));
      expect(shares.shares - before).toBeGreaterThanOrEqual(fewestShares[name] ?? 2);
    },
  );

  test("by as many workers as asked for", () => {
    expect(shares.started).toHaveLength(3);
  });
});

test("NaN and Infinity, seen and hidden", async () => {
  const engine = await engineOf({ workers: 3 });
  const call = makeCall(
    { numHeads: 1, isCausal: true, sinks: Float32Array.of(1) },
    { queries: 1200, keys: 1200 },
  );
  call.key.fill(NaN, 700 * 64, 701 * 64);
  call.value.fill(Infinity, 800 * 64, 801 * 64);
  call.query.fill(1e30, 10 * 64, 11 * 64);
  expectSame(await over(engine, call), here(engine, call));
});

test("arguments stay as they were, views of larger arrays too", async () => {
  const engine = await engineOf({ workers: 2 });
  const made = makeCall({ ...mask([512, 512], "bool"), sinks: normal(3, 3), keyLengths: Int32Array.of(500) });
  const query = new Float32Array(made.query.length + 20).subarray(7, 7 + made.query.length);
  query.set(made.query);
  const call = { ...made, query };
  const arrays = () =>
    Object.values({ ...call, ...call.options, mask: call.options.attnMask?.data }).filter(
      (field): field is Float32Array => ArrayBuffer.isView(field),
    );
  const bytes = () => arrays().map(({ buffer }) => Buffer.from(buffer).toString("latin1"));
  const before = bytes();
  expect(before).toHaveLength(6);
  const expected = here(engine, call);
  const promise = over(engine, call);
  expect(bytes().every((text, n) => text === before[n])).toBe(true);
  expectSame(await promise, expected);
  expect(bytes().every((text, n) => text === before[n])).toBe(true);
});

test("arguments are read at the call: what is written later does not count", async () => {
  const engine = await engineOf({ workers: 2 });
  const call = makeCall({ ...mask([512], "float") }, { past: 100 });
  const expected = here(engine, call);
  const promise = over(engine, call);
  for (const array of [call.query, call.key, call.value, call.options.pastKey, call.options.attnMask?.data])
    array?.fill(NaN);
  expectSame(await promise, expected);
});

test("results come back in the buffer that brought the arguments", async () => {
  watched = watchWorkers();
  const engine = await engineOf({ workers: 1 });
  const call = makeCall({ capture: ["weights", "logsumexp"] });
  await over(engine, call);
  const results: Record<string, Float32Array>[] = [];
  watched.started[0]?.on("message", ({ result }) => results.push(result));
  await over(engine, call);
  expect(results.length).toBeGreaterThan(0);
  for (const { output, weights, logsumexp } of results) {
    expect(output?.byteOffset).toBeGreaterThanOrEqual(3 * (output?.byteLength ?? NaN)); // after query, key and value
    expect([weights?.buffer, logsumexp?.buffer]).toEqual([output?.buffer, output?.buffer]);
  }
});

test("many calls at once keep their own results", async () => {
  const engine = await engineOf({ workers: 2 });
  const calls = Array.from({ length: 24 }, (_, n) =>
    makeCall({ numHeads: 1 + (n % 5), isCausal: n % 2 === 0 }, { queries: 10 + 61 * (n % 7), keys: 2000 }, n),
  );
  const expected = calls.map((call) => here(engine, call));
  const got = await Promise.all(calls.map((call) => over(engine, call)));
  got.forEach((result, n) => expectSame(result, expected[n] as AttentionResult));
});

describe("workers", () => {
  test.each([
    [0, 0],
    [1, 1],
    [3, 3],
    ["auto" as const, undefined],
  ])("%p", async (workers, count) => {
    watched = watchWorkers();
    const engine = await engineOf({ workers });
    expect(watched.started).toHaveLength(0); // on first use
    const call = makeCall({});
    const expected = here(engine, call);
    for (let n = 0; n < 3; n++) expectSame(await over(engine, call), expected);
    if (count !== undefined) expect(watched.started).toHaveLength(count);
    expect(watched.started.length).toBeLessThanOrEqual(8);
  });

  test("are not bothered with small calls, nor more of them than there are cores for", async () => {
    watched = watchWorkers();
    const engine = await engineOf({ workers: 1000 });
    const small = makeCall({}, { queries: 20, keys: 20 });
    expectSame(await over(engine, small), here(engine, small));
    expect(watched.started).toHaveLength(0);
    const call = makeCall({});
    expectSame(await over(engine, call), here(engine, call));
    expect(watched.started.length).toBeLessThanOrEqual(Math.max(8, availableParallelism()));
  });
});

describe("errors are those of attention()", () => {
  test.each([
    ["a wrong argument", { softcap: -1 }],
    ["a mask that does not broadcast", mask([5, 400], "bool")],
    ["a call that can't fit", { capture: stages, batchSize: 60 }],
  ])("%s", async (_, options) => {
    const engine = await engineOf({ workers: 2 });
    const call = makeCall(options, { queries: 800, keys: 800 });
    let thrown: unknown;
    try {
      here(engine, call);
    } catch (error) {
      thrown = error;
    }
    const { code, message } = thrown as { code: string; message: string };
    await expect(over(engine, call)).rejects.toMatchObject({ name: "HeedError", code, message });
  });
});

describe("a worker that", () => {
  const call = makeCall({});

  test("ends in the middle of a call rejects it, and is replaced", async () => {
    // In the middle for as long as the counter is 1.
    const prologue = `{
      const { parentPort, workerData } = require("worker_threads");
      parentPort.on("message", (order) => "request" in order && Atomics.wait(workerData, 0, 1));
    }`;
    watched = watchWorkers({ prologue });
    const engine = await engineOf({ workers: 2 });
    const expected = here(engine, call);
    await over(engine, call);
    watched.counter[0] = 1;
    const lost = expect(over(engine, call)).rejects.toMatchObject({ name: "HeedError", code: "crashed" });
    await watched.given.at(-1)?.terminate();
    await lost;
    watched.counter[0] = 0;
    Atomics.notify(watched.counter, 0);
    expectSame(await over(engine, call), expected);
    expect(watched.started).toHaveLength(3);
  });

  test("ends while idle is not missed", async () => {
    watched = watchWorkers();
    const engine = await engineOf({ workers: 2 });
    await over(engine, call);
    for (const worker of watched.started) await worker.terminate();
    expectSame(await over(engine, call), here(engine, call));
    expect(watched.started).toHaveLength(4);
  });

  test("traps rejects as attention() does, and works again", async () => {
    // Before its second part, which is the second call, the worker's memory is scribbled over.
    const prologue = `
      let memory, shares = 0;
      const { Instance } = WebAssembly;
      WebAssembly.Instance = class extends Instance {
        constructor(...args) {
          super(...args);
          memory = Object.values(this.exports).find((value) => value instanceof WebAssembly.Memory);
        }
      };
      require("worker_threads").parentPort.on("message", (order) => {
        if ("request" in order && ++shares === 2) new Uint8Array(memory.buffer).fill(0xff);
      });`;
    watched = watchWorkers({ prologue });
    const engine = await engineOf({ workers: 1 });
    const whole = makeCall({ numHeads: 1 }, { queries: 800, keys: 800 });
    const expected = await over(engine, whole);
    await expect(over(engine, whole)).rejects.toMatchObject({
      code: "crashed",
      message: expect.stringMatching(/the WebAssembly instance crashed/),
      cause: expect.anything(),
    });
    expectSame(await over(engine, whole), expected);
    expect(watched.started).toHaveLength(1);
  });

  test("dies again and again is not replaced for a while: the calling thread does the work", async () => {
    const prologue = `
      require("worker_threads").parentPort.on("message", (order) => "request" in order && process.exit(7));`;
    watched = watchWorkers({ prologue });
    const engine = await engineOf({ workers: 1 });
    const outcomes = await Array.from({ length: 6 }).reduce<Promise<unknown[]>>(async (before) => {
      const list = await before;
      return [
        ...list,
        await over(engine, call).then(
          () => "done",
          (error) => error.code,
        ),
      ];
    }, Promise.resolve([]));
    expect(outcomes).toEqual(["crashed", "crashed", "crashed", "done", "done", "done"]);
    expect(watched.started).toHaveLength(3);
  });

  test.each([
    ["can't be made", { refuse: true }, 0],
    ["dies at its start", { prologue: "process.exit(1);" }, 2],
    ["can't be read", { prologue: "}{" }, 2],
  ])("%s leaves the work to the calling thread, and is not tried again", async (_, how, count) => {
    watched = watchWorkers(how);
    const engine = await engineOf({ workers: 2 });
    const expected = here(engine, call);
    for (let n = 0; n < 3; n++) expectSame(await over(engine, call), expected);
    expect(watched.started).toHaveLength(count);
  });

  test("has grown in a large call gives its memory back", async () => {
    const prologue = `
      const { Instance } = WebAssembly;
      WebAssembly.Instance = class extends Instance {
        constructor(...args) {
          super(...args);
          require("worker_threads").workerData[0]++;
        }
      };`;
    watched = watchWorkers({ prologue });
    const engine = await engineOf({ workers: 1 });
    const large = makeCall({ numHeads: 1, capture: ["weights"] }, { queries: 4100, keys: 4100 });
    const instances: (number | undefined)[] = [];
    for (const each of [call, call, large, large, call, call]) {
      await over(engine, each);
      instances.push(watched.counter[0]);
    }
    expect(instances).toEqual([1, 1, 1, 2, 3, 3]);
  });
});

describe("dispose", () => {
  test.each([
    ["while workers start", false],
    ["while workers compute", true],
  ])("%s rejects what is pending and ends the workers", async (_, isWarm) => {
    watched = watchWorkers();
    const engine = await createEngine({ workers: 2 });
    const call = makeCall({});
    if (isWarm) await over(engine, call);
    const pending = Array.from({ length: 4 }, () => over(engine, call));
    engine.dispose();
    engine.dispose();
    for (const promise of pending) {
      await expect(promise).rejects.toMatchObject({ code: "disposed", message: /disposed/ });
    }
    await Promise.all(watched.ended);
    await expect(over(engine, call)).rejects.toMatchObject({ code: "disposed" });
    expect(watched.started).toHaveLength(2);
  });
});

describe("a Node process", () => {
  const dist = (name: string) => fileURLToPath(new URL(`../../dist/${name}`, import.meta.url));
  const run = (...args: string[]) =>
    execFileSync(process.execPath, args, { encoding: "utf8", timeout: 60_000 });
  const program = `
    const q = Float32Array.from({ length: 512 * 192 }, (_, i) => Math.sin(i));
    createEngine({ workers: 2 }).then((engine) => {
      engine.attentionAsync(q, q, q, { numHeads: 3, headDim: 64 }).then(({ output }) => console.log(output.length));
      process.on("exit", () => console.log("end"));
    });`;

  test.each([
    [
      "an ES module",
      ["--input-type=module", "-e", `import { createEngine } from ${JSON.stringify(dist("heed.js"))};`],
    ],
    ["CommonJS", ["-e", `const { createEngine } = require(${JSON.stringify(dist("heed.cjs"))});`]],
  ])("of %s waits for its calls, and ends by itself without dispose()", (_, args) => {
    expect(run(...args.slice(0, -1), (args.at(-1) as string) + program)).toBe("98304\nend\n");
  });
});
