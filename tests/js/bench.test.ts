// The bench's own arithmetic: who is called when, what the samples say, and the bytes of its ONNX models. Nothing is timed.

import { describe, expect, test } from "@jest/globals";
import { interleave, measure, median, type Budget, type Side } from "../bench/suite/measure.js";
import { onnxModel } from "../bench/suite/onnx_model.js";
import { ceilingModule } from "../bench/suite/ceiling_module.js";

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
  const model = onnxModel({
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

test("the ceiling's loop is valid, and computes x · a + b in every chain", () => {
  const { loop } = new WebAssembly.Instance(new WebAssembly.Module(ceilingModule(false)))
    .exports as unknown as {
    loop(turns: number, a: number, b: number): number;
  };
  // Chain i begins with a + i·b: with a = 1, b = 2 and 3 turns it is 1 + 2i + 6, and twelve of them 84 + 2·66.
  expect(loop(3, 1, 2)).toBe(216);
});
