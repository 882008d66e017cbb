// A model's life: engines it is given or has of its own, aborted work, a crash and the way back, and its end.

import { describe, expect, test } from "@jest/globals";
import { createEngine, HeedError } from "heed";
import * as models from "heed/models";
import { loadModel } from "heed/models";
import { collectGarbage, damage, isGivenBack, memoryOf, withInstances } from "../instances.js";
import {
  byteTokenizer,
  goldenFiles,
  rejection,
  safetensors,
  tinyConfig,
  tinyModel,
  zeroWeights,
} from "./checkpoint.js";
import { fakeModels, type FakeNative } from "./fake_native.js";

test("heed/models has three functions, and HeedError", () => {
  expect(Object.keys(models).sort()).toEqual(["HeedError", "estimateModel", "loadModel", "savedModels"]);
});

describe("dispose()", () => {
  test("may be called again, and ends every call", async () => {
    const fake = fakeModels();
    const model = await fake.loadModel(tinyModel());
    const run = await model.run("a");
    model.dispose();
    model.dispose();
    model[Symbol.dispose]?.();
    expect(fake.natives[0]?.timesDisposed).toBe(1);
    expect(() => model.tokenize("a")).toThrow(expect.objectContaining({ code: "disposed" }));
    expect(await rejection(model.run("a"))).toMatchObject({ code: "disposed" });
    expect(await rejection(model.generate("a", { maxTokens: 1 }))).toMatchObject({ code: "disposed" });
    expect(() => run.predictions(0)).toThrow(expect.objectContaining({ code: "disposed" }));
    expect(run.tokens).toHaveLength(1);
  });

  test("leaves the engine it was given alone, and the engine's other models", async () => {
    const engine = await createEngine();
    const first = await loadModel(goldenFiles("gpt2"), { engine });
    const second = await loadModel(goldenFiles("bert"), { engine });
    first.dispose();
    expect((await second.run("the cat")).attention(0, 0)).toHaveLength(16);
    second.dispose();
    expect(engine.softmax(Float32Array.of(0, 0), 2)).toEqual(Float32Array.of(0.5, 0.5));
    engine.dispose();
  });

  test("gives the model's memory back", () =>
    withInstances(async (instances) => {
      const model = await loadModel("heed-bert");
      await model.run("the cat");
      const memory = new WeakRef(memoryOf(instances.pop()));
      for (let i = 0; i < 2; i++) await collectGarbage();
      expect(memory.deref()).toBeDefined();
      expect(model.memory.usedBytes).toBeGreaterThan(3.6e6);
      model.dispose();
      expect(() => model.memory).toThrow(expect.objectContaining({ code: "disposed" }));
      expect(await isGivenBack(memory)).toBe(true);
    }));

  test("after the engine's own", async () => {
    const engine = await createEngine();
    const model = await loadModel(goldenFiles("gpt2"), { engine });
    const run = await model.run("a");
    engine.dispose();
    expect(await rejection(model.run("a"))).toMatchObject({ code: "disposed" });
    expect(await rejection(model.generate("a"))).toMatchObject({ code: "disposed" });
    expect(() => run.logits(0)).toThrow(expect.objectContaining({ code: "disposed" }));
    expect(model.memory).toEqual({ heapBytes: 0, usedBytes: 0 });
    model.dispose();
    expect(await rejection(loadModel(goldenFiles("gpt2"), { engine }))).toMatchObject({ code: "disposed" });
  });

  test.each([0, 2])("after the engine's own nothing is loaded again, over %i workers", async (workers) => {
    const { config, tokenizer, weights } = goldenFiles("gpt2");
    const files: Record<string, unknown> = { config, tokenizer, model: weights };
    const asked: string[] = [];
    const fetch = (url: URL): Promise<Response> => {
      asked.push(url.pathname);
      const file = files[url.pathname.split(/[./]/)[1] ?? ""] as ArrayBuffer | undefined;
      return Promise.resolve(new Response(file, { status: file ? 200 : 404 }));
    };
    const engine = await createEngine();
    const model = await loadModel("https://example.org/", { engine, workers, fetch: fetch as never });
    engine.dispose();
    asked.length = 0;
    expect(await rejection(model.run("a"))).toMatchObject({ code: "disposed" });
    expect(await rejection(model.generate("a"))).toMatchObject({ code: "disposed" });
    expect(asked).toEqual([]);
    model.dispose();
  });

  test("while a text is being continued", async () => {
    const fake = fakeModels({ logits: () => new Float32Array(300).fill(1, 9, 10) });
    const model = await fake.loadModel(tinyModel());
    const dead = fake.natives[0] as FakeNative;
    const forward = dead.forward.bind(dead);
    dead.forward = (ids, options) => {
      if (!dead.alive) throw new HeedError("disposed", "gone");
      return forward(ids, options);
    };
    const onToken = (): void => model.dispose();
    expect(await rejection(model.generate("a", { maxTokens: 9, onToken }))).toMatchObject({
      code: "disposed",
    });
  });

  test("a model without a given engine works and ends by itself", async () => {
    const model = await loadModel(goldenFiles("gpt2"));
    expect((await model.run("a")).hidden(0)).toHaveLength(32);
    model.dispose();
    expect(await rejection(model.run("a"))).toMatchObject({ code: "disposed" });
  });
});

