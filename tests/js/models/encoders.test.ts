// BERT's kin where no golden checkpoint says enough: ELECTRA against its formulas, and the names that checkpoints may have.

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { createEngine, type Engine } from "heed";
import { loadModel, type Run } from "heed/models";
import { difference, readJson, readTensors } from "../../fixtures/read.js";
import { goldenFiles, rejection, safetensors, wordTokenizer } from "./checkpoint.js";
import { close, compare, type Golden } from "./golden.js";
import { madeCheckpoint } from "./reference/checkpoint.js";
import {
  electraConfig,
  electraShapes,
  runElectra,
  type ElectraSizes,
  type EncoderRun,
} from "./reference/electra.js";

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine();
});
afterAll(() => engine.dispose());

const words = ["the", "cat", "sat", "on", "a", "mat"];
const text = "the cat sat";
const pair = "on a mat";

const sizes: ElectraSizes = {
  ...{ layers: 2, heads: 2, width: 16, inner: 24 },
  ...{ embedding: 12, vocabulary: 5 + words.length, positions: 20 },
};

/** A run against the reference, within 1e-5 of each tensor's largest value: what f32 leaves open. */
function expectClose(run: Run, expected: EncoderRun, hasLogits = true): void {
  const same = (got: ArrayLike<number>, wanted: number[]): void => {
    const largest = wanted.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
    expect(difference(got, wanted, { atol: 1e-5 * largest, rtol: 0 })).toBe("");
  };
  expected.attentions.forEach((heads, layer) =>
    heads.forEach((weights, head) => same(run.attention(layer, head), weights.flat())),
  );
  expected.hidden.forEach((rows, layer) => same(run.hidden(layer), rows.flat()));
  if (hasLogits) expected.logits.forEach((row, position) => same(run.logits(position), row));
}

describe("ELECTRA", () => {
  test.each([
    ["a discriminator", "discriminator", sizes],
    ["a generator", "generator", sizes],
    ["a generator with an embedding as wide as its layers", "generator", { ...sizes, embedding: 16 }],
    ["a generator with a wider embedding", "generator", { ...sizes, embedding: 20 }],
  ] as const)("%s", async (_, head, size) => {
    const made = madeCheckpoint(electraShapes(size, head), 1);
    const model = await loadModel(
      {
        config: electraConfig(size, head === "generator" ? "ElectraForMaskedLM" : "ElectraForPreTraining"),
        tokenizer: wordTokenizer(words),
        weights: made.weights,
      },
      { engine },
    );
    const run = await model.run({ text, pair });
    const ids = run.tokens.map(({ id }) => id);
    const types = run.tokens.map(({ sequence }) => sequence);
    // "[SEP]" behind the second text is of the second text.
    expect(types).toEqual([0, 0, 0, 0, 0, 1, 1, 1, 1]);
    expectClose(run, runElectra(made, size, head, ids, types));
    expect(model.architecture).toBe("electra");
    model.dispose();
  });

  test("a discriminator has one logit a token, and predicts none", async () => {
    const made = madeCheckpoint(electraShapes(sizes, "discriminator"), 1);
    const files = { tokenizer: wordTokenizer(words), weights: made.weights };
    const model = await loadModel(
      { ...files, config: electraConfig(sizes, "ElectraForPreTraining") },
      { engine },
    );
    const run = await model.run(text);
    expect(run.logits(1)).toHaveLength(1);
    expect(() => run.predictions(1)).toThrow(
      expect.objectContaining({
        code: "invalid-argument",
        message: expect.stringMatching(/replaced tokens/),
      }),
    );
    model.dispose();
  });

  test("without prefix, and without a head", async () => {
    const made = madeCheckpoint(electraShapes(sizes, "generator"), 2, (name) =>
      name.startsWith("electra.") ? name.slice("electra.".length) : null,
    );
    const model = await loadModel(
      { config: electraConfig(sizes, undefined), tokenizer: wordTokenizer(words), weights: made.weights },
      { engine },
    );
    const run = await model.run(text);
    const ids = run.tokens.map(({ id }) => id);
    const types = ids.map(() => 0);
    expectClose(run, runElectra(made, sizes, "generator", ids, types), false);
    expect(() => run.logits(0)).toThrow(/no language-model head/);
    model.dispose();
  });
});

