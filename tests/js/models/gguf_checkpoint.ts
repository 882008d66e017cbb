// A Hugging Face checkpoint as llama.cpp's converter (convert_hf_to_gguf.py, gguf-py) writes it: its keys, its names, its
// vocabulary, and what it turns. And the same checkpoint with the weights that are left after quantising, as safetensors.

import { readJson, readTensors, type Tensor } from "../../fixtures/read.js";
import {
  array,
  flag,
  float,
  formats,
  ggufFile,
  text,
  uint,
  type Format,
  type GgufTensorData,
  type GgufValue,
} from "./gguf_file.js";
import { blockSizes, dequantise, halfBits, halfValue, type Quantised } from "./gguf_blocks.js";
import { quantise } from "./gguf_quantise.js";
import { safetensors } from "./checkpoint.js";

type Values = Record<string, GgufValue>;
type Json = Record<string, unknown>;

export interface HfCheckpoint {
  config: Json;
  tokenizer: TokenizerJson;
  tensors: Record<string, Tensor>;
}

interface TokenizerJson {
  added_tokens: { id: number; content: string }[];
  post_processor: { type: string; processors?: Json[] } | null;
  model: { type: string; vocab: Record<string, number>; merges?: ([string, string] | string)[] };
}

export function goldenCheckpoint(name: string): HfCheckpoint {
  const folder = `golden/models/${name}`;
  return {
    config: readJson(`${folder}/config.json`),
    tokenizer: readJson(`${folder}/tokenizer.json`),
    tensors: Object.fromEntries(
      Object.entries(readTensors(`${folder}/model.safetensors`)).map(([name, tensor]) => [
        name,
        widened(tensor),
      ]),
    ),
  };
}

/** F16 and BF16 as F32, which holds both. */
function widened({ dtype, shape, data }: Tensor): Tensor {
  if (dtype === "F32") return { dtype, shape, data };
  const bits = data as Uint16Array;
  const values =
    dtype === "F16"
      ? Float32Array.from(bits, halfValue)
      : new Float32Array(Uint32Array.from(bits, (value) => value << 16).buffer);
  return { dtype: "F32", shape, data: values };
}

/** The vocabulary of a tokenizer.json. */
export function vocabularyValues({ config, tokenizer }: HfCheckpoint): Values {
  const { model, added_tokens: added } = tokenizer;
  const texts: string[] = [];
  for (const [token, id] of Object.entries(model.vocab)) texts[id] = token;
  for (const { content, id } of added) texts[id] = content;
  for (let id = 0; id < (config["vocab_size"] as number); ++id) texts[id] ??= `[PAD${id}]`;
  const specials = new Set(added.map(({ id }) => id));
  const kindOf = (token: string, id: number): number => {
    if (token === `[PAD${id}]`) return 5;
    if (token === "<unk>") return 2;
    return specials.has(id) ? 3 : /^<0x..>$/.test(token) ? 6 : 1;
  };
  const common: Values = {
    "tokenizer.ggml.token_type": array("int32", texts.map(kindOf)),
  };
  const named = (key: string, name: string): Values => {
    const id = texts.indexOf(name);
    return id < 0 ? {} : { [`tokenizer.ggml.${key}_token_id`]: uint(id) };
  };
  if (model.type === "WordPiece") {
    const marked = texts.map((token) => {
      if (token.startsWith("##")) return token.slice(2);
      return token.startsWith("[") && token.endsWith("]") ? token : `▁${token}`;
    });
    return {
      "tokenizer.ggml.model": text("bert"),
      "tokenizer.ggml.tokens": array("string", marked),
      ...common,
      ...named("cls", "[CLS]"),
      ...named("seperator", "[SEP]"),
      ...named("unknown", "[UNK]"),
      ...named("padding", "[PAD]"),
      ...named("mask", "[MASK]"),
    };
  }
  const merges = (model.merges ?? []).map((merge) => (typeof merge === "string" ? merge : merge.join(" ")));
  const ids: Values = {};
  for (const [key, name] of [
    ["bos", "bos_token_id"],
    ["eos", "eos_token_id"],
  ] as const) {
    if (typeof config[name] === "number") ids[`tokenizer.ggml.${key}_token_id`] = uint(config[name]);
  }
  if ("<0x00>" in model.vocab) {
    // SentencePiece's scores: the n-th merge makes a token of score -n; characters come behind them all.
    const scoreOf = new Map(
      merges.map((merge, i) => [merge.replace(" ", ""), i]).reverse() as [string, number][],
    );
    return {
      "tokenizer.ggml.model": text("llama"),
      "tokenizer.ggml.pre": text("default"),
      "tokenizer.ggml.tokens": array("string", texts),
      "tokenizer.ggml.scores": array(
        "float32",
        texts.map((token) => -(scoreOf.get(token) ?? 1e4)),
      ),
      ...common,
      ...ids,
      ...named("unknown", "<unk>"),
      "tokenizer.ggml.add_bos_token": flag(true),
    };
  }
  const pre = { gpt2: "gpt-2", llama: "llama-bpe", qwen2: "qwen2" }[config["model_type"] as string] ?? "none";
  return {
    "tokenizer.ggml.model": text("gpt2"),
    "tokenizer.ggml.pre": text(pre),
    "tokenizer.ggml.tokens": array("string", texts),
    "tokenizer.ggml.merges": array("string", merges),
    ...common,
    ...ids,
  };
}

