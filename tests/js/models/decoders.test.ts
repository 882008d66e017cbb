// Decoders that no golden checkpoint shows, on weights made up here, against the same in plain double-precision loops.

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { loadModel, type Model, type RunOptions } from "heed/models";
import { difference } from "../../fixtures/read.js";
import { byteTokenizer } from "./checkpoint.js";
import { close, compare } from "./golden.js";
import { decoderTensors, safetensorsOf } from "./made_decoder.js";
import { runPlainly, type Config } from "./plain_decoder.js";

const sizes = {
  vocab_size: 300,
  hidden_size: 24,
  intermediate_size: 20,
  num_hidden_layers: 3,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  max_position_embeddings: 64,
  eos_token_id: 0,
};

const family: [string, Config][] = [
  [
    "Qwen3: norms of queries and keys, heads wider than the model's share",
    { model_type: "qwen3", head_dim: 10 },
  ],
  [
    "Qwen3 with biases and a window in the last layers",
    {
      ...{ model_type: "qwen3", head_dim: 8, attention_bias: true, tie_word_embeddings: true },
      ...{ use_sliding_window: true, sliding_window: 5, max_window_layers: 1 },
    },
  ],
  ["Qwen2 without a window", { model_type: "qwen2", use_sliding_window: false, sliding_window: 4 }],
  ["Llama with a bias everywhere", { model_type: "llama", attention_bias: true, mlp_bias: true }],
  ["Llama with one kv head for all", { model_type: "llama", num_key_value_heads: 1, head_dim: null }],
  ["Llama, linear", { model_type: "llama", rope_theta: 500, rope_scaling: { type: "linear", factor: 2.5 } }],
  ["Llama, dynamic", { model_type: "llama", rope_scaling: { rope_type: "dynamic", factor: 4 } }],
  [
    "Llama, llama3 of old",
    {
      model_type: "llama",
      head_dim: 16,
      rope_theta: 10000,
      rope_scaling: {
        ...{ rope_type: "llama3", factor: 8, low_freq_factor: 1, high_freq_factor: 4 },
        original_max_position_embeddings: 32,
      },
    },
  ],
  [
    "Qwen2, yarn",
    {
      model_type: "qwen2",
      head_dim: 16,
      rope_parameters: {
        ...{ rope_type: "yarn", rope_theta: 1000, factor: 4, original_max_position_embeddings: 16 },
        ...{ beta_fast: 4, beta_slow: 0.5 },
      },
    },
  ],
  ["Mistral without a window", { model_type: "mistral", sliding_window: null, num_key_value_heads: null }],
];

const others: [string, Config][] = [
  ["Gemma", { model_type: "gemma", head_dim: 10, hidden_act: "gelu", num_key_value_heads: 1 }],
  [
    "Gemma 2",
    {
      ...{ model_type: "gemma2", head_dim: 8, query_pre_attn_scalar: 20, sliding_window: 6 },
      ...{ attn_logit_softcapping: 2, final_logit_softcapping: 3 },
    },
  ],
  [
    "Gemma 2 without softcaps",
    {
      ...{ model_type: "gemma2", head_dim: 8, sliding_window: 6, attention_bias: true },
      ...{ attn_logit_softcapping: null, final_logit_softcapping: null },
    },
  ],
  [
    "Gemma 3 of old",
    {
      ...{ model_type: "gemma3_text", head_dim: 8, query_pre_attn_scalar: 12 },
      ...{ sliding_window: 5, sliding_window_pattern: 2 },
      ...{ rope_theta: 50_000, rope_local_base_freq: 100, rope_scaling: { rope_type: "linear", factor: 8 } },
    },
  ],
  [
    "Gemma 3",
    {
      ...{ model_type: "gemma3_text", head_dim: 8, sliding_window: 5 },
      layer_types: ["sliding_attention", "sliding_attention", "full_attention"],
      ...{ sliding_window_pattern: 3 },
      rope_parameters: {
        full_attention: { rope_type: "linear", factor: 8, rope_theta: 50_000 },
        sliding_attention: { rope_type: "default", rope_theta: 200 },
      },
    },
  ],
  ["Pythia", { model_type: "gpt_neox", hidden_size: 32, rotary_emb_base: 100 }],
  [
    "GPT-NeoX, one sublayer after the other, all channels turned",
    { model_type: "gpt_neox", use_parallel_residual: false, rotary_pct: 1, attention_bias: false },
  ],
  ["OPT", { model_type: "opt", ffn_dim: 20 }],
  [
    "OPT's 350m: norms behind, embeddings of another size",
    { model_type: "opt", ffn_dim: 20, do_layer_norm_before: false, word_embed_proj_dim: 16 },
  ],
  ["OPT without biases", { model_type: "opt", ffn_dim: 20, enable_bias: false }],
];

const text = "as the old cat sat, it purred";

describe.each([...family, ...others])("%s", (_, changes) => {
  const config: Config = { ...sizes, ...changes };
  const tensors = decoderTensors(config);
  const files = { config, tokenizer: byteTokenizer(), weights: safetensorsOf(tensors) };
  const ids = [...new TextEncoder().encode(text)].map((byte) => byte + 1);
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
    { isCausal: false, usePositions: false },
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
