// Models over workers, each with its shard of the weights: the same numbers, run after run, whatever happens to the workers.

import { afterEach, describe, expect, test } from "@jest/globals";
import { loadModel, type LoadOptions, type Model, type ModelSource, type Run } from "heed/models";
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { difference, readJson, readTensors } from "../../fixtures/read.js";
import { watchWorkers, type Watched } from "../workers.js";
import { goldenFiles, rejection, tinyConfig, tinyModel, zeroWeights } from "./checkpoint.js";
import { close, compare, type Golden } from "./golden.js";

let watched: Watched | undefined;
const models: Model[] = [];
afterEach(() => {
  for (const model of models.splice(0)) model.dispose();
  watched?.stop();
  watched = undefined;
});

async function load(source: ModelSource, options: LoadOptions): Promise<Model> {
  const model = await loadModel(source, options);
  models.push(model);
  return model;
}

const text = "the old cat sat on the mat";

/** Everything of a run that is computed, as bytes. */
function bits(run: Run, model: Model): Buffer {
  const heads = Array.from({ length: model.numLayers * model.numHeads }, (_, i) => {
    const [layer, head] = [Math.floor(i / model.numHeads), i % model.numHeads] as const;
    return [
      run.attention(layer, head),
      run.query(layer, head),
      run.key(layer, head),
      run.value(layer, head),
      run.context(layer, head),
    ];
  });
  const hidden = Array.from({ length: model.numLayers + 1 }, (_, layer) => run.hidden(layer));
  const arrays = [...heads.flat(), ...hidden, run.logits(run.tokens.length - 1)];
  return Buffer.concat(arrays.map(({ buffer }) => Buffer.from(buffer)));
}

describe.each([
  ["bert", 1],
  ["bert", 2],
  ["bert", 3],
  ["roberta", 2],
  ["gpt2", 2],
  ["gpt2", 3],
  ["llama", 2],
  ["qwen2", 2],
])("%s in %i", (name, workers) => {
  test("is as transformers computes it", async () => {
    const golden = readJson<Golden>(`golden/models/${name}/expected.json`);
    const expected = readTensors(`golden/models/${name}/expected.safetensors`);
    const model = await load(goldenFiles(name), { workers });
    for (const { key, text: said, pair } of golden.texts) {
      const run = await model.run(pair === undefined ? said : { text: said, pair });
      compare(run, expected, key, model, close);
    }
  });

  test("is the same again, bit for bit, and in a model loaded again", async () => {
    const model = await load(goldenFiles(name), { workers });
    const again = await load(goldenFiles(name), { workers });
    const first = bits(await model.run(text), model);
    const others = await Promise.all([model.run(text), model.run(text), again.run(text)]);
    for (const run of others) expect(Buffer.compare(bits(run, model), first)).toBe(0);
  });

  test("shows what goes into attention and comes out of it, windows, and a mask, as one instance", async () => {
    const model = await load(goldenFiles(name), { workers });
    const whole = await load(goldenFiles(name), { workers: 0 });
    const n = model.tokenize(text).length;
    const attnMask = Uint8Array.from({ length: n * n }, (_, at) => (at % 3 === 0 ? 0 : 1));
    const options = { attnMask, capture: ["weights", "headOutputs"] } as const;
    const [run, expected] = await Promise.all([model.run(text, options), whole.run(text, options)]);
    const all = { rows: [0, n], cols: [0, n] } as const;
    for (let layer = 0; layer < model.numLayers; layer++) {
      for (const read of ["attentionInput", "attentionOutput"] as const)
        expect(difference(run[read](layer), expected[read](layer), { atol: 5e-5, rtol: 0 })).toBe("");
      const [said, wanted] = [run.headOutput(layer, 1), expected.headOutput(layer, 1)];
      expect(difference(said, wanted, { atol: 5e-5, rtol: 0 })).toBe("");
      const weights = expected.attention(layer, 1);
      expect(difference(run.window(layer, 1, all), weights, { atol: 5e-5, rtol: 0 })).toBe("");
    }
  });

  test("takes the options that one instance takes", async () => {
    const model = await load(goldenFiles(name), { workers });
    const whole = await load(goldenFiles(name), { workers: 0 });
    for (const options of [
      { isCausal: !model.isCausal },
      { scale: 0.3, temperature: 2 },
      { usePositions: false },
      {
        ablateHeads: [
          [0, 1],
          [1, 2],
          [1, model.numHeads - 1],
        ] as [number, number][],
      },
      { capture: ["products", "scores", "cappedScores", "maskedScores", "logsumexp"] as const },
    ]) {
      const [run, expected] = [await model.run(text, options), await whole.run(text, options)];
      for (let head = 0; head < model.numHeads; head++) {
        for (const stage of options.capture ?? (["weights"] as const)) {
          const tolerance = { atol: 2e-5, rtol: 1e-5 };
          const values = expected.attention(1, head, stage);
          expect(difference(run.attention(1, head, stage), values, tolerance)).toBe("");
        }
      }
      const hidden = expected.hidden(model.numLayers);
      expect(difference(run.hidden(model.numLayers), hidden, { atol: 5e-5, rtol: 0 })).toBe("");
    }
  });
});

