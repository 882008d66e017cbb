// The keys of a GGUF file as a config.json, which config.ts then reads like any other. Names: llama.cpp,
// gguf-py/gguf/constants.py, and, on the right, Hugging Face transformers.

import { Description, refuseUnknown, type Config } from "./description.js";
import type { GgufTensor } from "./header.js";
import type { Metadata } from "./metadata.js";

/** Rotary positions. */
function rope({ metadata, headDim, factors }: Description): Config {
  const base = metadata.positive("rope.freq_base", 10_000);
  const dim = metadata.size("rope.dimension_count", headDim);
  if (dim !== headDim || dim % 2 !== 0) {
    throw metadata.unsupported(
      `"rope.dimension_count" is ${dim}, and heads have ${headDim} channels; expected as many, and an even number`,
    );
  }
  const type = metadata.text("rope.scaling.type", "none");
  if (factors) return { rope_theta: base, rope_scaling: divided(metadata, type, factors) };
  if (type === "none") return { rope_theta: base };
  const scaling: Config = { rope_type: type, factor: metadata.positive("rope.scaling.factor") };
  if (metadata.get("rope.scaling.original_context_length") !== undefined) {
    scaling["original_max_position_embeddings"] = metadata.size("rope.scaling.original_context_length");
  }
  return { rope_theta: base, rope_scaling: scaling };
}

/** Each frequency divided by a number of its own, for texts of any length: Llama 3.1's way, written as LongRoPE. */
function divided(metadata: Metadata, type: string, factors: Float32Array): Config {
  if (type !== "none") {
    throw metadata.unsupported(
      `"rope.scaling.type" "${type}" and a tensor of factors together are not implemented`,
    );
  }
  const factor = Array.from(factors);
  return { rope_type: "longrope", short_factor: factor, long_factor: factor, attention_factor: 1 };
}

/** What all of the Llama family say. */
function decoder(description: Description, modelType: string): Config {
  const { metadata, numHeads, headDim } = description;
  const { window, types } = sliding(description);
  return {
    model_type: modelType,
    vocab_size: description.vocabularySize,
    hidden_size: metadata.size("embedding_length"),
    intermediate_size: metadata.size("feed_forward_length"),
    num_hidden_layers: metadata.size("block_count"),
    num_attention_heads: numHeads,
    num_key_value_heads: metadata.size("attention.head_count_kv", numHeads),
    head_dim: headDim,
    max_position_embeddings: metadata.size("context_length"),
    rms_norm_eps: metadata.positive("attention.layer_norm_rms_epsilon"),
    hidden_act: "silu",
    tie_word_embeddings: !description.has("output.weight"),
    ...(window === undefined ? {} : { sliding_window: window }),
    ...(types ? { layer_types: types } : {}),
    ...rope(description),
    ...description.tokenIds(),
  };
}

function sliding(description: Description): { window?: number; types?: string[] } {
  const { metadata } = description;
  const window = metadata.get("attention.sliding_window");
  if (window === undefined || window === 0) return {};
  const types = description.layerTypes();
  return { window: metadata.size("attention.sliding_window"), ...(types ? { types } : {}) };
}

/** Llama and Mistral, which is a Llama with a window. */
function llama(description: Description): Config {
  const config = decoder(description, "llama");
  if (config["sliding_window"] !== undefined) config["model_type"] = "mistral";
  const biased = ["attn_q", "attn_k", "attn_v", "attn_output"].filter((part) =>
    description.has(`blk.0.${part}.bias`),
  );
  if (biased.length > 0 && biased.length < 4) {
    throw description.metadata.unsupported(`of a layer's projections only ${biased.join(", ")} have biases`);
  }
  return { ...config, attention_bias: biased.length > 0, mlp_bias: description.has("blk.0.ffn_up.bias") };
}

function qwen2(description: Description): Config {
  const config = decoder(description, "qwen2");
  return { ...config, use_sliding_window: config["sliding_window"] !== undefined };
}

function qwen3(description: Description): Config {
  const config = decoder(description, "qwen3");
  const attention_bias = description.has("blk.0.attn_q.bias");
  return { ...config, attention_bias, use_sliding_window: config["sliding_window"] !== undefined };
}

const gemmaActivation = { hidden_act: "gelu_pytorch_tanh", hidden_activation: "gelu_pytorch_tanh" };

function gemma(description: Description): Config {
  return { ...decoder(description, "gemma"), ...gemmaActivation };
}