describe("a load that fails", () => {
  test("gives back what it took", () =>
    withInstances(async (instances) => {
      const files = goldenFiles("gpt2");
      // Of other sizes than its config says, which is found out with the model half given.
      const config = JSON.parse(Buffer.from(files.config as ArrayBuffer).toString()) as object;
      const other = { ...files, config: { ...config, n_inner: 7 } };
      expect(await rejection(loadModel(other))).toMatchObject({ code: "invalid-model" });
      const memory = new WeakRef(memoryOf(instances.pop()));
      expect(await isGivenBack(memory)).toBe(true);
      expect((await (await loadModel(files)).run("a")).tokens).toHaveLength(1);
    }));
});

describe("memory", () => {
  test("is the model's own: the engine's does not change", async () => {
    const engine = await createEngine();
    const before = engine.memory;
    const model = await loadModel("heed-bert", { engine });
    expect(engine.memory).toEqual(before);
    const { heapBytes, usedBytes } = model.memory;
    // 1.8 million parameters, held in F16 as the file has them.
    expect(usedBytes).toBeGreaterThan(3.6e6);
    expect(usedBytes).toBeLessThan(4.2e6);
    expect(heapBytes).toBeGreaterThanOrEqual(usedBytes);
    expect(heapBytes).toBeLessThan(2 * usedBytes);
    engine.dispose();
  });

  test("a run that can't fit is refused before anything is allocated", async () => {
    const config = tinyConfig({ n_layer: 1, n_positions: 70_000 });
    const model = await loadModel(tinyModel({ config, weights: zeroWeights(config) }));
    const { heapBytes } = model.memory;
    const ids = new Array<number>(65_536).fill(1);
    expect(await rejection(model.run({ ids }))).toMatchObject({
      code: "out-of-memory",
      message: expect.stringMatching(/run\(\) needs/),
    });
    expect(model.memory.heapBytes).toBe(heapBytes);
    expect((await model.run("ab")).tokens).toHaveLength(2);
  });
});

