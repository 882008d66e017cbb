// Encoder-decoders' checkpoints as they are found, and what is written with them.

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { createEngine, type Engine } from "heed";
import { loadModel } from "heed/models";
import { rejection } from "./checkpoint.js";
import { bartSizes, madeBart, madeT5, type Made } from "./made_encoder_decoders.js";
import { runBart } from "./reference/bart.js";
import { expectSame, same, source, target, targetOf } from "./encoder_decoder_runs.js";

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine();
});
afterAll(() => engine.dispose());

describe("checkpoints", () => {
  const logitsOf = async (made: Made): Promise<Float32Array> => {
    const model = await loadModel(made.files, { engine });
    const logits = targetOf(await model.run({ ids: source, targetIds: target })).logits(2);
    model.dispose();
    return logits;
  };

  test("BART without prefix and without final_logits_bias, which then is zero", async () => {
    const bare = madeBart({}, {}, (name) =>
      name === "final_logits_bias" ? null : name.replace("model.", ""),
    );
    const biased = madeBart();
    const [plain, whole] = [await logitsOf(bare), await logitsOf(biased)];
    const bias = biased.made.matrix("final_logits_bias")[0] ?? [];
    same(plain, [[...whole].map((logit, id) => logit - (bias[id] ?? NaN))]);
  });

  test("an old config.json calls mBART a BART with norms first, and PEGASUS a Marian", async () => {
    const firsts = { normalize_before: true, add_final_layer_norm: true };
    for (const [kind, old] of [
      ["mbart", "bart"],
      ["pegasus", "marian"],
    ] as const) {
      const named = await logitsOf(madeBart({ kind }));
      expect(await logitsOf(madeBart({ kind }, { ...firsts, model_type: old }))).toEqual(named);
    }
  });

  test("Marian with a vocabulary each: ids go through it, and there are no words for the target's", async () => {
    const size = { kind: "marian", decoderVocabulary: 13 } as const;
    const { files, made } = madeBart(size);
    const model = await loadModel(files, { engine });
    const run = await model.run({ ids: source, targetIds: [3, 12, 5] });
    expectSame(run, runBart(made, { ...bartSizes, ...size }, source, [3, 12, 5]));
    expect(run.tokens.map(({ text }) => text)).toContain("the");
    expect(targetOf(run).tokens.map(({ text }) => text)).toEqual(["", "", ""]);
    expect(targetOf(run).predictions(0, 1)).toMatchObject([{ token: "" }]);
    const refused = { code: "unsupported-model", message: expect.stringMatching(/the decoder's vocabulary/) };
    expect(await rejection(model.generate("the cat"))).toMatchObject(refused);
    expect(await rejection(model.run({ text: "the", target: "cat" }))).toMatchObject(refused);
    expect(await rejection(model.run({ ids: [11] }))).toMatchObject({ code: "invalid-argument" });
    model.dispose();
    const same = { ...madeBart({ ...size, decoderVocabulary: 11 }).files };
    const separate = await loadModel({ ...same, tokenizerConfig: { separate_vocabs: true } }, { engine });
    expect(await rejection(separate.generate("the cat"))).toMatchObject(refused);
    separate.dispose();
  });

  test("M2M-100: padding has no position, and is not counted", async () => {
    const size = { kind: "m2m_100" } as const;
    const { files, made } = madeBart(size);
    const model = await loadModel(files, { engine });
    const [padded, begun] = [
      [2, 5, 0, 6, 0, 7, 3],
      [0, 9, 0, 7],
    ];
    expectSame(
      await model.run({ ids: padded, targetIds: begun }),
      runBart(made, { ...bartSizes, ...size }, padded, begun),
    );
    model.dispose();
  });

  test("the token table under any of its names", async () => {
    const whole = await logitsOf(madeT5());
    for (const name of ["encoder.embed_tokens.weight", "decoder.embed_tokens.weight", "lm_head.weight"]) {
      const other = await logitsOf(madeT5({}, {}, (own) => (own === "shared.weight" ? name : own)));
      expect(other).toEqual(whole);
    }
  });

  test("a missing weight of the decoder is named", async () => {
    const name = "decoder.layers.1.encoder_attn.k_proj.bias";
    const { files } = madeBart({}, {}, (own) => (own === `model.${name}` ? null : own));
    expect(await rejection(loadModel(files, { engine }))).toMatchObject({
      code: "invalid-model",
      message: expect.stringMatching(`${name} is missing`),
    });
  });

  test.each<[string, object, RegExp]>([
    [
      "other heads in the decoder",
      { decoder_attention_heads: 4 },
      /"decoder_attention_heads" 4 is not implemented; known: 2/,
    ],
    [
      "norms first, and none at the end",
      { normalize_before: true, add_final_layer_norm: false },
      /"add_final_layer_norm" false is not implemented; known: true/,
    ],
    ["a norm at the end alone", { add_final_layer_norm: true }, /"add_final_layer_norm" true/],
    ["two vocabularies' sizes, and one vocabulary", { decoder_vocab_size: 13 }, /"decoder_vocab_size" 13/],
  ])("%s: unsupported, by name", async (_, changes, message) => {
    expect(await rejection(loadModel(madeBart({}, changes).files, { engine }))).toMatchObject({
      code: "unsupported-model",
      message: expect.stringMatching(message),
    });
  });

  test("a start token beyond the vocabulary", async () => {
    const { files } = madeBart({}, { decoder_start_token_id: 99 });
    expect(await rejection(loadModel(files, { engine }))).toMatchObject({
      code: "invalid-model",
      message: expect.stringMatching(/"decoder_start_token_id" is 99; expected a token id below 11/),
    });
  });
});

describe("generate()", () => {
  test("begins with the token that config.json forces, and never says a bad word", async () => {
    const said: number[] = [];
    const forced = await loadModel(madeBart({}, { forced_bos_token_id: 7 }).files, { engine });
    const text = await forced.generate("the cat", { maxTokens: 3, onToken: ({ id }) => said.push(id) });
    expect(said[0]).toBe(7);
    expect(text.startsWith("sat")).toBe(true);
    forced.dispose();

    const all = new Set<number>();
    const options = { maxTokens: 15, temperature: 3, onToken: ({ id }: { id: number }) => all.add(id) };
    const careful = await loadModel(madeBart({}, { bad_words_ids: [[5], [6, 7], [8]] }).files, { engine });
    for (let seed = 0; seed < 6; seed++) await careful.generate("the cat", { ...options, seed });
    expect(all.has(5) || all.has(8)).toBe(false);
    expect(all.has(6)).toBe(true);
    careful.dispose();
  });

  test("two at once, and runs between, do not mix their memories", async () => {
    const model = await loadModel(madeT5().files, { engine });
    const texts = ["the cat sat", "a mat on the mat"];
    const alone: string[] = [];
    for (const text of texts) alone.push(await model.generate(text, { maxTokens: 6 }));
    const run = model.run({ text: "on", target: "a" });
    expect(await Promise.all(texts.map((text) => model.generate(text, { maxTokens: 6 })))).toEqual(alone);
    await run;
    model.dispose();
  });
});
