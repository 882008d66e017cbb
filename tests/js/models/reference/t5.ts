// T5 in plain doubles: Raffel et al. (2020), section 2.1, as transformers 5.12's modeling_t5.py has it: each sublayer adds to
// the stream what it makes of the stream normalised by root mean square; no biases, no scale of products; a learned number a
// bucket of distances and head joins every score of a text's attention to itself.

import { add, attention, geluTanh, linear, mapped, relu, rmsNorm, scaled, type Matrix } from "./maths.js";
import { layered } from "./shapes.js";
import type { MadeCheckpoint, Shapes } from "./checkpoint.js";
import type { EncoderDecoderRun } from "./encoder_decoder.js";

export interface T5Sizes {
  layers: number;
  decoderLayers: number;
  heads: number;
  headDim: number;
  width: number;
  inner: number;
  vocabulary: number;
  buckets: number;
  maxDistance: number;
  feedForward: "relu" | "gated-gelu";
  tied: boolean;
}

export function t5Shapes(size: T5Sizes): Shapes {
  const { layers, decoderLayers, heads, headDim, width, inner, vocabulary, buckets } = size;
  const attends = (name: string): Shapes => ({
    ...Object.fromEntries(
      ["q", "k", "v"].map((part) => [`${name}.${part}.weight`, [heads * headDim, width]]),
    ),
    [`${name}.o.weight`]: [width, heads * headDim],
  });
  const sublayer = (name: string, shapes: Shapes): Shapes => ({
    ...shapes,
    [`${name}.layer_norm.weight`]: [width],
  });
  const gated = size.feedForward === "gated-gelu";
  const feedForward = (name: string): Shapes =>
    sublayer(name, {
      ...Object.fromEntries(
        (gated ? ["wi_0", "wi_1"] : ["wi"]).map((part) => [
          `${name}.DenseReluDense.${part}.weight`,
          [inner, width],
        ]),
      ),
      [`${name}.DenseReluDense.wo.weight`]: [width, inner],
    });
  const block = (name: string, isDecoder: boolean): Shapes => ({
    ...sublayer(`${name}.layer.0`, attends(`${name}.layer.0.SelfAttention`)),
    ...(isDecoder ? sublayer(`${name}.layer.1`, attends(`${name}.layer.1.EncDecAttention`)) : {}),
    ...feedForward(`${name}.layer.${isDecoder ? 2 : 1}`),
  });
  const stack = (name: string, count: number): Shapes => ({
    ...layered(count, (l) => block(`${name}.block.${l}`, name === "decoder")),
    [`${name}.block.0.layer.0.SelfAttention.relative_attention_bias.weight`]: [buckets, heads],
    [`${name}.final_layer_norm.weight`]: [width],
  });
  return {
    "shared.weight": [vocabulary, width],
    ...stack("encoder", layers),
    ...stack("decoder", decoderLayers),
    ...(size.tied ? {} : { "lm_head.weight": [vocabulary, width] }),
  };
}

/** The bucket of key - query: half of a direction's buckets have one distance each, the others share the rest by its logarithm. */
export function bucketOf(distance: number, bothWays: boolean, buckets: number, maxDistance: number): number {
  const own = bothWays ? buckets / 2 : buckets;
  const first = bothWays && distance > 0 ? own : 0;
  const far = bothWays ? Math.abs(distance) : Math.max(0, -distance);
  const exact = own / 2;
  if (far < exact) return first + far;
  const further = Math.floor((Math.log(far / exact) / Math.log(maxDistance / exact)) * (own - exact));
  return first + Math.min(exact + further, own - 1);
}

export function runT5(
  made: MadeCheckpoint,
  size: T5Sizes,
  source: readonly number[],
  target: readonly number[],
): EncoderDecoderRun {
  const { heads, width, buckets, maxDistance } = size;
  const apply = (x: Matrix, name: string): Matrix => linear(x, made.matrix(`${name}.weight`));
  const normalise = (x: Matrix, name: string): Matrix => rmsNorm(x, made.vector(`${name}.weight`), 1e-6);
  const words = made.matrix("shared.weight");

  const biasOf = (stack: "encoder" | "decoder") => {
    const table = made.matrix(`${stack}.block.0.layer.0.SelfAttention.relative_attention_bias.weight`);
    const isEncoder = stack === "encoder";
    return (head: number, i: number, j: number): number =>
      !isEncoder && j > i
        ? -Infinity
        : (table[bucketOf(j - i, isEncoder, buckets, maxDistance)]?.[head] ?? NaN);
  };
  const attend = (
    x: Matrix,
    name: string,
    part: string,
    memory?: Matrix,
    bias?: ReturnType<typeof biasOf>,
  ) => {
    const normed = normalise(x, `${name}.layer_norm`);
    const query = apply(normed, `${name}.${part}.q`);
    const [key, value] = [
      apply(memory ?? normed, `${name}.${part}.k`),
      apply(memory ?? normed, `${name}.${part}.v`),
    ];
    const { weights, context } = attention({ query, key, value }, heads, 1, bias);
    return { weights, x: add(x, apply(context, `${name}.${part}.o`)) };
  };
  const feedForward = (x: Matrix, layer: string): Matrix => {
    const normed = normalise(x, `${layer}.layer_norm`);
    const name = `${layer}.DenseReluDense`;
    if (size.feedForward === "relu")
      return add(x, apply(mapped(apply(normed, `${name}.wi`), relu), `${name}.wo`));
    const gate = mapped(apply(normed, `${name}.wi_0`), geluTanh);
    const plain = apply(normed, `${name}.wi_1`);
    return add(
      x,
      apply(
        gate.map((row, i) => row.map((v, d) => v * (plain[i]?.[d] ?? NaN))),
        `${name}.wo`,
      ),
    );
  };

  let x = source.map((id) => words[id] ?? []);
  const encoder: EncoderDecoderRun["encoder"] = { attentions: [], hidden: [x] };
  const encoderBias = biasOf("encoder");
  for (let l = 0; l < size.layers; l++) {
    const own = attend(x, `encoder.block.${l}.layer.0`, "SelfAttention", undefined, encoderBias);
    x = feedForward(own.x, `encoder.block.${l}.layer.1`);
    if (l === size.layers - 1) x = normalise(x, "encoder.final_layer_norm");
    encoder.attentions.push(own.weights);
    encoder.hidden.push(x);
  }
  const memory = x;

  x = target.map((id) => words[id] ?? []);
  const decoder: EncoderDecoderRun["decoder"] = { attentions: [], crossAttentions: [], hidden: [x] };
  const decoderBias = biasOf("decoder");
  for (let l = 0; l < size.decoderLayers; l++) {
    const own = attend(x, `decoder.block.${l}.layer.0`, "SelfAttention", undefined, decoderBias);
    const cross = attend(own.x, `decoder.block.${l}.layer.1`, "EncDecAttention", memory);
    x = feedForward(cross.x, `decoder.block.${l}.layer.2`);
    if (l === size.decoderLayers - 1) x = normalise(x, "decoder.final_layer_norm");
    decoder.attentions.push(own.weights);
    decoder.crossAttentions.push(cross.weights);
    decoder.hidden.push(x);
  }
  const logits = size.tied
    ? linear(scaled(x, 1 / Math.sqrt(width)), words)
    : linear(x, made.matrix("lm_head.weight"));
  return { encoder, decoder, logits };
}
