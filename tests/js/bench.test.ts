// The bench's own arithmetic: who is called when, what the samples say, and the bytes of its ONNX models. Nothing is timed.

import { describe, expect, test } from "@jest/globals";
import { interleave, measure, median, type Budget, type Side } from "../bench/suite/measure.js";
import { loadModel } from "heed/models";
import { makeBert } from "../bench/suite/bert.js";
import { bertOnnx } from "../bench/suite/bert_onnx.js";
import { compete, gather, type Entry } from "../bench/suite/compete.js";
import { onnxModel, onnxOperator } from "../bench/suite/onnx_model.js";
import { ceilingModule } from "../bench/suite/ceiling_module.js";
// @ts-expect-error: a script, untyped
import { summary } from "../bench/summary.mjs";
// @ts-expect-error: a script, untyped
import { report } from "../bench/table.mjs";
// @ts-expect-error: a script, untyped
import { checkTargets } from "../bench/targets.mjs";
// @ts-expect-error: a script, untyped here
import { curve } from "../bench/curve.mjs";

const budget: Budget = { seconds: 0.1, samples: 4, mostSeconds: 1, fewestSamples: 2, warmSeconds: 0 };

/** A clock that only calls move, and what was called. */
function fakeWorld() {
  let time = 0;
  const calls: string[] = [];
  const side = (name: string, milliseconds: (call: number) => number, more: Partial<Budget> = {}): Side => {
    let call = 0;
    const run = () => {
      calls.push(name);
      time += milliseconds(call++);
    };
    return { name, run, budget: { ...budget, ...more } };
  };
  return { calls, side, now: () => time };
}

describe("order", () => {
  test("equal sides alternate", () => {
    expect(interleave([3, 3])).toEqual([0, 1, 0, 1, 0, 1]);
  });

  test("fewer turns are spread over the whole", () => {
    expect(interleave([4, 4, 2])).toEqual([0, 1, 0, 1, 2, 0, 1, 0, 1, 2]);
    expect(interleave([0, 1])).toEqual([1]);
    expect(interleave([])).toEqual([]);
  });

  test("the calls of a measurement alternate, after each side was warmed", async () => {
    const { calls, side, now } = fakeWorld();
    await measure([side("a", () => 10, { seconds: 0 }), side("b", () => 20, { seconds: 0 })], now);
    expect(calls.join("")).toBe("aabb" + "abababab");
  });
});

describe("statistics", () => {
  test("median of odd and even counts, in any order", () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([10, 1, 3, 2])).toBe(2.5);
    expect(median([])).toBeNaN();
  });

  test("median and minimum leave the warm-up out", async () => {
    const { side, now } = fakeWorld();
    const costs = [500, 30, 30, 10, 90, 20];
    const [a] = await measure([side("a", (call) => costs[call] ?? 30, { seconds: 0 })], now);
    expect(a).toEqual({ name: "a", median: 25, minimum: 10, samples: 4, calls: 1 });
  });

  test("calls too short for the clock are timed in batches", async () => {
    const { side, now } = fakeWorld();
    const [a] = await measure([side("a", () => 0.125)], now);
    expect(a).toEqual({ name: "a", median: 0.125, minimum: 0.125, samples: 20, calls: 40 });
  });
});

describe("budget", () => {
  test("samples go on until the seconds are full", async () => {
    const { side, now } = fakeWorld();
    expect(await measure([side("a", () => 10)], now)).toMatchObject([{ samples: 10 }]);
    // Slower than its warm-up promised: the turns once given out are kept, or sides would stop alternating.
    expect(await measure([side("a", (call) => (call < 2 ? 10 : 40))], now)).toMatchObject([{ samples: 10 }]);
    // Faster: more of them.
    expect(await measure([side("a", (call) => (call < 2 ? 20 : 10))], now)).toMatchObject([{ samples: 10 }]);
  });

  test("a slow side stops at its most seconds, but has its fewest samples", async () => {
    const { side, now } = fakeWorld();
    expect(await measure([side("a", () => 400)], now)).toMatchObject([{ samples: 3 }]);
    expect(await measure([side("a", () => 5000)], now)).toMatchObject([{ samples: 2 }]);
  });
});

test("a side that throws, now or later, says why and holds up no other", async () => {
  const { side, now } = fakeWorld();
  const broken = {
    ...side("broken", () => 10),
    run: () => Promise.reject(new Error("no such operator")),
  };
  const tired = side("tired", (call) => {
    if (call === 3) throw new Error("out of memory");
    return 10;
  });
  expect(await measure([broken, tired, side("a", () => 10)], now)).toEqual([
    { name: "broken", failed: "no such operator" },
    { name: "tired", failed: "out of memory" },
    { name: "a", median: 10, minimum: 10, samples: 10, calls: 1 },
  ]);
});

test("promises are waited for", async () => {
  let time = 0;
  const run = () => Promise.resolve().then(() => void (time += 10));
  const [a] = await measure([{ name: "a", run, budget }], () => time);
  expect(a).toMatchObject({ median: 10 });
});