describe("after a crash", () => {
  const weights = safetensors({ w: { dtype: "F32", shape: [1], data_offsets: [0, 4] } }, 4);

  /** A model that dies of the text "x". */
  async function mortal(source = tinyModel({ weights })) {
    const fake = fakeModels({
      forward: (ids, _, native) => {
        if (ids[0] === 121) {
          native.alive = false;
          throw new HeedError("crashed", "trap");
        }
        return { finalHidden: new Float32Array(4 * ids.length).fill(fake.natives.indexOf(native)) };
      },
      logits: (hidden, native) =>
        new Float32Array(300)
          .fill(hidden[0] ?? 0)
          .fill(9, fake.natives.indexOf(native) + 50, fake.natives.indexOf(native) + 51),
    });
    return { fake, model: await fake.loadModel(source) };
  }

  test("the next run has a new model with the same weights", async () => {
    const { fake, model } = await mortal();
    const early = await model.run("a");
    expect(await rejection(model.run("x"))).toMatchObject({ code: "crashed" });
    const run = await model.run("a");
    expect(fake.natives).toHaveLength(2);
    expect(fake.natives[1]?.weights).toEqual(fake.natives[0]?.weights);
    expect(run.predictions(0, 1)[0]?.id).toBe(51);
    expect(early.predictions(0, 1)[0]?.id).toBe(51);
  });

  test("so it does in WebAssembly", () =>
    withInstances(async (instances) => {
      const model = await loadModel(goldenFiles("gpt2"));
      const expected = (await model.run("the cat")).hidden(1);
      damage(instances[0]);
      expect(await rejection(model.run("the cat"))).toMatchObject({ code: "crashed" });
      expect(model.memory.usedBytes).toBe(0);
      expect((await model.run("the cat")).hidden(1)).toEqual(expected);
      expect(instances).toHaveLength(2);
    }));

  test("several runs wait for one new model", async () => {
    const { fake, model } = await mortal();
    await rejection(model.run("x"));
    await Promise.all([model.run("a"), model.run("b"), model.generate("c", { maxTokens: 1 })]);
    expect(fake.natives).toHaveLength(2);
  });

  test("the source is read again, not kept", async () => {
    const asked: string[] = [];
    const files: Record<string, () => Response> = {
      "config.json": () => Response.json(tinyConfig()),
      "tokenizer.json": () => Response.json(byteTokenizer()),
      "model.safetensors": () => new Response(weights),
    };
    const fetch = (url: URL): Promise<Response> => {
      const name = url.pathname.slice(1);
      asked.push(name);
      return Promise.resolve(files[name]?.() ?? new Response("", { status: 404 }));
    };
    const fake = fakeModels({
      forward: (ids, _, native) => {
        if (ids[0] === 121) {
          native.alive = false;
          throw new HeedError("crashed", "trap");
        }
        return { finalHidden: new Float32Array(4 * ids.length) };
      },
    });
    const controller = new AbortController();
    const model = await fake.loadModel("https://example.org/", {
      fetch: fetch as never,
      signal: controller.signal,
    });
    controller.abort();
    await rejection(model.run("x"));
    asked.length = 0;
    await model.run("a");
    expect(asked).toEqual(["model.safetensors"]);

    await rejection(model.run("x"));
    files["model.safetensors"] = () => new Response("", { status: 500 });
    expect(await rejection(model.run("a"))).toMatchObject({ code: "network" });
    files["model.safetensors"] = () => new Response(weights);
    expect((await model.run("a")).tokens).toHaveLength(1);
  });

  test("dispose() while the weights are read again", async () => {
    const { fake, model } = await mortal();
    await rejection(model.run("x"));
    const late = rejection(model.run("a"));
    model.dispose();
    expect(await late).toMatchObject({ code: "disposed" });
    expect(fake.natives.every(({ disposed }) => disposed)).toBe(true);
  });
});

describe("run()", () => {
  test("stops for an AbortSignal that has fired", async () => {
    const fake = fakeModels();
    const model = await fake.loadModel(tinyModel());
    expect(await rejection(model.run("a", { signal: AbortSignal.abort() }))).toMatchObject({
      code: "aborted",
    });
    expect(fake.natives[0]?.forwards).toEqual([]);
  });

  test("asks for what is needed and no more", async () => {
    const fake = fakeModels();
    const model = await fake.loadModel(tinyModel());
    const always = [
      ...["hidden", "attentionInput", "attentionOutput"],
      ...["query", "key", "value", "context", "logsumexp"],
    ];
    await model.run("ab");
    await model.run("ab", {
      capture: [],
      isCausal: false,
      scale: 2,
      temperature: 3,
      usePositions: false,
      ablateHeads: [[1, 0]],
      attnMask: Uint8Array.of(1, 0, 1, 1),
    });
    await model.run("ab", { capture: ["scores", "scores", "logsumexp", "headOutputs"] });
    expect(fake.natives[0]?.forwards).toEqual([
      { tokenIds: [98, 99], options: { trace: [...always, "weights"] } },
      {
        tokenIds: [98, 99],
        options: {
          trace: always,
          isCausal: false,
          scale: 2,
          temperature: 3,
          usePositions: false,
          ablatedHeads: Uint8Array.of(0, 0, 1, 0),
          attentionMask: Uint8Array.of(1, 0, 1, 1),
        },
      },
      { tokenIds: [98, 99], options: { trace: [...always, "scores", "headOutputs"] } },
    ]);
  });
});
