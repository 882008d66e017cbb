// BART and Marian in plain doubles: Vaswani et al. (2017), section 3, as transformers 5.12's modeling_bart.py and
// modeling_marian.py have it: Add & Norm, learned positions from the table's third row on or sinusoids with the sines first.

import {
  add,
  attention,
  causal,
  gelu,
  layerNorm,
  linear,
  mapped,
  relu,
  scaled,
  silu,
  type Matrix,
} from "./maths.js";
import { dense, layered, norm } from "./shapes.js";
import type { MadeCheckpoint, Shapes } from "./checkpoint.js";
import type { EncoderDecoderRun } from "./encoder_decoder.js";

export interface BartSizes {
  kind: "bart" | "marian";
  layers: number;
  decoderLayers: number;
  heads: number;
  width: number;
  inner: number;
  vocabulary: number;
  positions: number;
  activation: "gelu" | "relu" | "swish";
  scaleEmbedding: boolean;
}

export function bartShapes(size: BartSizes): Shapes {
  const { kind, layers, decoderLayers, width, inner, vocabulary, positions } = size;
  const attends = (name: string): Shapes =>
    Object.assign(
      {},
      ...["q_proj", "k_proj", "v_proj", "out_proj"].map((p) => dense(`${name}.${p}`, width, width)),
    );
  const layer = (name: string, isDecoder: boolean): Shapes => ({
    ...attends(`${name}.self_attn`),
    ...norm(`${name}.self_attn_layer_norm`, width),
    ...(isDecoder
      ? { ...attends(`${name}.encoder_attn`), ...norm(`${name}.encoder_attn_layer_norm`, width) }
      : {}),
    ...dense(`${name}.fc1`, width, inner),
    ...dense(`${name}.fc2`, inner, width),
    ...norm(`${name}.final_layer_norm`, width),
  });
  const stack = (name: string, count: number): Shapes => ({
    ...(kind === "bart"
      ? {
          [`model.${name}.embed_positions.weight`]: [positions + 2, width],
          ...norm(`model.${name}.layernorm_embedding`, width),
        }
      : {}),
    ...layered(count, (l) => layer(`model.${name}.layers.${l}`, name === "decoder")),
  });
  return {
    "model.shared.weight": [vocabulary, width],
    ...stack("encoder", layers),
    ...stack("decoder", decoderLayers),
    final_logits_bias: [1, vocabulary],
  };
}

/** sin(pos / 10000^(2i/d)) for each pair i of channels, then the cosines. */
const sinusoid = (position: number, width: number): number[] => {
  const angle = (pair: number): number => position / 10000 ** ((2 * pair) / width);
  const sines = Math.ceil(width / 2);
  return Array.from({ length: width }, (_, d) =>
    d < sines ? Math.sin(angle(d)) : Math.cos(angle(d - sines)),
  );
};

export function runBart(
  made: MadeCheckpoint,
  size: BartSizes,
  source: readonly number[],
  target: readonly number[],
): EncoderDecoderRun {
  const { kind, heads, width } = size;
  const act = { gelu, relu, swish: silu }[size.activation];
  const apply = (x: Matrix, name: string): Matrix =>
    linear(x, made.matrix(`${name}.weight`), made.vector(`${name}.bias`));
  const normalise = (x: Matrix, name: string): Matrix =>
    layerNorm(x, made.vector(`${name}.weight`), made.vector(`${name}.bias`), 1e-5);
  const words = made.matrix("model.shared.weight");

  const embed = (ids: readonly number[], name: string): Matrix => {
    const x = scaled(
      ids.map((id) => words[id] ?? []),
      size.scaleEmbedding ? Math.sqrt(width) : 1,
    );
    if (kind === "marian")
      return add(
        x,
        ids.map((_, i) => sinusoid(i, width)),
      );
    const table = made.matrix(`model.${name}.embed_positions.weight`);
    return normalise(
      add(
        x,
        ids.map((_, i) => table[i + 2] ?? []),
      ),
      `model.${name}.layernorm_embedding`,
    );
  };
  const attend = (x: Matrix, memory: Matrix, name: string, mask?: typeof causal) => {
    const query = apply(x, `${name}.q_proj`);
    const [key, value] = [apply(memory, `${name}.k_proj`), apply(memory, `${name}.v_proj`)];
    const { weights, context } = attention({ query, key, value }, heads, Math.sqrt(heads / width), mask);
    return { weights, x: normalise(add(x, apply(context, `${name}.out_proj`)), `${name}_layer_norm`) };
  };
  const feedForward = (x: Matrix, name: string): Matrix =>
    normalise(add(x, apply(mapped(apply(x, `${name}.fc1`), act), `${name}.fc2`)), `${name}.final_layer_norm`);

  let x = embed(source, "encoder");
  const encoder: EncoderDecoderRun["encoder"] = { attentions: [], hidden: [x] };
  for (let l = 0; l < size.layers; l++) {
    const name = `model.encoder.layers.${l}`;
    const own = attend(x, x, `${name}.self_attn`);
    x = feedForward(own.x, name);
    encoder.attentions.push(own.weights);
    encoder.hidden.push(x);
  }
  const memory = x;

  x = embed(target, "decoder");
  const decoder: EncoderDecoderRun["decoder"] = { attentions: [], crossAttentions: [], hidden: [x] };
  for (let l = 0; l < size.decoderLayers; l++) {
    const name = `model.decoder.layers.${l}`;
    const own = attend(x, x, `${name}.self_attn`, (h, i, j) => causal(h, i, j));
    const cross = attend(own.x, memory, `${name}.encoder_attn`);
    x = feedForward(cross.x, name);
    decoder.attentions.push(own.weights);
    decoder.crossAttentions.push(cross.weights);
    decoder.hidden.push(x);
  }
  return { encoder, decoder, logits: linear(x, words, made.matrix("final_logits_bias")[0] ?? []) };
}