/** The keys of an architecture. */
export function configValues({ config, tensors }: HfCheckpoint): Values {
  const type = config["model_type"] as string;
  const architecture = { mistral: "llama", gpt_neox: "gptneox", gemma3_text: "gemma3" }[type] ?? type;
  const get = (...keys: string[]): number | undefined =>
    keys.map((key) => config[key]).find((value): value is number => typeof value === "number");
  const values: Values = { "general.architecture": text(architecture), "general.name": text("a test's") };
  const put = (key: string, value: number | undefined, make: (value: number) => GgufValue = uint): void => {
    if (value !== undefined) values[`${architecture}.${key}`] = make(value);
  };
  const heads = get("num_attention_heads", "n_head") ?? 1;
  const width = get("hidden_size", "n_embd") ?? 1;
  put("block_count", get("num_hidden_layers", "n_layer"));
  put("context_length", get("max_position_embeddings", "n_positions"));
  put("embedding_length", width);
  put("feed_forward_length", get("intermediate_size", "n_inner") ?? 4 * width);
  put("attention.head_count", heads);
  put("attention.head_count_kv", get("num_key_value_heads"));
  put("attention.layer_norm_rms_epsilon", get("rms_norm_eps"), float);
  put("attention.layer_norm_epsilon", get("layer_norm_eps", "layer_norm_epsilon"), float);
  if (get("head_dim") !== undefined) {
    put("attention.key_length", get("head_dim"));
    put("attention.value_length", get("head_dim"));
  }
  const rope = (config["rope_parameters"] ?? config) as Json;
  put("rope.freq_base", rope["rope_theta"] as number | undefined, float);
  if (type === "gpt_neox") {
    put("rope.dimension_count", (width / heads) * (get("rotary_pct") ?? 0.25));
    values["gptneox.use_parallel_residual"] = flag(config["use_parallel_residual"] !== false);
  }
  put("attn_logit_softcapping", type === "gemma2" ? get("attn_logit_softcapping") : undefined, float);
  put("final_logit_softcapping", type === "gemma2" ? get("final_logit_softcapping") : undefined, float);
  if (rope["rope_theta"] !== undefined) put("rope.dimension_count", get("head_dim") ?? width / heads);
  const types = config["layer_types"] as string[] | undefined;
  if (get("sliding_window") !== undefined) {
    put("attention.sliding_window", get("sliding_window"));
    if (types) {
      const slides = types.map((layer) => layer === "sliding_attention");
      values[`${architecture}.attention.sliding_window_pattern`] = array("bool", slides);
    }
  }
  if (tensors["bert.embeddings.word_embeddings.weight"]) values["bert.attention.causal"] = flag(false);
  return values;
}

const names: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/^model\.embed_tokens\./, "token_embd."],
  [/^model\.norm\./, "output_norm."],
  [/^lm_head\./, "output."],
  [/\.input_layernorm\./, ".attn_norm."],
  [/\.self_attn\.([qkv])_proj\./, ".attn_$1."],
  [/\.self_attn\.o_proj\./, ".attn_output."],
  [/\.self_attn\.([qk])_norm\./, ".attn_$1_norm."],
  [/\.post_attention_layernorm\./, ".ffn_norm."],
  [/^gpt_neox\.embed_in\./, "token_embd."],
  [/^gpt_neox\.final_layer_norm\./, "output_norm."],
  [/^embed_out\./, "output."],
  [/\.attention\.query_key_value\./, ".attn_qkv."],
  [/\.attention\.dense\./, ".attn_output."],
  [/\.mlp\.dense_h_to_4h\./, ".ffn_up."],
  [/\.mlp\.dense_4h_to_h\./, ".ffn_down."],
  [/\.mlp\.(gate|up|down)_proj\./, ".ffn_$1."],
  [/^transformer\.wte\./, "token_embd."],
  [/^transformer\.wpe\./, "position_embd."],
  [/^transformer\.ln_f\./, "output_norm."],
  [/\.ln_1\./, ".attn_norm."],
  [/\.ln_2\./, ".ffn_norm."],
  [/\.attn\.c_attn\./, ".attn_qkv."],
  [/\.attn\.c_proj\./, ".attn_output."],
  [/\.mlp\.c_fc\./, ".ffn_up."],
  [/\.mlp\.c_proj\./, ".ffn_down."],
  [/^bert\.embeddings\.word_embeddings\./, "token_embd."],
  [/^bert\.embeddings\.position_embeddings\./, "position_embd."],
  [/^bert\.embeddings\.token_type_embeddings\./, "token_types."],
  [/^bert\.embeddings\.LayerNorm\./, "token_embd_norm."],
  [/\.attention\.self\.([qkv])(?:uery|ey|alue)\./, ".attn_$1."],
  [/\.attention\.output\.dense\./, ".attn_output."],
  [/\.attention\.output\.LayerNorm\./, ".attn_output_norm."],
  [/\.intermediate\.dense\./, ".ffn_up."],
  [/\.output\.dense\./, ".ffn_down."],
  [/\.output\.LayerNorm\./, ".layer_output_norm."],
  [/^(?:model\.layers|transformer\.h|bert\.encoder\.layer|gpt_neox\.layers)\.(\d+)\./, "blk.$1."],
];

