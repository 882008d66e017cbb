// The native side by itself, with records that the TypeScript before it would never make: sizes that 32 bits do not hold, and
// arrays that are not as long as the sizes say.

import { beforeAll, describe, expect, test } from "@jest/globals";
import { readFileSync } from "node:fs";
import createEngine from "../../build/wasm/engine.mjs";
import createModels from "../../build/wasm/models.mjs";
import { Host } from "../../wasm/host.js";
import type { ModelsModule, NativeModelConfig } from "../../wasm/models/native.js";
import type { EngineModule, NativeStatus } from "../../wasm/native.js";

const moduleOf = (name: string): WebAssembly.Module =>
  new WebAssembly.Module(readFileSync(new URL(`../../build/wasm/${name}-simd.wasm`, import.meta.url)));

const shapeMismatch = 2;
const outOfMemory = 3;
const big = 2 ** 16; // whose square 32 bits do not hold

describe("the engine", () => {
  let host: Host<EngineModule>;
  beforeAll(() => {
    host = new Host(moduleOf("engine"), createEngine as never);
  });

  const record = {
    ...{ batchSize: 1, numHeads: 2, numKvHeads: 1, queryLength: 3, keyLength: 4, headDim: 8, valueDim: 8 },
    ...{ pastLength: 0, layout: "bhld", scale: 1, isCausal: false, windowLeft: -1, windowRight: -1 },
    ...{ softcap: 0, queryOffset: null, keyLengths: null, mask: null, maskIsFloat: false, maskShape: [] },
    ...{ alibiSlopes: null, sinks: null, capture: ["weights"] },
    ...{ query: new Float32Array(48), key: new Float32Array(32), value: new Float32Array(32) },
  };
  const codeOf = (name: keyof EngineModule, request: object): number =>
    host.call((native) => (native[name] as unknown as (request: object) => NativeStatus)(request)).code;
  const attention = (changes: object): number => codeOf("attention", { ...record, ...changes });

  test("takes what is right", () => expect(attention({})).toBe(0));

  test.each([
    ["queries", { queryLength: big, numHeads: big, numKvHeads: big, headDim: 1, valueDim: 1 }],
    ["keys", { keyLength: 2 ** 31 - 1 }],
    ["batches", { batchSize: big, queryLength: big }],
    ["the matrix", { queryLength: big, keyLength: big, numHeads: 1, headDim: 0, valueDim: 0 }],
  ])("%s that 32 bits do not hold", (_, changes) => {
    const values = { query: new Float32Array(0), key: new Float32Array(0), value: new Float32Array(0) };
    expect(attention({ ...changes, ...values })).toBe(outOfMemory);
    expect(attention({})).toBe(0);
  });

  test.each([
    ["query", { query: new Float32Array(47) }],
    ["key", { key: new Float32Array(33) }],
    ["value", { value: new Float32Array(31) }],
    ["sinks", { sinks: new Float32Array(1) }],
    ["alibiSlopes", { alibiSlopes: new Float32Array(3) }],
    ["keyLengths", { keyLengths: new Int32Array(0) }],
    ["queryOffset", { queryOffset: new Int32Array(2) }],
    ["mask", { mask: new Uint8Array(11), maskShape: [3, 4] }],
    [
      "past",
      { pastLength: 2, key: new Float32Array(16), value: new Float32Array(16), pastKey: new Float32Array(8) },
    ],
  ])("%s of another length", (_, changes) => {
    expect(attention(changes)).toBe(shapeMismatch);
    expect(attention({})).toBe(0);
  });

  test("the other calls", () => {
    const { query: x } = record;
    const bits = { logsumexp: x, rowBegin: 0, rowEnd: 1, colBegin: 0, colEnd: 1, reduce: "mean" };
    expect(codeOf("attentionWindow", { ...record, ...bits, height: 1, width: 1 })).toBe(shapeMismatch);
    host.call((native) => {
      expect(native.sinusoidalPositions(big, big).code).toBe(outOfMemory);
      expect(native.linear(x, x, null, big, big).code).toBe(outOfMemory);
      expect(native.linear(x, x, null, 8, 5).code).toBe(shapeMismatch);
      expect(native.linear(x, x, x, 8, 6).code).toBe(shapeMismatch);
      expect(native.layerNorm(x, 8, new Float32Array(7), null, 1e-5).code).toBe(shapeMismatch);
      expect(native.rmsNorm(x, 8, new Float32Array(9), 1e-6).code).toBe(shapeMismatch);
    });
    const rotary = {
      ...record,
      x,
      length: 3,
      rotaryDim: 8,
      interleaved: false,
      tableBatchStride: 0,
      base: 1e4,
    };
    expect(codeOf("rotaryEmbedding", { ...rotary, tableLength: 3 })).toBe(0);
    expect(codeOf("rotaryEmbedding", { ...rotary, tableLength: 2 ** 30 })).toBe(outOfMemory);
    expect(codeOf("rotaryEmbedding", { ...rotary, tableLength: 3, length: 4 })).toBe(shapeMismatch);
  });
});

describe("a model", () => {
  const config: NativeModelConfig = {
    ...{ architecture: "opt", numLayers: 1, numHeads: 1, numKvHeads: 1, headDim: 2, modelDim: 2 },
    ...{ feedForwardDim: 2, vocabularySize: 4, maxLength: 2 ** 24, numTokenTypes: 0, normEpsilon: 1e-5 },
    ...{ activation: "relu", tiedHead: true },
  };

  test("of sizes that 32 bits do not hold", () => {
    const host = new Host<ModelsModule>(moduleOf("models"), createModels as never);
    const codeOf = (changes: Partial<NativeModelConfig>): number =>
      host.call((native) => native.createModel({ ...config, ...changes })).code;
    expect(codeOf({ modelDim: big, numHeads: big, numKvHeads: big, headDim: 1 })).not.toBe(0);
    expect(codeOf({ maxLength: 2 ** 31 - 1 })).not.toBe(0);
    expect(codeOf({})).toBe(0);
  });

  test("asked for a trace that 32 bits do not hold, or given arrays of other lengths", () => {
    const host = new Host<ModelsModule>(moduleOf("models"), createModels as never);
    host.call((native) => {
      const { handle } = native.createModel(config);
      const ids = new Int32Array(2 ** 16);
      expect(native.forward(handle, ids, { trace: ["weights"] }).code).toBe(outOfMemory);
      const few = new Int32Array(3);
      const wrong = { tokenTypes: ids, attentionMask: new Uint8Array(8), ablatedHeads: new Uint8Array(2) };
      for (const [name, value] of Object.entries(wrong))
        expect(native.forward(handle, few, { trace: [], [name]: value }).code).toBe(shapeMismatch);
    });
  });
});