describe("generate()", () => {
  interface Greedy {
    prompt: string;
    generated_ids: number[];
  }
  const { greedy } = readJson<{ greedy: Greedy }>("golden/models/gpt2/expected.json");

  test.each([1, 2, 3])("continues the shards' caches as transformers does: %i", async (workers) => {
    const model = await load(goldenFiles("gpt2"), { workers });
    const ids: number[] = [];
    const options = { maxTokens: 9, onToken: (token: { id: number }) => ids.push(token.id) };
    const texts = [
      await model.generate(greedy.prompt, options),
      await model.generate(greedy.prompt, options),
    ];
    expect(ids.slice(0, 9)).toEqual(greedy.generated_ids.slice(0, 9));
    expect(ids.slice(9)).toEqual(ids.slice(0, 9));
    expect(texts[0]).toBe(texts[1]);
  });

  test("goes on beside runs", async () => {
    const model = await load(goldenFiles("gpt2"), { workers: 2 });
    const alone = bits(await model.run(text), model);
    const said = await model.generate(greedy.prompt, { maxTokens: 9 });
    const [again, run] = await Promise.all([
      model.generate(greedy.prompt, { maxTokens: 9 }),
      model.run(text),
    ]);
    expect(again).toBe(said);
    expect(Buffer.compare(bits(run, model), alone)).toBe(0);
  });
});

describe("how many", () => {
  const count = async (source: ModelSource, options: LoadOptions): Promise<number> => {
    watched?.stop();
    watched = watchWorkers();
    await load(source, options);
    return watched.started.length;
  };

  test("as asked, but no more than the model has heads; none for a small model", async () => {
    expect(await count(goldenFiles("bert"), { workers: 2 })).toBe(2);
    expect(await count(goldenFiles("bert"), { workers: 9 })).toBe(4);
    expect(await count(goldenFiles("bert"), { workers: 0 })).toBe(0);
    expect(await count(goldenFiles("bert"), {})).toBe(0);
    expect(await count("heed-gpt", { workers: "auto" })).toBe(0);
  });

  test.each([-1, 1.5, NaN, "2", null])("%p is refused", async (workers) => {
    const error = await rejection(load(goldenFiles("bert"), { workers: workers as number }));
    expect(error).toMatchObject({
      code: "invalid-argument",
      message: expect.stringMatching(/options\.workers/),
    });
  });

  test("the weights are held once, a shard in each", async () => {
    const config = tinyConfig({ n_layer: 1, n_embd: 1024, n_head: 4 });
    const weights = zeroWeights(config);
    const model = await load(tinyModel({ config, weights }), { workers: 2 });
    await model.run("abc");
    expect(model.memory.usedBytes).toBeGreaterThan(weights.byteLength);
    expect(model.memory.heapBytes).toBeLessThan(1.3 * weights.byteLength);
  });
});

test("where no worker can be had the calling thread computes", async () => {
  watched = watchWorkers({ refuse: true });
  const model = await load(goldenFiles("bert"), { workers: 2 });
  const whole = await load(goldenFiles("bert"), { workers: 0 });
  expect(Buffer.compare(bits(await model.run(text), model), bits(await whole.run(text), whole))).toBe(0);
});

test("a worker that dies as it starts is as good as none", async () => {
  watched = watchWorkers({ prologue: "process.exit(1);" });
  const model = await load(goldenFiles("bert"), { workers: 2 });
  expect((await model.run(text)).tokens.length).toBeGreaterThan(4);
});