/** undefined: left out by the converter, as BERT's head is. */
function ggufName(name: string): string | undefined {
  if (name.startsWith("cls.") || name.startsWith("bert.pooler.")) return undefined;
  return names.reduce((text, [pattern, to]) => text.replace(pattern, to), name);
}

const postNorms: typeof names = [
  [/\.post_attention_layernorm\./, ".post_attention_norm."],
  [/\.pre_feedforward_layernorm\./, ".ffn_norm."],
  [/\.post_feedforward_layernorm\./, ".post_ffw_norm."],
];

/** The names of Gemma 2 and 3, whose norms behind sublayers have that of another's before one. */
function namedFor(config: Json, name: string): string | undefined {
  const hasPostNorms = /^gemma[23]/.test(config["model_type"] as string);
  return ggufName(hasPostNorms ? postNorms.reduce((text, [from, to]) => text.replace(from, to), name) : name);
}

/** LlamaModel.permute(): rows [heads, 2, half] become [heads, half, 2]. */
function permutedRows({ data, shape }: Tensor, numHeads: number): Float32Array {
  const values = data as Float32Array;
  const rows = shape[0] as number;
  const width = values.length / rows;
  const headDim = rows / numHeads;
  const half = headDim / 2;
  const result = new Float32Array(values.length);
  for (let head = 0; head < numHeads; ++head) {
    for (let part = 0; part < 2; ++part) {
      for (let i = 0; i < half; ++i) {
        const from = head * headDim + part * half + i;
        const to = head * headDim + i * 2 + part;
        result.set(values.subarray(from * width, (from + 1) * width), to * width);
      }
    }
  }
  return result;
}

function transposed({ data, shape }: Tensor): Tensor {
  const [rows, columns] = shape as [number, number];
  const values = Float32Array.from(
    data,
    (_, at) => data[(at % rows) * columns + Math.floor(at / rows)] as number,
  );
  return { dtype: "F32", shape: [columns, rows], data: values };
}

/** GPTNeoXModel: rows [heads, 3, head_dim] become [3, heads, head_dim]. */
function partsApart({ data, shape }: Tensor, numHeads: number): Float32Array {
  const values = data as Float32Array;
  const width = values.length / (shape[0] as number);
  const headValues = ((shape[0] as number) / 3 / numHeads) * width;
  const heads = [...Array(numHeads).keys()];
  const order = [0, 1, 2].flatMap((part) => heads.map((head) => 3 * head + part));
  const result = new Float32Array(values.length);
  order.forEach((from, to) =>
    result.set(values.subarray(from * headValues, (from + 1) * headValues), to * headValues),
  );
  return result;
}

const isConv1d = (name: string, config: Json): boolean =>
  config["model_type"] === "gpt2" && /\.c_(?:attn|fc|proj)\.weight$/.test(name);

/** What the converter does to a tensor before it is quantised. */
function converted(name: string, tensor: Tensor, config: Json): Tensor {
  if (isConv1d(name, config)) return transposed(tensor);
  if (config["model_type"] === "gpt_neox" && name.includes("query_key_value")) {
    return { ...tensor, data: partsApart(tensor, config["num_attention_heads"] as number) };
  }
  if (String(config["model_type"]).startsWith("gemma") && name.endsWith("norm.weight")) {
    return { ...tensor, data: (tensor.data as Float32Array).map((x) => x + 1) };
  }
  const isLlama = config["model_type"] === "llama" || config["model_type"] === "mistral";
  const [, part] = /\.([qk])_proj\.(?:weight|bias)$/.exec(name) ?? [];
  if (!isLlama || part === undefined) return tensor;
  const heads = config[part === "q" ? "num_attention_heads" : "num_key_value_heads"] as number;
  return { ...tensor, data: permutedRows(tensor, heads) };
}