/** What scores are divided by the root of: of the models with 27 · 10^9 weights, known by their layers, another. */
function queryScalar({ metadata, numHeads, headDim }: Description, layersOf27B: number): number {
  const isLargest = metadata.size("block_count") === layersOf27B;
  return isLargest ? metadata.size("embedding_length") / numHeads : headDim;
}

function gemma2(description: Description): Config {
  const { metadata } = description;
  return {
    sliding_window: 4096,
    ...decoder(description, "gemma2"),
    ...gemmaActivation,
    attn_logit_softcapping: metadata.positive("attn_logit_softcapping", 50),
    final_logit_softcapping: metadata.positive("final_logit_softcapping", 30),
    query_pre_attn_scalar: queryScalar(description, 46),
  };
}

function gemma3(description: Description): Config {
  const { metadata } = description;
  return {
    sliding_window_pattern: 6,
    ...decoder(description, "gemma3_text"),
    ...gemmaActivation,
    sliding_window: metadata.size("attention.sliding_window"),
    rope_local_base_freq: metadata.positive("rope.freq_base_swa", 10_000),
    query_pre_attn_scalar: queryScalar(description, 62),
  };
}

function gpt2(description: Description): Config {
  const { metadata } = description;
  const numHeads = description.numHeads;
  return {
    model_type: "gpt2",
    vocab_size: description.vocabularySize,
    n_embd: metadata.size("embedding_length"),
    n_inner: metadata.size("feed_forward_length"),
    n_layer: metadata.size("block_count"),
    n_head: numHeads,
    n_positions: metadata.size("context_length"),
    layer_norm_epsilon: metadata.positive("attention.layer_norm_epsilon"),
    activation_function: "gelu_new",
    tie_word_embeddings: !description.has("output.weight"),
    ...description.tokenIds(),
  };
}

function gptNeoX(description: Description): Config {
  const { metadata, numHeads, headDim } = description;
  return {
    model_type: "gpt_neox",
    vocab_size: description.vocabularySize,
    hidden_size: metadata.size("embedding_length"),
    intermediate_size: metadata.size("feed_forward_length"),
    num_hidden_layers: metadata.size("block_count"),
    num_attention_heads: numHeads,
    max_position_embeddings: metadata.size("context_length"),
    layer_norm_eps: metadata.positive("attention.layer_norm_epsilon"),
    hidden_act: "gelu",
    use_parallel_residual: metadata.flag("use_parallel_residual", true),
    rotary_pct: metadata.size("rope.dimension_count", headDim) / headDim,
    rotary_emb_base: metadata.positive("rope.freq_base", 10_000),
    tie_word_embeddings: !description.has("output.weight"),
    ...description.tokenIds(),
  };
}

function bert(description: Description): Config {
  const { metadata } = description;
  if (metadata.flag("attention.causal", false))
    throw metadata.unsupported("a BERT that looks back only is not implemented");
  return {
    model_type: "bert",
    vocab_size: description.vocabularySize,
    hidden_size: metadata.size("embedding_length"),
    intermediate_size: metadata.size("feed_forward_length"),
    num_hidden_layers: metadata.size("block_count"),
    num_attention_heads: description.numHeads,
    max_position_embeddings: metadata.size("context_length"),
    type_vocab_size: description.rows("token_types.weight"),
    layer_norm_eps: metadata.positive("attention.layer_norm_epsilon"),
    hidden_act: "gelu",
  };
}

const architectures: ReadonlyMap<string, (description: Description) => Config> = new Map([
  ["llama", llama],
  ["qwen2", qwen2],
  ["qwen3", qwen3],
  ["gemma", gemma],
  ["gemma2", gemma2],
  ["gemma3", gemma3],
  ["gpt2", gpt2],
  ["gptneox", gptNeoX],
  ["bert", bert],
]);

/**
 * The config.json that a file's keys and tensors amount to. `factors`: the values of "rope_freqs.weight", if there is one.
 *
 * Errors: "invalid-model" (a key is missing, of the wrong type or out of range), "unsupported-model" (another
 * architecture, or a key with a meaning that is not implemented).
 */
export function configOf(
  metadata: Metadata,
  tensors: readonly GgufTensor[],
  factors: Float32Array | undefined,
): Config {
  const read = architectures.get(metadata.architecture);
  if (!read) {
    const known = [...architectures.keys()].join(", ");
    throw metadata.unsupported(
      `the architecture "${metadata.architecture}" is not implemented; known: ${known}`,
    );
  }
  const description = new Description(metadata, tensors, factors);
  refuseUnknown(description);
  return read(description);
}