/** The golden checkpoint with its tensors under other names, or, where that is null, left out. */
function renamed(name: string, nameOf: (name: string) => string | null) {
  const files = goldenFiles(name);
  const tensors = readTensors(`golden/models/${name}/model.safetensors`);
  const kept = Object.entries(tensors).flatMap(([stored, tensor]) => {
    const called = nameOf(stored);
    return called === null ? [] : [{ called, tensor }];
  });
  let end = 0;
  const header = Object.fromEntries(
    kept.map(({ called, tensor: { dtype, shape, data } }) => {
      const begin = end;
      end += data.byteLength;
      return [called, { dtype, shape, data_offsets: [begin, end] }];
    }),
  );
  const weights = safetensors(header, end);
  const bytes = new Uint8Array(weights, weights.byteLength - end);
  let at = 0;
  for (const { tensor } of kept) {
    bytes.set(new Uint8Array(tensor.data.buffer), at);
    at += tensor.data.byteLength;
  }
  return { ...files, weights };
}

describe.each([
  ["distilbert", "vocab_projector.bias", "vocab_projector.bias"],
  ["roberta", "lm_head.bias", "lm_head.decoder.bias"],
])("%s", (name, bias, otherBias) => {
  const golden = readJson<Golden>(`golden/models/${name}/expected.json`);
  const expected = readTensors(`golden/models/${name}/expected.safetensors`);
  const said = golden.texts[0];

  test("without prefix, and the bias under the decoder's name", async () => {
    const bare = (stored: string): string => stored.replace(`${name}.`, "").replace(bias, otherBias);
    const model = await loadModel(renamed(name, bare), { engine });
    compare(await model.run(said?.text ?? ""), expected, said?.key ?? "", model, close);
    model.dispose();
  });

  test("without a head", async () => {
    const layersOnly = (stored: string): string | null => (stored.startsWith(`${name}.`) ? stored : null);
    const model = await loadModel(renamed(name, layersOnly), { engine });
    const run = await model.run(said?.text ?? "");
    expect(run.attention(0, 0)).toHaveLength(run.tokens.length ** 2);
    expect(() => run.logits(0)).toThrow(/no language-model head/);
    model.dispose();
  });

  test("half a head is refused by the name of what is missing", async () => {
    const error = await rejection(
      loadModel(
        renamed(name, (stored) => (stored === bias ? null : stored)),
        { engine },
      ),
    );
    expect(error).toMatchObject({
      code: "invalid-model",
      message: expect.stringMatching(`${bias} is missing`),
    });
  });
});

describe("RoBERTa's positions", () => {
  test.each(["camembert", "xlm-roberta"])("%s is the same model", async (type) => {
    const files = goldenFiles("roberta");
    const config = {
      ...(JSON.parse(new TextDecoder().decode(files.config as ArrayBuffer)) as object),
      model_type: type,
    };
    const golden = readJson<Golden>("golden/models/roberta/expected.json").texts[0];
    const model = await loadModel({ ...files, config }, { engine });
    expect(model.architecture).toBe(type);
    const expected = readTensors("golden/models/roberta/expected.safetensors");
    compare(await model.run(golden?.text ?? ""), expected, golden?.key ?? "", model, close);
    model.dispose();
  });

  test("leave no room for as many tokens as the table has rows", async () => {
    const model = await loadModel(goldenFiles("roberta"), { engine });
    expect(model.maxLength).toBe(128);
    await model.run({ ids: new Array<number>(128).fill(5) });
    expect(await rejection(model.run({ ids: new Array<number>(129).fill(5) }))).toMatchObject({
      code: "invalid-argument",
    });
    model.dispose();
  });

  test("a padding token stands at its own, and takes none from those behind it", async () => {
    const model = await loadModel(goldenFiles("roberta"), { engine });
    const whole = await model.run({ ids: [7, 1, 7, 7] });
    const placeless = await model.run({ ids: [7, 1, 7, 7] }, { usePositions: false });
    // hidden(0) is normalised: with the same token, what differs is the position alone.
    const row = (run: Run, i: number): number[] => [...run.hidden(0).subarray(i * 36, (i + 1) * 36)];
    expect(row(placeless, 0)).toEqual(row(placeless, 2));
    const straight = await model.run({ ids: [7, 7, 7] });
    expect(row(whole, 2)).toEqual(row(straight, 1));
    expect(row(whole, 3)).toEqual(row(straight, 2));
    expect(row(whole, 1)).toEqual(row(await model.run({ ids: [7, 7, 1] }), 2));
    model.dispose();
  });
});
