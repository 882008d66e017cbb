// Checkpoints of decoders with random weights, in Hugging Face's names.

import type { Tensor } from "../../fixtures/read.js";
import { uniform } from "../random.js";
import { safetensors } from "./checkpoint.js";
import type { Config, Tensors } from "./plain_decoder.js";

type Shapes = [name: string, shape: number[]][];

const size = (value: unknown, fallback?: number): number => Number(value ?? fallback);

function linear(name: string, inputs: number, outputs: number, hasBias: boolean): Shapes {
  return [
    [`${name}.weight`, [outputs, inputs]],
    ...(hasBias ? ([[`${name}.bias`, [outputs]]] as Shapes) : []),
  ];
}

function rotaryShapes(config: Config): Shapes {
  const type = config["model_type"];
  const [width, inner] = [size(config["hidden_size"]), size(config["intermediate_size"])];
  const heads = size(config["num_attention_heads"]);
  const kvHeads = size(config["num_key_value_heads"], heads);
  const dim = size(config["head_dim"], width / heads);
  const bias = config["attention_bias"] === true;
  const isTied = config["tie_word_embeddings"] ?? String(type).startsWith("gemma");
  const hasPostNorms = type === "gemma2" || type === "gemma3_text";
  const layers = Array.from({ length: size(config["num_hidden_layers"]) }, (_, l): Shapes => {
    const [attention, mlp] = [`model.layers.${l}.self_attn`, `model.layers.${l}.mlp`];
    return [
      [`model.layers.${l}.input_layernorm.weight`, [width]],
      [`model.layers.${l}.post_attention_layernorm.weight`, [width]],
      ...(hasPostNorms
        ? ([
            [`model.layers.${l}.pre_feedforward_layernorm.weight`, [width]],
            [`model.layers.${l}.post_feedforward_layernorm.weight`, [width]],
          ] as Shapes)
        : []),
      ...linear(`${attention}.q_proj`, width, heads * dim, bias || type === "qwen2"),
      ...linear(`${attention}.k_proj`, width, kvHeads * dim, bias || type === "qwen2"),
      ...linear(`${attention}.v_proj`, width, kvHeads * dim, bias || type === "qwen2"),
      ...linear(`${attention}.o_proj`, heads * dim, width, bias),
      ...(type === "qwen3" || type === "gemma3_text"
        ? ([
            [`${attention}.q_norm.weight`, [dim]],
            [`${attention}.k_norm.weight`, [dim]],
          ] as Shapes)
        : []),
      ...linear(`${mlp}.gate_proj`, width, inner, config["mlp_bias"] === true),
      ...linear(`${mlp}.up_proj`, width, inner, config["mlp_bias"] === true),
      ...linear(`${mlp}.down_proj`, inner, width, config["mlp_bias"] === true),
    ];
  });
  return [
    ["model.embed_tokens.weight", [size(config["vocab_size"]), width]],
    ...layers.flat(),
    ["model.norm.weight", [width]],
    ...(isTied ? [] : linear("lm_head", width, size(config["vocab_size"]), false)),
  ];
}

function norm(name: string, width: number): Shapes {
  return [
    [`${name}.weight`, [width]],
    [`${name}.bias`, [width]],
  ];
}

function gptNeoxShapes(config: Config): Shapes {
  const [width, inner] = [size(config["hidden_size"]), size(config["intermediate_size"])];
  const layers = Array.from({ length: size(config["num_hidden_layers"]) }, (_, l): Shapes => {
    const at = `gpt_neox.layers.${l}`;
    return [
      ...norm(`${at}.input_layernorm`, width),
      ...norm(`${at}.post_attention_layernorm`, width),
      ...linear(`${at}.attention.query_key_value`, width, 3 * width, config["attention_bias"] !== false),
      ...linear(`${at}.attention.dense`, width, width, config["attention_bias"] !== false),
      ...linear(`${at}.mlp.dense_h_to_4h`, width, inner, true),
      ...linear(`${at}.mlp.dense_4h_to_h`, inner, width, true),
    ];
  });
  return [
    ["gpt_neox.embed_in.weight", [size(config["vocab_size"]), width]],
    ...layers.flat(),
    ...norm("gpt_neox.final_layer_norm", width),
    ["embed_out.weight", [size(config["vocab_size"]), width]],
  ];
}

function optShapes(config: Config): Shapes {
  const [width, inner] = [size(config["hidden_size"]), size(config["ffn_dim"])];
  const narrow = size(config["word_embed_proj_dim"], width);
  const at = "model.decoder";
  const layers = Array.from({ length: size(config["num_hidden_layers"]) }, (_, l): Shapes => {
    const layer = `${at}.layers.${l}`;
    const attention = ["k", "v", "q", "out"].map((part) => `${layer}.self_attn.${part}_proj`);
    return [
      ...attention.flatMap((name) => linear(name, width, width, config["enable_bias"] !== false)),
      ...norm(`${layer}.self_attn_layer_norm`, width),
      ...linear(`${layer}.fc1`, width, inner, config["enable_bias"] !== false),
      ...linear(`${layer}.fc2`, inner, width, config["enable_bias"] !== false),
      ...norm(`${layer}.final_layer_norm`, width),
    ];
  });
  const isProjected = narrow !== width;
  return [
    [`${at}.embed_tokens.weight`, [size(config["vocab_size"]), narrow]],
    [`${at}.embed_positions.weight`, [size(config["max_position_embeddings"]) + 2, width]],
    ...(isProjected ? linear(`${at}.project_in`, narrow, width, false) : []),
    ...layers.flat(),
    ...(config["do_layer_norm_before"] === false ? [] : norm(`${at}.final_layer_norm`, width)),
    ...(isProjected ? linear(`${at}.project_out`, width, narrow, false) : []),
  ];
}

const shapesOf: Record<string, (config: Config) => Shapes> = { gpt_neox: gptNeoxShapes, opt: optShapes };

/** Random tensors for a config.json, the same each time. */
export function decoderTensors(config: Config): Tensors {
  const random = uniform(1);
  const made = ([name, shape]: [string, number[]]): [string, Tensor] => {
    const length = shape.reduce((a, b) => a * b);
    // Products of a size with their operands; gains about 1, and what is added small.
    const spread = shape.length === 2 ? 2 / Math.sqrt(shape[1] as number) : 0.5;
    const isGain = /norm\.weight$/.test(name) && !String(config["model_type"]).startsWith("gemma");
    const middle = isGain ? 1 : 0;
    const data = Float32Array.from({ length }, () => middle + spread * (2 * random() - 1));
    return [name, { dtype: "F32", shape, data }];
  };
  const shapes = shapesOf[String(config["model_type"])] ?? rotaryShapes;
  return Object.fromEntries(shapes(config).map(made));
}

/** The tensors as a file. */
export function safetensorsOf(tensors: Tensors): ArrayBuffer {
  let end = 0;
  const header = Object.fromEntries(
    Object.entries(tensors).map(([name, { dtype, shape, data }]) => {
      const begin = end;
      end += data.byteLength;
      return [name, { dtype, shape, data_offsets: [begin, end] }];
    }),
  );
  const file = safetensors(header, end);
  const bytes = new Uint8Array(file, file.byteLength - end);
  for (const [name, { data }] of Object.entries(tensors)) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), header[name]?.data_offsets[0]);
  }
  return file;
}
