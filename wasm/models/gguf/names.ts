// Which weight of a Hugging Face checkpoint a tensor of a GGUF file is, and how llama.cpp's converter has turned it: so
// that it can be turned back. Names: gguf-py/gguf/tensor_mapping.py; what is turned: the modify_tensors() of the converter.

import type { Metadata } from "./metadata.js";

/** How rows of a file become rows of a checkpoint, so many at a time. */
export interface RowOrder {
  readonly rows: number;
  /** Where, among `rows`, the checkpoint has a row of the file. */
  readonly target: (row: number) => number;
}

export interface Weight {
  readonly name: string;
  readonly order?: RowOrder;
  /** Rows are columns of the checkpoint: its Conv1D layers. */
  readonly isTransposed?: boolean;
  /** The file has 1 added to it. */
  readonly isRaised?: boolean;
}

/** By the names of the file without "blk.N." and ".weight" or ".bias". */
interface Names {
  /** What stands in front of a layer's number. */
  readonly layers: string;
  readonly weights: ReadonlyMap<string, string | Weight>;
}

const llama: readonly (readonly [string, string])[] = [
  ["token_embd", "model.embed_tokens"],
  ["output_norm", "model.norm"],
  ["output", "lm_head"],
  ["blk.attn_norm", "input_layernorm"],
  ["blk.attn_q", "self_attn.q_proj"],
  ["blk.attn_k", "self_attn.k_proj"],
  ["blk.attn_v", "self_attn.v_proj"],
  ["blk.attn_output", "self_attn.o_proj"],
  ["blk.attn_q_norm", "self_attn.q_norm"],
  ["blk.attn_k_norm", "self_attn.k_norm"],
  ["blk.ffn_norm", "post_attention_layernorm"],
  ["blk.ffn_gate", "mlp.gate_proj"],
  ["blk.ffn_up", "mlp.up_proj"],
  ["blk.ffn_down", "mlp.down_proj"],
];

const decoder: Names = { layers: "model.layers.", weights: new Map(llama) };

/** Within a head the pairs that turn together lie beside each other; in the checkpoint they are half a head apart. */
function pairsApart(headDim: number): RowOrder {
  const half = headDim / 2;
  return { rows: headDim, target: (row) => (row % 2) * half + (row >> 1) };
}

function llamaNames({ headDim }: Metadata): Names {
  const order = pairsApart(headDim);
  const weights = new Map<string, string | Weight>(llama);
  weights.set("blk.attn_q", { name: "self_attn.q_proj", order });
  weights.set("blk.attn_k", { name: "self_attn.k_proj", order });
  return { ...decoder, weights };
}

const raised = (name: string): Weight => ({ name, isRaised: true });

function gemmaNames(): Names {
  const weights = new Map<string, string | Weight>(llama);
  for (const [key, name] of llama) if (key.endsWith("_norm")) weights.set(key, raised(name));
  return { ...decoder, weights };
}

/** Gemma 2 and 3, with norms behind the sublayers. */
function gemma2Names(): Names {
  const weights = new Map(gemmaNames().weights);
  weights.set("blk.post_attention_norm", raised("post_attention_layernorm"));
  weights.set("blk.ffn_norm", raised("pre_feedforward_layernorm"));
  weights.set("blk.post_ffw_norm", raised("post_feedforward_layernorm"));
  return { ...decoder, weights };
}

const turned = (name: string): Weight => ({ name, isTransposed: true });

const gpt2: Names = {
  layers: "h.",
  weights: new Map<string, string | Weight>([
    ["token_embd", "wte"],
    ["position_embd", "wpe"],
    ["output_norm", "ln_f"],
    ["output", "lm_head"],
    ["blk.attn_norm", "ln_1"],
    ["blk.attn_qkv", turned("attn.c_attn")],
    ["blk.attn_output", turned("attn.c_proj")],
    ["blk.ffn_norm", "ln_2"],
    ["blk.ffn_up", turned("mlp.c_fc")],
    ["blk.ffn_down", turned("mlp.c_proj")],
  ]),
};

/** Queries, keys and values are apart; in the checkpoint they are side by side, head by head. */
function gptNeoXNames({ headDim, numHeads }: Metadata): Names {
  const size = headDim * numHeads;
  const target = (row: number): number => {
    const [part, head, i] = [Math.floor(row / size), Math.floor((row % size) / headDim), row % headDim];
    return (3 * head + part) * headDim + i;
  };
  return {
    layers: "gpt_neox.layers.",
    weights: new Map<string, string | Weight>([
      ["token_embd", "gpt_neox.embed_in"],
      ["output_norm", "gpt_neox.final_layer_norm"],
      ["output", "embed_out"],
      ["blk.attn_norm", "input_layernorm"],
      ["blk.attn_qkv", { name: "attention.query_key_value", order: { rows: 3 * size, target } }],
      ["blk.attn_output", "attention.dense"],
      ["blk.ffn_norm", "post_attention_layernorm"],
      ["blk.ffn_up", "mlp.dense_h_to_4h"],
      ["blk.ffn_down", "mlp.dense_4h_to_h"],
    ]),
  };
}

const bert: Names = {
  layers: "encoder.layer.",
  weights: new Map([
    ["token_embd", "embeddings.word_embeddings"],
    ["position_embd", "embeddings.position_embeddings"],
    ["token_types", "embeddings.token_type_embeddings"],
    ["token_embd_norm", "embeddings.LayerNorm"],
    ["blk.attn_q", "attention.self.query"],
    ["blk.attn_k", "attention.self.key"],
    ["blk.attn_v", "attention.self.value"],
    ["blk.attn_output", "attention.output.dense"],
    ["blk.attn_output_norm", "attention.output.LayerNorm"],
    ["blk.ffn_up", "intermediate.dense"],
    ["blk.ffn_down", "output.dense"],
    ["blk.layer_output_norm", "output.LayerNorm"],
  ]),
};

const names: ReadonlyMap<string, (metadata: Metadata) => Names> = new Map([
  ["llama", llamaNames],
  ["qwen2", () => decoder],
  ["qwen3", () => decoder],
  ["gemma", gemmaNames],
  ["gemma2", gemma2Names],
  ["gemma3", gemma2Names],
  ["gpt2", () => gpt2],
  ["gptneox", gptNeoXNames],
  ["bert", () => bert],
]);

/** Finds the weight that a tensor is; undefined: none that is known. */
export type FindWeight = (tensor: string) => Weight | undefined;

/** The weights of a file of an architecture that configOf() knows. */
export function weightsOf(metadata: Metadata): FindWeight {
  const { layers, weights } = names.get(metadata.architecture)?.(metadata) ?? decoder;
  return (tensor) => {
    const [, layer, stem, kind] = /^(?:blk\.(\d+)\.)?([a-z_]+)\.(weight|bias)$/.exec(tensor) ?? [];
    if (stem === undefined) return undefined;
    const found = weights.get(layer === undefined ? stem : `blk.${stem}`);
    if (found === undefined) return undefined;
    const weight = typeof found === "string" ? { name: found } : found;
    const name = `${layer === undefined ? "" : `${layers}${layer}.`}${weight.name}.${kind}`;
    return { ...weight, name };
  };
}
