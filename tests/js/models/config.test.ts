// config.json under heed's names, and everything it must not say.

import { describe, expect, test } from "@jest/globals";
import { readJson } from "../../fixtures/read.js";
import { rejection, tinyBertConfig, tinyConfig, tinyLlamaConfig, tinyModel } from "./checkpoint.js";
import { fakeModels } from "./fake_native.js";

async function nativeConfig(config: unknown) {
  const fake = fakeModels();
  const model = await fake.loadModel(tinyModel({ config: config as object }));
  return { native: fake.natives[0]?.config, model };
}

const base100 = { rotary: { frequencies: [1, 0.1], magnitude: 1 } };

describe("mapping", () => {
  test("BERT", async () => {
    const { native, model } = await nativeConfig(readJson("golden/models/bert/config.json"));
    expect(native).toEqual({
      architecture: "bert",
      numLayers: 2,
      numHeads: 4,
      numKvHeads: 4,
      headDim: 8,
      modelDim: 32,
      feedForwardDim: 64,
      vocabularySize: 400,
      maxLength: 96,
      numTokenTypes: 2,
      normEpsilon: 1e-12,
      activation: "gelu",
      tiedHead: true,
    });
    expect(model).toMatchObject({
      architecture: "bert",
      numLayers: 2,
      numHeads: 4,
      maxLength: 96,
      isCausal: false,
    });
    expect(model.config["hidden_act"]).toBe("gelu");
  });

  test("GPT-2, with a feed-forward of four times the width", async () => {
    const { native, model } = await nativeConfig(readJson("golden/models/gpt2/config.json"));
    expect(native).toEqual({
      architecture: "gpt2",
      numLayers: 2,
      numHeads: 4,
      numKvHeads: 4,
      headDim: 8,
      modelDim: 32,
      feedForwardDim: 128,
      vocabularySize: 400,
      maxLength: 160,
      numTokenTypes: 0,
      normEpsilon: 1e-5,
      activation: "gelu_tanh",
      tiedHead: true,
      scaleAttentionByLayer: false,
    });
    expect(model).toMatchObject({ architecture: "gpt2", isCausal: true });
  });

  test("RoBERTa's context is what is left of its table of positions", async () => {
    const roberta = { ...tinyBertConfig(), model_type: "roberta", max_position_embeddings: 18 };
    expect((await nativeConfig(roberta)).native).toMatchObject({ maxLength: 16, paddingId: 1 });
    expect(await rejection(nativeConfig({ ...roberta, max_position_embeddings: 2 }))).toMatchObject({
      code: "invalid-model",
      message: expect.stringMatching(/"max_position_embeddings" is 2; expected an integer above 2/),
    });
    expect(await rejection(nativeConfig({ ...roberta, pad_token_id: -1 }))).toMatchObject({
      code: "invalid-model",
      message: expect.stringMatching(/"pad_token_id" is -1; expected an integer from 0/),
    });
  });

  test.each([
    ["n_inner", tinyConfig({ n_inner: 7 }), { feedForwardDim: 7 }],
    ["relu", tinyConfig({ activation_function: "relu" }), { activation: "relu" }],
    ["gelu", tinyConfig({ activation_function: "gelu" }), { activation: "gelu" }],
    [
      "gelu_pytorch_tanh",
      tinyConfig({ activation_function: "gelu_pytorch_tanh" }),
      { activation: "gelu_tanh" },
    ],
    ["swish", tinyBertConfig({ hidden_act: "swish" }), { activation: "silu" }],
    ["an untied head", tinyConfig({ tie_word_embeddings: false }), { tiedHead: false }],
    ["no scale", tinyConfig({ scale_attn_weights: false }), { attentionScale: 1 }],
    [
      "a scale by layer",
      tinyConfig({ scale_attn_by_inverse_layer_idx: true }),
      { scaleAttentionByLayer: true },
    ],
    ["an old config's own base", tinyLlamaConfig({ rope_theta: 100, rope_scaling: null }), base100],
    ["a new config's base", tinyLlamaConfig({ rope_parameters: { rope_theta: 100 } }), base100],
    ["a window that is not used", tinyLlamaConfig({ model_type: "qwen2", use_sliding_window: false }), {}],
    [
      "a window in layers by name",
      tinyLlamaConfig({
        ...{ model_type: "qwen2", use_sliding_window: true, sliding_window: 3 },
        layer_types: ["sliding_attention", "full_attention"],
      }),
      { window: 3, slidingLayers: [1, 0] },
    ],
    [
      "a window from a layer on",
      tinyLlamaConfig({
        ...{ model_type: "qwen3", use_sliding_window: true, sliding_window: 3, max_window_layers: 1 },
      }),
      { window: 3, slidingLayers: [0, 1], headDim: 128 },
    ],
    ["a harmless option", tinyConfig({ reorder_and_upcast_attn: true }), {}],
    ["an end token beyond the vocabulary", tinyConfig({ eos_token_id: 50256 }), {}],
    ["several end tokens", tinyConfig({ eos_token_id: [1, 2] }), {}],
  ])("%s", async (_, config, expected) => {
    expect((await nativeConfig(config)).native).toMatchObject(expected);
  });

  test("the caller's object is neither kept nor frozen, and the model's is frozen", async () => {
    const config = tinyConfig({ task_specific_params: { deep: [1] } });
    const { model } = await nativeConfig(config);
    config["n_layer"] = 9;
    expect(model.config["n_layer"]).toBe(2);
    expect(Object.isFrozen(model.config)).toBe(true);
    expect(Object.isFrozen((model.config["task_specific_params"] as { deep: unknown }).deep)).toBe(true);
  });
});