test("an ONNX model, byte by byte", () => {
  const model = onnxOperator({
    type: "Op",
    domain: "com.microsoft",
    attributes: { a: 1, s: { float: 0.5 } },
    inputs: [{ name: "q", type: "float", shape: [1, -1] }, null],
    outputs: [{ name: "y", type: "int32", shape: [] }],
  });
  const com = "63 6f 6d 2e 6d 69 63 72 6f 73 6f 66 74";
  const golden = [
    "08 0a", // ir_version 10
    "3a 5b", // graph, 91 bytes
    "0a 32", // node, 50 bytes
    "0a 01 71  0a 00  12 01 79", // input "q", input "", output "y"
    "22 02 4f 70", // op_type "Op"
    "2a 08  0a 01 61  18 01  a0 01 02", // attribute "a", i 1, type INT
    "2a 0b  0a 01 73  15 00 00 00 3f  a0 01 01", // attribute "s", f 0.5, type FLOAT
    `3a 0d ${com}`, // domain
    "12 05 62 65 6e 63 68", // name "bench"
    "5a 11  0a 01 71  12 0c  0a 0a  08 01  12 06  0a 02 08 01  0a 00", // input "q": FLOAT, [1, ?]
    "62 0b  0a 01 79  12 06  0a 04  08 06  12 00", // output "y": INT32, []
    "42 04  0a 00  10 17", // opset_import "" 23
    `42 11  0a 0d ${com}  10 01`, // opset_import "com.microsoft" 1
  ];
  expect(Buffer.from(model).toString("hex")).toBe(golden.join("").replaceAll(" ", ""));
});

test("constants of an ONNX model, byte by byte: a place in the weights' file, and sizes", () => {
  const model = onnxModel({
    nodes: [],
    inputs: [],
    outputs: [],
    constants: [
      { name: "w", shape: [2, 3], file: "f", offset: 300 },
      { name: "s", sizes: [1, 768] },
    ],
  });
  const golden = [
    "08 0a", // ir_version 10
    "3a 4e", // graph, 78 bytes
    "12 05 62 65 6e 63 68", // name "bench"
    "2a 37  08 02  08 03  10 01  42 01 77", // tensor [2, 3], FLOAT, "w"
    "6a 0d  0a 08 6c 6f 63 61 74 69 6f 6e  12 01 66", // location "f"
    "6a 0d  0a 06 6f 66 66 73 65 74  12 03 33 30 30", // offset "300"
    "6a 0c  0a 06 6c 65 6e 67 74 68  12 02 32 34", // length "24"
    "70 01", // EXTERNAL
    "2a 0c  08 02  10 07  3a 03 01 80 06  42 01 73", // tensor [2], INT64, 1 and 768, "s"
    "42 04  0a 00  10 17", // opset_import "" 23
  ];
  expect(Buffer.from(model).toString("hex")).toBe(golden.join("").replaceAll(" ", ""));
});

describe("the model", () => {
  const sizes = {
    numLayers: 2,
    modelDim: 8,
    numHeads: 2,
    feedForwardDim: 16,
    vocabularySize: 40,
    maxLength: 12,
  };
  const bert = makeBert(sizes, 5);

  test("runs, from the files that heed loads", async () => {
    const model = await loadModel(bert.files);
    const run = await model.run({ ids: bert.ids });
    expect(model.numLayers).toBe(2);
    expect([...run.hidden(2)].every((x) => Number.isFinite(x) && x !== 0)).toBe(true);
    model.dispose();
  });

  test("is the same for both sides: the graph points at every weight that takes part, where the file has it", () => {
    const text = Buffer.from(bertOnnx(bert)).toString("latin1");
    const header = JSON.parse(
      Buffer.from(bert.files.weights).subarray(8, bert.weights.get(words)?.offset).toString(),
    );
    expect(Object.keys(header)).toEqual([...bert.weights.keys()]);
    for (const [name, { offset }] of bert.weights) {
      expect(offset - (bert.weights.get(words)?.offset ?? 0)).toBe(header[name].data_offsets[0]);
      expect(text).toContain(`offset\x12${String.fromCharCode(String(offset).length)}${offset}`);
    }
  });
  const words = "embeddings.word_embeddings.weight";
});

test("who can't be loaded or prepared fails alone, and results are held against the first's", async () => {
  const numbers = (...output: number[]) => ({ output: Float32Array.from(output) });
  const contender =
    (output: number[]): Entry<null>[2] =>
    async () => ({
      name: "",
      prepare: async () => ({
        run: () => numbers(),
        result: async () => numbers(...output),
        memory: () => 7,
      }),
    });
  const field = await gather<null>(
    [
      ["first", "fast", contender([1, 2])],
      ["absent", "fast", () => Promise.reject(new Error("404"))],
      ["off", "slow", contender([1, 2.5])],
      ["short", "slow", contender([1])],
      ["unasked", "slow", async () => ({ name: "", prepare: async () => undefined })],
    ],
    {} as never,
  );
  const brief = { seconds: 0, samples: 1, mostSeconds: 0, fewestSamples: 1, warmSeconds: 0 };
  const standings = await compete(field, null, { fast: brief, slow: brief, ceiling: brief });
  expect(standings).toEqual([
    expect.objectContaining({ name: "first", difference: 0, memory: 7, samples: 1 }),
    expect.objectContaining({ name: "off", difference: 0.5 }),
    expect.objectContaining({ name: "short", difference: Infinity }),
    { name: "absent", failed: "404" },
  ]);
});

