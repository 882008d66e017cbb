// A model to run: BERT's shape with random weights, in the files that heed loads. Speed does not depend on what it has learnt.

import type { ModelFiles } from "heed/models";

export interface BertSizes {
  numLayers: number;
  modelDim: number;
  numHeads: number;
  feedForwardDim: number;
  vocabularySize: number;
  maxLength: number;
}

/** Its encoder, and the tokens to run: what contenders are asked for. */
export interface Bert {
  sizes: BertSizes;
  files: ModelFiles & { weights: Uint8Array<ArrayBuffer> };
  /** Where each weight lies in the weights' file. */
  weights: ReadonlyMap<string, { shape: readonly number[]; offset: number }>;
  ids: readonly number[];
}

export const normEpsilon = 1e-12;

export function makeBert(sizes: BertSizes, length: number): Bert {
  const weights = weightsOf(sizes);
  const { file, offsets } = safetensors(weights);
  return {
    sizes,
    files: { config: configOf(sizes), tokenizer, weights: file },
    weights: new Map(weights.map(({ name, shape }, i) => [name, { shape, offset: offsets[i] as number }])),
    ids: Array.from({ length }, (_, i) => (i * 7919) % sizes.vocabularySize),
  };
}

/** Of the linear layers and both products of attention, for one text. */
export function bertFlops({ sizes: { numLayers, modelDim, feedForwardDim }, ids: { length } }: Bert): number {
  const linear = 4 * modelDim * modelDim + 2 * modelDim * feedForwardDim;
  return 2 * numLayers * length * (linear + 2 * length * modelDim);
}

/** Uniform numbers of `spread` around `middle`. */
interface Weight {
  name: string;
  shape: readonly number[];
  middle: number;
  spread: number;
}

function weightsOf({ numLayers, modelDim, feedForwardDim, vocabularySize, maxLength }: BertSizes): Weight[] {
  const weight = (name: string, shape: readonly number[], middle = 0): Weight => ({
    ...{ name, shape, middle },
    spread: 0.03,
  });
  const linear = (name: string, inputs: number, outputs: number) => [
    weight(`${name}.weight`, [outputs, inputs]),
    weight(`${name}.bias`, [outputs]),
  ];
  const norm = (name: string) => [
    weight(`${name}.weight`, [modelDim], 1),
    weight(`${name}.bias`, [modelDim]),
  ];
  const layer = (name: string) => [
    ...["query", "key", "value"].flatMap((part) =>
      linear(`${name}.attention.self.${part}`, modelDim, modelDim),
    ),
    ...linear(`${name}.attention.output.dense`, modelDim, modelDim),
    ...norm(`${name}.attention.output.LayerNorm`),
    ...linear(`${name}.intermediate.dense`, modelDim, feedForwardDim),
    ...linear(`${name}.output.dense`, feedForwardDim, modelDim),
    ...norm(`${name}.output.LayerNorm`),
  ];
  return [
    weight("embeddings.word_embeddings.weight", [vocabularySize, modelDim]),
    weight("embeddings.position_embeddings.weight", [maxLength, modelDim]),
    weight("embeddings.token_type_embeddings.weight", [2, modelDim]),
    ...norm("embeddings.LayerNorm"),
    ...Array.from({ length: numLayers }, (_, l) => layer(`encoder.layer.${l}`)).flat(),
  ];
}

/** https://github.com/huggingface/safetensors#format: the header's length in 8 bytes, the header as JSON, the numbers. */
function safetensors(weights: readonly Weight[]): { file: Uint8Array<ArrayBuffer>; offsets: number[] } {
  let end = 0;
  const entries = weights.map(({ name, shape }) => {
    const begin = end;
    end += 4 * shape.reduce((product, size) => product * size, 1);
    return [name, { dtype: "F32", shape, data_offsets: [begin, end] }] as const;
  });
  const json = JSON.stringify(Object.fromEntries(entries));
  // Spaces, so that the numbers are aligned.
  const header = new TextEncoder().encode(json.padEnd(Math.ceil(json.length / 8) * 8));
  const begin = 8 + header.length;
  const file = new Uint8Array(begin + end);
  new DataView(file.buffer).setUint32(0, header.length, true);
  file.set(header, 8);
  fill(new Float32Array(file.buffer, begin), weights);
  return { file, offsets: entries.map(([, { data_offsets: offsets }]) => begin + (offsets[0] as number)) };
}

/** A linear congruential generator (Numerical Recipes): a hundred million numbers in half a second. */
function fill(values: Float32Array, weights: readonly Weight[]): void {
  let state = 1;
  let at = 0;
  for (const { shape, middle, spread } of weights) {
    const count = shape.reduce((product, size) => product * size, 1);
    for (const end = at + count; at < end; at++) {
      state = (Math.imul(state, 1664525) + 1013904223) | 0;
      values[at] = middle + spread * (state / 2 ** 31);
    }
  }
}

function configOf(sizes: BertSizes): object {
  return {
    ...{ model_type: "bert", hidden_act: "gelu", layer_norm_eps: normEpsilon, type_vocab_size: 2 },
    ...{
      hidden_size: sizes.modelDim,
      num_attention_heads: sizes.numHeads,
      num_hidden_layers: sizes.numLayers,
    },
    ...{ intermediate_size: sizes.feedForwardDim, vocab_size: sizes.vocabularySize },
    max_position_embeddings: sizes.maxLength,
  };
}

/** The least that is one: texts come as ids. */
const tokenizer = {
  ...{ added_tokens: [], normalizer: { type: "BertNormalizer", lowercase: true } },
  ...{ pre_tokenizer: { type: "BertPreTokenizer" }, post_processor: null },
  decoder: { type: "WordPiece", prefix: "##" },
  model: { type: "WordPiece", vocab: { "[UNK]": 0 }, unk_token: "[UNK]", continuing_subword_prefix: "##" },
};