describe("refusals", () => {
  const cases: [string, unknown, string, RegExp][] = [
    ["no object", [], "invalid-model", /config\.json is \[\]; expected an object/],
    ["no model_type", {}, "invalid-model", /"model_type" is undefined/],
    [
      "another model",
      { model_type: "mamba" },
      "unsupported-model",
      /model_type "mamba" is not implemented; known: bert, camembert/,
    ],
    [
      "a model named like a part of Object.prototype",
      { model_type: "constructor" },
      "unsupported-model",
      /"constructor"/,
    ],
    ["a missing size", tinyConfig({ n_embd: undefined }), "invalid-model", /"n_embd" is undefined/],
    [
      "a size as a string",
      tinyConfig({ n_embd: "4" }),
      "invalid-model",
      /"n_embd" is "4"; expected an integer from 1/,
    ],
    ["a size of zero", tinyConfig({ n_layer: 0 }), "invalid-model", /"n_layer" is 0/],
    ["a negative size", tinyConfig({ n_head: -2 }), "invalid-model", /"n_head" is -2/],
    ["a fractional size", tinyConfig({ n_positions: 1.5 }), "invalid-model", /"n_positions" is 1\.5/],
    ["a size beyond 2^24", tinyConfig({ vocab_size: 2 ** 25 }), "invalid-model", /"vocab_size" is 33554432/],
    [
      "heads that do not divide the width",
      tinyConfig({ n_head: 3 }),
      "invalid-model",
      /"n_embd" is 4; expected a multiple of "n_head", 3/,
    ],
    ["more weights than memory", tinyConfig({ n_embd: 2 ** 20, n_head: 1 }), "unsupported-model", /GiB/],
    [
      "an epsilon of zero",
      tinyConfig({ layer_norm_epsilon: 0 }),
      "invalid-model",
      /"layer_norm_epsilon" is 0/,
    ],
    [
      "a flag that is a string",
      tinyConfig({ scale_attn_weights: "yes" }),
      "invalid-model",
      /"scale_attn_weights" is "yes"/,
    ],
    [
      "an activation that is not implemented",
      tinyConfig({ activation_function: "quick_gelu" }),
      "unsupported-model",
      /"quick_gelu" is not implemented; known: relu, gelu/,
    ],
    [
      "cross-attention",
      tinyConfig({ add_cross_attention: true }),
      "unsupported-model",
      /"add_cross_attention" true/,
    ],
    ["a BERT that decodes", tinyBertConfig({ is_decoder: true }), "unsupported-model", /"is_decoder" true/],
    [
      "relative positions",
      tinyBertConfig({ position_embedding_type: "relative_key" }),
      "unsupported-model",
      /"relative_key" is not implemented; known: "absolute"/,
    ],
    ["pruned heads", tinyBertConfig({ pruned_heads: { 0: [1] } }), "unsupported-model", /"pruned_heads"/],
    [
      "a way of stretching rotary positions that is not implemented",
      tinyLlamaConfig({ rope_scaling: { type: "su" } }),
      "unsupported-model",
      /rope_type "su" is not implemented; known: default, linear, dynamic, llama3, yarn, longrope/,
    ],
    [
      "a stretching that differs for long texts",
      tinyLlamaConfig({ rope_scaling: { type: "longrope", long_factor: [1, 2], short_factor: [1, 1] } }),
      "unsupported-model",
      /longrope with other factors for short texts/,
    ],
    [
      "a stretching of other pairs",
      tinyLlamaConfig({
        rope_scaling: { type: "longrope", long_factor: [1, 2, 3], short_factor: [1, 2, 3] },
      }),
      "invalid-model",
      /long_factor" is \[1,2,3\]; expected an array of 2 numbers above 0/,
    ],
    [
      "a stretching without its factor",
      tinyLlamaConfig({ rope_scaling: { rope_type: "linear" } }),
      "invalid-model",
      /"rope_scaling\.factor" is undefined; expected a finite number above 0/,
    ],
    [
      "rotary positions that are no object",
      tinyLlamaConfig({ rope_parameters: [1] }),
      "invalid-model",
      /"rope_parameters" is \[1\]; expected an object/,
    ],
    [
      "rotary positions of a part of the channels",
      tinyLlamaConfig({ rope_parameters: { rope_theta: 1, partial_rotary_factor: 0.5 } }),
      "unsupported-model",
      /"rope_parameters\.partial_rotary_factor" 0\.5 is not implemented; known: 1/,
    ],
    [
      "rotary positions of an odd number of channels",
      tinyLlamaConfig({ head_dim: 3 }),
      "invalid-model",
      /3 channels have rotary positions; expected an even number/,
    ],
    [
      "layer types for another number of layers",
      tinyLlamaConfig({ model_type: "qwen2", use_sliding_window: true, layer_types: ["full_attention"] }),
      "invalid-model",
      /"layer_types" is \["full_attention"\]; expected an array of 2 names/,
    ],
    [
      "a layer type that is not implemented",
      tinyLlamaConfig({
        ...{ model_type: "qwen3", use_sliding_window: true },
        layer_types: ["full_attention", "linear_attention"],
      }),
      "unsupported-model",
      /layer type "linear_attention" is not implemented; known: full_attention, sliding_attention/,
    ],
    [
      "an end token that is a word",
      tinyConfig({ eos_token_id: "</s>" }),
      "invalid-model",
      /"eos_token_id" is "<\/s>"/,
    ],
  ];
  test.each(cases)("%s", async (_, config, code, message) => {
    const error = await rejection(nativeConfig(config));
    expect({ code: error.code, message: error.message }).toEqual({
      code,
      message: expect.stringMatching(message),
    });
  });

  test("JSON deeper than the stack", async () => {
    const deep = `{"model_type":"gpt2","x":${"[".repeat(200_000)}${"]".repeat(200_000)}}`;
    expect(await rejection(nativeConfig(deep))).toMatchObject({ code: "invalid-model" });
    expect(await rejection(nativeConfig(deep.replace("gpt2", "gpt3")))).toMatchObject({
      code: expect.any(String),
    });
  });

  test("text that is not JSON", async () => {
    expect(await rejection(nativeConfig("{"))).toMatchObject({
      code: "invalid-model",
      message: expect.stringMatching(/^config\.json is not JSON/),
    });
  });

  test("bytes that are not text", async () => {
    expect(await rejection(nativeConfig(Uint8Array.of(0xff, 0xfe).buffer))).toMatchObject({
      code: "invalid-model",
    });
  });
});
