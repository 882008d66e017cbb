// A model's life: engines it is given or has of its own, aborted work, a crash and the way back, and its end.

import { describe, expect, test } from "@jest/globals";
import { createEngine, HeedError } from "heed";
import * as heed from "heed";
import * as models from "heed/models";
import { loadModel } from "heed/models";
import { byteTokenizer, goldenFiles, rejection, safetensors, tinyConfig, tinyModel } from "./checkpoint.js";
import { fakeEngine, type FakeNative } from "./fake_engine.js";

test("heed/models has one function, and heed's own HeedError", () => {
  expect(Object.keys(models).sort()).toEqual(["HeedError", "loadModel"]);
  expect(models.HeedError).toBe(heed.HeedError);
});

describe("dispose()", () => {
  test("may be called again, and ends every call", async () => {
    const engine = fakeEngine();
    const model = await loadModel(tinyModel(), { engine });
    const run = await model.run("a");
    model.dispose();
    model.dispose();
    model[Symbol.dispose]?.();
    expect(engine.natives[0]?.disposed).toBe(1);
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

  test("gives the engine's memory back", async () => {
    const engine = await createEngine();
    const before = engine.memory.usedBytes;
    const model = await loadModel("heed-bert", { engine });
    await model.run("the cat");
    expect(engine.memory.usedBytes).toBeGreaterThan(before + 7e6);
    model.dispose();
    expect(engine.memory.usedBytes).toBeLessThanOrEqual(before + 4096);
    engine.dispose();
  });

  test("after the engine's own", async () => {
    const engine = await createEngine();
    const model = await loadModel(goldenFiles("gpt2"), { engine });
    engine.dispose();
    expect(await rejection(model.run("a"))).toMatchObject({ code: "disposed" });
    model.dispose();
  });

  test("while a text is being continued", async () => {
    const engine = fakeEngine({ logits: () => new Float32Array(300).fill(1, 9, 10) });
    const model = await loadModel(tinyModel(), { engine });
    const dead = engine.natives[0] as FakeNative;
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
  test("gives back what it took", async () => {
    const engine = await createEngine();
    const before = engine.memory.usedBytes;
    const files = goldenFiles("gpt2");
    for (let i = 0; i < 20; ++i) {
      const damaged = { ...files, weights: (files.weights as ArrayBuffer).slice(0, -1) };
      expect(await rejection(loadModel(damaged, { engine }))).toMatchObject({ code: "invalid-model" });
    }
    expect(engine.memory.usedBytes).toBeLessThanOrEqual(before + 4096);
    expect((await (await loadModel(files, { engine })).run("a")).tokens).toHaveLength(1);
    engine.dispose();
  });
});

describe("after a crash", () => {
  const weights = safetensors({ w: { dtype: "F32", shape: [1], data_offsets: [0, 4] } }, 4);

  /** A model that dies of the text "x". */
  async function mortal(source = tinyModel({ weights })) {
    const engine = fakeEngine({
      forward: (ids, _, native) => {
        if (ids[0] === 121) {
          native.alive = false;
          throw new HeedError("crashed", "trap");
        }
        return { finalHidden: new Float32Array(4 * ids.length).fill(engine.natives.indexOf(native)) };
      },
      logits: (hidden, native) =>
        new Float32Array(300)
          .fill(hidden[0] ?? 0)
          .fill(9, engine.natives.indexOf(native) + 50, engine.natives.indexOf(native) + 51),
    });
    return { engine, model: await loadModel(source, { engine }) };
  }

  test("the next run has a new model with the same weights", async () => {
    const { engine, model } = await mortal();
    const early = await model.run("a");
    expect(await rejection(model.run("x"))).toMatchObject({ code: "crashed" });
    const run = await model.run("a");
    expect(engine.natives).toHaveLength(2);
    expect(engine.natives[1]?.weights).toEqual(engine.natives[0]?.weights);
    expect(run.predictions(0, 1)[0]?.id).toBe(51);
    expect(early.predictions(0, 1)[0]?.id).toBe(51);
  });

  test("several runs wait for one new model", async () => {
    const { engine, model } = await mortal();
    await rejection(model.run("x"));
    await Promise.all([model.run("a"), model.run("b"), model.generate("c", { maxTokens: 1 })]);
    expect(engine.natives).toHaveLength(2);
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
    const engine = fakeEngine({
      forward: (ids, _, native) => {
        if (ids[0] === 121) {
          native.alive = false;
          throw new HeedError("crashed", "trap");
        }
        return { finalHidden: new Float32Array(4 * ids.length) };
      },
    });
    const controller = new AbortController();
    const model = await loadModel("https://example.org/", {
      engine,
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
    const { engine, model } = await mortal();
    await rejection(model.run("x"));
    const late = rejection(model.run("a"));
    model.dispose();
    expect(await late).toMatchObject({ code: "disposed" });
    expect(engine.natives.every(({ disposed }) => disposed > 0)).toBe(true);
  });
});

describe("run()", () => {
  test("stops for an AbortSignal that has fired", async () => {
    const engine = fakeEngine();
    const model = await loadModel(tinyModel(), { engine });
    expect(await rejection(model.run("a", { signal: AbortSignal.abort() }))).toMatchObject({
      code: "aborted",
    });
    expect(engine.natives[0]?.forwards).toEqual([]);
  });

  test("asks for what is needed and no more", async () => {
    const engine = fakeEngine();
    const model = await loadModel(tinyModel(), { engine });
    const always = ["hidden", "query", "key", "value", "context"];
    await model.run("ab");
    await model.run("ab", {
      capture: [],
      isCausal: false,
      scale: 2,
      usePositions: false,
      ablateHeads: [[1, 0]],
    });
    await model.run("ab", { capture: ["scores", "scores", "logsumexp"] });
    expect(engine.natives[0]?.forwards).toEqual([
      { tokenIds: [98, 99], options: { trace: [...always, "weights"] } },
      {
        tokenIds: [98, 99],
        options: {
          trace: always,
          isCausal: false,
          scale: 2,
          usePositions: false,
          ablatedHeads: Uint8Array.of(0, 0, 1, 0),
        },
      },
      { tokenIds: [98, 99], options: { trace: [...always, "scores", "logsumexp"] } },
    ]);
  });
});