describe("targets", () => {
  const outcomes = (ours: number, peer: number) => [
    { name: "heed relaxed-simd", median: ours, minimum: ours, samples: 1, calls: 1 },
    { name: "onnxruntime-web", median: peer, minimum: peer, samples: 1, calls: 1 },
    { name: "jax-js", failed: "no such operator" },
  ];
  const call = (length: number, grown: number, estimated: number) => ({
    ...{ name: `8x${length}x64 dense`, queryLength: length, milliseconds: 1 },
    ...{ grown, estimated, results: 1e6 },
  });
  const results = {
    ...{ heed: "0", date: "", machine: "", command: "", quick: false, sizes: undefined },
    hosts: [
      {
        ...{ kind: "node", name: "Node", broken: ["start: no page"] },
        cases: [
          {
            problem: { name: "1x128x64 dense", queryLength: 128, isCausal: false, weights: false },
            ...{ flops: 1, ceilingFlops: 1, outcomes: outcomes(10, 15) },
          },
        ],
        models: [
          {
            ...{ name: "BERT-base, 128 tokens", length: 128, flops: 1e9, weightBytes: 100 },
            outcomes: [
              { name: "heed model", median: 10, memory: 120 },
              { name: "heed model, shards", median: 5, memory: 140 },
              { name: "onnxruntime-web", median: 10 },
            ],
          },
        ],
        length: {
          calls: [call(8192, 99e6, 100e6), call(16384, 220e6, 190e6)],
          windows: [
            { name: "512x512 mean", median: 3 },
            { name: "4096x4096 max", median: 60 },
            { name: "16384x16384 max", failed: "no time" },
          ],
          ceilingFlops: 1,
        },
      },
    ],
  };

  test("the worst case decides, and says which it was", () => {
    const found = Object.fromEntries(
      checkTargets(results).map(({ name, measured, met }: Record<string, string>) => [name, [measured, met]]),
    );
    expect(found).toEqual({
      "relaxed-simd, dense, L ≥ 128, × onnxruntime-web": ["1.50 (1x128x64 dense)", false],
      "BERT-base, 128 tokens, × onnxruntime-web": ["2.00 (heed model, shards)", true],
      "BERT-base, 128 tokens, memory / weights": ["1.40", false],
      "16,384 tokens × 8 heads, MB with results": ["221", true],
      "memory at twice the length, ×": ["2.21", false],
      "estimate() off by, %": ["15.8 (8x16384x64 dense)", false],
      "attentionWindow, 512 × 512, any zoom, ms": ["60.0 (4096x4096 max)", false],
    });
  });

  test("are told with whatever failed", () => {
    const text = report(results);
    expect(text).toContain(
      "| attentionWindow, 512 × 512, any zoom, ms | ≤ 50 | 60.0 (4096×4096 max), **missed** |",
    );
    expect(text).toContain("**Broke off**, start: no page.");
    expect(text).toContain("| 16384×16384 max | failed: no time |");
    expect(text).toContain("jax-js: no such operator");
    expect(summary(results)).toContain("2 of 7 targets met");
  });
});

test("the ceiling's loop is valid, and computes x · a + b in every chain", () => {
  const { loop } = new WebAssembly.Instance(new WebAssembly.Module(ceilingModule(false)))
    .exports as unknown as {
    loop(turns: number, a: number, b: number): number;
  };
  // Chain i begins with a + i·b: with a = 1, b = 2 and 3 turns it is 1 + 2i + 6, and twelve of them 84 + 2·66.
  expect(loop(3, 1, 2)).toBe(216);
});

test("the curve of the map's frame times holds every length, at its height", () => {
  const results = [128, 4096].map((tokens, i) => ({
    ...{ tokens, target: 33, work: { p95: 10 * (i + 1) }, between: { p95: 20 } },
  }));
  const svg = curve({ machine: { cpu: "A & B", cores: 2 }, chromium: "here", results });
  const heights = [...svg.matchAll(/<circle class="work" cx="[\d.]+" cy="([\d.]+)"/g)].map(([, cy]) =>
    Number(cy),
  );
  const [zero, forty] = ["0", "40"].map(
    (ms) => Number(new RegExp(`y="([\\d.]+)" text-anchor="end">${ms}<`).exec(svg)?.[1]) - 4,
  ) as [number, number];
  expect(heights.map((y) => (40 * (zero - y)) / (zero - forty))).toEqual([10, 20]);
  expect(svg).toContain("4096 tokens: 20.0 ms of work, 20.0 ms between frames, at most 33 ms wanted");
  expect(svg).toContain("A &amp; B, 2 cores");
  expect(svg).toContain("prefers-color-scheme: dark");
});
