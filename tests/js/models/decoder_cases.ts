// Decoders that no golden checkpoint shows: configs, whose weights are made up.

import type { Config } from "./plain_decoder.js";

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

/** What the byte tokenizer is given. */
export const text = "as the old cat sat, it purred";

export const decoderCases: readonly (readonly [name: string, config: Config])[] = [...family, ...others].map(
  ([name, changes]) => [name, { ...sizes, ...changes }],
);

/** As byteTokenizer() has them. */
export const byteIds = (said: string): number[] =>
  [...new TextEncoder().encode(said)].map((byte) => byte + 1);
