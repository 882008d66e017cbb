// Decoders that no golden checkpoint shows, on weights made up here, against the same in plain double-precision loops.

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { loadModel, type Model, type RunOptions } from "heed/models";
import { difference } from "../../fixtures/read.js";
import { byteTokenizer } from "./checkpoint.js";
import { byteIds, decoderCases, text } from "./decoder_cases.js";
import { close, compare } from "./golden.js";
import { decoderTensors, safetensorsOf } from "./made_decoder.js";
import { runPlainly } from "./plain_decoder.js";

describe.each(decoderCases)("%s", (_, config) => {
  const tensors = decoderTensors(config);
  const files = { config, tokenizer: byteTokenizer(), weights: safetensorsOf(tensors) };
  const ids = byteIds(text);
  let model: Model;
  beforeAll(async () => {
    model = await loadModel(files, { workers: 0 });
  });
  afterAll(() => model.dispose());

  test("computes what the plain loops do", async () => {
    expect(model).toMatchObject({ architecture: config["model_type"], isCausal: true, numHeads: 4 });
    compare(await model.run(text), runPlainly(config, tensors, ids), "", model, close);
  });

  const n = ids.length;
  const whatIfs: RunOptions[] = [
    { isCausal: false, usePositions: false, temperature: 1.6 },
    {
      scale: 0.5,
      ablateHeads: [
        [0, 1],
        [2, 3],
      ],
      attnMask: Uint8Array.from({ length: n * n }, (_unused, at) => Number(at % 3 !== 0)),
    },
  ];
  test.each(whatIfs)("what if %#", async (options) => {
    compare(await model.run(text, options), runPlainly(config, tensors, ids, options), "", model, close);
  });

  test("in two shards", async () => {
    const sharded = await loadModel(files, { workers: 2 });
    compare(await sharded.run(text), runPlainly(config, tensors, ids), "", sharded, close);
    sharded.dispose();
  });

  test("shows windows of its weights, and each head's own keys", async () => {
    const run = await model.run(text, { capture: ["weights", "products"] });
    for (let layer = 0; layer < model.numLayers; ++layer) {
      for (let head = 0; head < model.numHeads; ++head) {
        const window = run.window(layer, head, { rows: [0, n], cols: [0, n] });
        expect(difference(window, run.attention(layer, head), { atol: 1e-6, rtol: 0 })).toBe("");
        const [query, key] = [run.query(layer, head), run.key(layer, head)];
        const dim = query.length / n;
        const products = run.attention(layer, head, "products");
        let product = 0;
        for (let d = 0; d < dim; ++d) product += (query[(n - 1) * dim + d] ?? 0) * (key[7 * dim + d] ?? 0);
        expect(products[(n - 1) * n + 7]).toBeCloseTo(product, 4);
      }
    }
  });

  test("continues greedily through its cache", async () => {
    const so_far = [...ids.slice(0, 12)];
    const said: number[] = [];
    const prompt = text.slice(0, 12);
    await model.generate(prompt, { maxTokens: 4, onToken: ({ id }) => said.push(id) });
    expect(said.length).toBeGreaterThan(0);
    for (const id of said) {
      const { data } = runPlainly(config, tensors, so_far)["logits"] as { data: Float32Array };
      const last = data.subarray(-300);
      expect(last.indexOf(Math.max(...last))).toBe(id);
      so_far.push(id);
    }
  });
});