/** One format for all tensors, or one for each by its name in the checkpoint. */
export type Formats<F extends Format = Format> = F | ((name: string) => F);

/** The format that a tensor gets: that which is wanted where its rows are whole blocks, and F32 for vectors. */
function formatFor<F extends Format>(name: string, shape: readonly number[], wanted: Formats<F>): F | "F32" {
  if (shape.length === 1) return "F32";
  const row = shape.at(-1) as number;
  const format = typeof wanted === "function" ? wanted(name) : wanted;
  return format in blockSizes && row % blockSizes[format as Quantised][0] !== 0 ? "F32" : format;
}

function encoded(values: Float32Array, format: Format): Uint8Array {
  if (format === "F32") return new Uint8Array(values.slice().buffer);
  if (format === "F16") return new Uint8Array(Uint16Array.from(values, halfBits).buffer);
  if (format === "BF16")
    return new Uint8Array(new Uint16Array(values.slice().buffer).filter((_, i) => i % 2 === 1).buffer);
  return quantise(format as Quantised, values);
}

export function ggufTensors({ config, tensors }: HfCheckpoint, wanted: Formats): GgufTensorData[] {
  return Object.entries(tensors).flatMap(([name, tensor]): GgufTensorData[] => {
    const to = namedFor(config, name);
    if (to === undefined) return [];
    const { shape, data } = converted(name, tensor, config);
    const format = formatFor(name, shape, wanted);
    return [{ name: to, format: formats[format], shape, bytes: encoded(data as Float32Array, format) }];
  });
}

/** The whole file. */
export function asGguf(
  checkpoint: HfCheckpoint,
  wanted: Formats,
  changes: Values = {},
  more: readonly GgufTensorData[] = [],
): ArrayBuffer {
  const values = { ...configValues(checkpoint), ...vocabularyValues(checkpoint), ...changes };
  return ggufFile({ values, tensors: [...ggufTensors(checkpoint, wanted), ...more] });
}

/** The same in so many parts, as gguf-split writes them; all tensors of the first are in the second where it has none. */
export function asParts(
  checkpoint: HfCheckpoint,
  wanted: Formats,
  count: number,
  { isFirstEmpty = false, changes = {} as Values } = {},
): ArrayBuffer[] {
  const tensors = ggufTensors(checkpoint, wanted);
  const size = Math.ceil(tensors.length / (isFirstEmpty ? count - 1 : count));
  return Array.from({ length: count }, (_, no) => {
    const from = size * (isFirstEmpty ? no - 1 : no);
    const values = {
      ...(no === 0 && { ...configValues(checkpoint), ...vocabularyValues(checkpoint) }),
      "split.no": { type: "uint16", value: no },
      "split.count": { type: "uint16", value: count },
      "split.tensors.count": { type: "int32", value: tensors.length },
      ...changes,
    } as Values;
    return ggufFile({ values, tensors: tensors.slice(Math.max(0, from), Math.max(0, from + size)) });
  });
}

/** A safetensors file of what a format leaves of the weights, in F16 as the engine holds it. */
export function asLeft(
  { config, tensors }: HfCheckpoint,
  wanted: Formats<Quantised | "F16" | "F32">,
): ArrayBuffer {
  let end = 0;
  const parts: Uint8Array[] = [];
  const header: Json = {};
  for (const [name, tensor] of Object.entries(tensors)) {
    // Along the rows of the file, which are columns of a Conv1D; that rows change places changes none of them.
    const isTurned = isConv1d(name, config);
    const rows = isTurned ? transposed(tensor) : tensor;
    const format = formatFor(name, rows.shape, wanted);
    let bytes = new Uint8Array((tensor.data as Float32Array).slice().buffer);
    if (format !== "F32") {
      const values = rows.data as Float32Array;
      const data = format === "F16" ? values : dequantise(format, quantise(format, values));
      const left: Tensor = { ...rows, data };
      bytes = new Uint8Array(Uint16Array.from((isTurned ? transposed(left) : left).data, halfBits).buffer);
    }
    header[name] = {
      dtype: format === "F32" ? "F32" : "F16",
      shape: tensor.shape,
      data_offsets: [end, end + bytes.length],
    };
    end += bytes.length;
    parts.push(bytes);
  }
  const file = new Uint8Array(safetensors(header, end));
  let at = file.length - end;
  for (const part of parts) {
    file.set(part, at);
    at += part.length;
  }
  return file.buffer;
}
