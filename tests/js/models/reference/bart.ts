// BART and its kin in plain doubles: Vaswani et al. (2017), section 3, as transformers 5.12's modeling_bart.py, _mbart.py,
// _marian.py, _pegasus.py and _m2m_100.py have it: Add & Norm or the norm before the sublayer, learned positions from the
// table's third row on or sinusoids with the sines first, of M2M-100 from the row behind the padding's.

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
  kind: "bart" | "marian" | "mbart" | "pegasus" | "m2m_100";
  layers: number;
  decoderLayers: number;
  heads: number;
  width: number;
  inner: number;
  vocabulary: number;
  positions: number;
  activation: "gelu" | "relu" | "swish";
  scaleEmbedding: boolean;
  /** Of the decoder's own table of tokens. */
  decoderVocabulary?: number;
  tied?: boolean;
}

const isLearned = ({ kind }: BartSizes): boolean => kind === "bart" || kind === "mbart";
const isPreNorm = ({ kind }: BartSizes): boolean => kind !== "bart" && kind !== "marian";
const paddingId = 0;

export function bartShapes(size: BartSizes): Shapes {
  const { kind, layers, decoderLayers, width, inner, vocabulary, positions, decoderVocabulary } = size;
  const logits = decoderVocabulary ?? vocabulary;
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
    ...(isLearned(size)
      ? {
          [`model.${name}.embed_positions.weight`]: [positions + 2, width],
          ...norm(`model.${name}.layernorm_embedding`, width),
        }
      : {}),
    ...layered(count, (l) => layer(`model.${name}.layers.${l}`, name === "decoder")),
    ...(isPreNorm(size) ? norm(`model.${name}.layer_norm`, width) : {}),
  });
  return {
    ...(decoderVocabulary === undefined
      ? { "model.shared.weight": [vocabulary, width] }
      : {
          "model.encoder.embed_tokens.weight": [vocabulary, width],
          "model.decoder.embed_tokens.weight": [decoderVocabulary, width],
        }),
    ...stack("encoder", layers),
    ...stack("decoder", decoderLayers),
    ...(size.tied === false ? { "lm_head.weight": [logits, width] } : {}),
    ...(kind === "m2m_100" ? {} : { final_logits_bias: [1, logits] }),
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

/** Of M2M-100: the angles' steps go from 1 to 1 / 10000, and an odd width ends with a 0. */
const spacedSinusoid = (position: number, width: number): number[] => {
  const half = Math.floor(width / 2);
  const angle = (pair: number): number => position * 10000 ** (-pair / (half - 1));
  return Array.from({ length: width }, (_, d) =>
    d < half ? Math.sin(angle(d)) : d < 2 * half ? Math.cos(angle(d - half)) : 0,
  );
};

/** The positions of a text: padding has none, and is not counted. */
function m2m100Positions(ids: readonly number[], width: number): Matrix {
  let next = paddingId + 1;
  return ids.map((id) => (id === paddingId ? Array<number>(width).fill(0) : spacedSinusoid(next++, width)));
}

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
  const isBefore = isPreNorm(size);
  const tokensOf = (stack: string): Matrix =>
    made.matrix(
      size.decoderVocabulary === undefined ? "model.shared.weight" : `model.${stack}.embed_tokens.weight`,
    );

  const embed = (ids: readonly number[], name: string): Matrix => {
    const words = tokensOf(name);
    const x = scaled(
      ids.map((id) => words[id] ?? []),
      size.scaleEmbedding ? Math.sqrt(width) : 1,
    );
    if (kind === "m2m_100") return add(x, m2m100Positions(ids, width));
    if (!isLearned(size))
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
  const before = (x: Matrix, name: string): Matrix => (isBefore ? normalise(x, name) : x);
  const joined = (x: Matrix, update: Matrix, name: string): Matrix =>
    isBefore ? add(x, update) : normalise(add(x, update), name);
  const attend = (x: Matrix, memory: Matrix | undefined, name: string, mask?: typeof causal) => {
    const input = before(x, `${name}_layer_norm`);
    const query = apply(input, `${name}.q_proj`);
    const seen = memory ?? input;
    const [key, value] = [apply(seen, `${name}.k_proj`), apply(seen, `${name}.v_proj`)];
    const { weights, context } = attention({ query, key, value }, heads, Math.sqrt(heads / width), mask);
    return { weights, x: joined(x, apply(context, `${name}.out_proj`), `${name}_layer_norm`) };
  };
  const feedForward = (x: Matrix, name: string): Matrix => {
    const inner = mapped(apply(before(x, `${name}.final_layer_norm`), `${name}.fc1`), act);
    return joined(x, apply(inner, `${name}.fc2`), `${name}.final_layer_norm`);
  };
  const ended = (x: Matrix, stack: string): Matrix =>
    isBefore ? normalise(x, `model.${stack}.layer_norm`) : x;

  let x = embed(source, "encoder");
  const encoder: EncoderDecoderRun["encoder"] = { attentions: [], hidden: [x] };
  for (let l = 0; l < size.layers; l++) {
    const name = `model.encoder.layers.${l}`;
    const own = attend(x, undefined, `${name}.self_attn`);
    x = feedForward(own.x, name);
    if (l === size.layers - 1) x = ended(x, "encoder");
    encoder.attentions.push(own.weights);
    encoder.hidden.push(x);
  }
  const memory = x;

  x = embed(target, "decoder");
  const decoder: EncoderDecoderRun["decoder"] = { attentions: [], crossAttentions: [], hidden: [x] };
  for (let l = 0; l < size.decoderLayers; l++) {
    const name = `model.decoder.layers.${l}`;
    const own = attend(x, undefined, `${name}.self_attn`, (h, i, j) => causal(h, i, j));
    const cross = attend(own.x, memory, `${name}.encoder_attn`);
    x = feedForward(cross.x, name);
    if (l === size.decoderLayers - 1) x = ended(x, "decoder");
    decoder.attentions.push(own.weights);
    decoder.crossAttentions.push(cross.weights);
    decoder.hidden.push(x);
  }
  const head = size.tied === false ? made.matrix("lm_head.weight") : tokensOf("decoder");
  const bias = kind === "m2m_100" ? undefined : (made.matrix("final_logits_bias")[0] ?? []);
  return { encoder, decoder, logits: linear(x, head, bias) };
}