describe("a load that fails", () => {
  test("names the weight, and ends the workers", async () => {
    watched = watchWorkers();
    const config = {
      ...(JSON.parse(new TextDecoder().decode(goldenFiles("gpt2").config as never)) as object),
    };
    const deeper = { ...goldenFiles("gpt2"), config: { ...config, n_layer: 3 } };
    const loading = rejection(load(deeper, { workers: 2 }));
    expect(await loading).toMatchObject({
      code: "invalid-model",
      message: expect.stringMatching(/h\.2\.ln_1\.weight is missing/),
    });
    expect(watched.ended).toHaveLength(2);
    await Promise.all(watched.ended);
  });

  test("of a shape that is another", async () => {
    const config = tinyConfig({ n_layer: 1 });
    const weights = zeroWeights(tinyConfig({ n_layer: 1, n_embd: 8 }));
    const error = await rejection(load(tinyModel({ config, weights }), { workers: 2 }));
    expect(error).toMatchObject({ code: "invalid-model", message: expect.stringMatching(/expected \[/) });
  });
});

describe("a worker that ends", () => {
  test("fails what was under way; the next run has new workers", async () => {
    watched = watchWorkers();
    const model = await load(goldenFiles("gpt2"), { workers: 2 });
    const first = bits(await model.run(text), model);
    // More than is done before the worker has ended, however busy the machine.
    const ahead = Array.from({ length: 100 }, () => model.run(text).catch(() => undefined));
    const running = [rejection(model.run(text)), rejection(model.generate(text))];
    await Promise.resolve();
    await watched.started[1]?.terminate();
    await Promise.all(ahead);
    for (const error of await Promise.all(running)) expect(error).toMatchObject({ code: "crashed" });
    const run = await model.run(text);
    expect(watched.started).toHaveLength(4);
    expect(Buffer.compare(bits(run, model), first)).toBe(0);
  });

  // Scribbles over a shard's memory before its next pass, where the counter says so.
  const scribble = `{
    const { parentPort, workerData } = process.getBuiltinModule("node:worker_threads");
    let memory;
    WebAssembly.Instance = new Proxy(WebAssembly.Instance, {
      construct(target, args) {
        const instance = new target(...args);
        memory = Object.values(instance.exports).find((value) => value instanceof WebAssembly.Memory);
        return instance;
      },
    });
    parentPort.on("message", ({ name }) => {
      if (name === "forward" && Atomics.exchange(workerData, 0, 0)) new Uint8Array(memory.buffer).fill(255);
    });
  }`;

  test("or whose instance crashes", async () => {
    watched = watchWorkers({ prologue: scribble });
    const model = await load(goldenFiles("bert"), { workers: 3 });
    const first = bits(await model.run(text), model);
    watched.counter[0] = 1;
    expect(await rejection(model.run(text))).toMatchObject({ code: "crashed" });
    const [run] = await Promise.all([model.run(text), model.run("a")]);
    expect(Buffer.compare(bits(run, model), first)).toBe(0);
    expect(watched.started).toHaveLength(6);
  });
});

test("a run that does not fit into a shard fails alone", async () => {
  const config = tinyConfig({ n_layer: 1, n_positions: 70_000 });
  const model = await load(tinyModel({ config, weights: zeroWeights(config) }), { workers: 2 });
  const ids = Array<number>(60_000).fill(1);
  expect(await rejection(model.run({ ids }))).toMatchObject({ code: "out-of-memory" });
  expect((await model.run("ab")).attention(0, 1)).toHaveLength(4);
});

describe("an AbortSignal", () => {
  test("ends a pass under way, and the next one is not disturbed", async () => {
    const model = await load(goldenFiles("bert"), { workers: 2 });
    const first = bits(await model.run(text), model);
    for (let i = 0; i < 5; i++) {
      const controller = new AbortController();
      const aborted = rejection(model.run(text, { signal: controller.signal }));
      await Promise.resolve();
      controller.abort("enough");
      expect(await aborted).toMatchObject({ code: "aborted", cause: "enough" });
      expect(Buffer.compare(bits(await model.run(text), model), first)).toBe(0);
    }
  });
});

describe("dispose()", () => {
  test("ends the workers and what is under way", async () => {
    watched = watchWorkers();
    const model = await load(goldenFiles("gpt2"), { workers: 2 });
    const run = await model.run(text);
    const running = [rejection(model.run(text)), rejection(model.generate(text))];
    await Promise.resolve();
    model.dispose();
    for (const error of await Promise.all(running)) expect(error).toMatchObject({ code: "disposed" });
    expect(watched.ended).toHaveLength(2);
    await Promise.all(watched.ended);
    expect(() => run.logits(0)).toThrow(expect.objectContaining({ code: "disposed" }));
  });

  test("forgotten, a model lets Node exit", () => {
    const program = `
      import { loadModel } from "heed/models";
      const model = await loadModel("heed-bert", { workers: 2 });
      console.log((await model.run("the cat")).tokens.length);`;
    const cwd = fileURLToPath(new URL("../../..", import.meta.url));
    const args = ["--input-type=module", "-e", program];
    expect(execFileSync(process.execPath, args, { cwd, encoding: "utf8", timeout: 60_000 })).toBe("4\n");
  });
});
