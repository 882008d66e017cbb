// config.json of encoder-decoders. The keys and their defaults are those of Hugging Face transformers 5.12
// (configuration_bart.py, _mbart.py, _marian.py, _pegasus.py, _m2m_100.py, _t5.py).

import { activations } from "./activations.js";
import type { ConfigReader } from "./config_reader.js";
import type { NativeModelConfig } from "./native.js";

/** What configuration_bart.py and its kin set where a config.json says nothing, and where their layers differ. */
interface BartLike {
  readonly architecture: "bart" | "mbart" | "marian" | "pegasus" | "m2m_100";
  /** The same with the norms before the sublayers, where a config may ask for that. */
  readonly withPreNorms?: "mbart" | "pegasus";
  readonly normalizesEmbedding: boolean;
  readonly isStatic: boolean;
  readonly activation?: string;
  readonly scalesEmbedding?: boolean;
  /** Where positions are counted from behind the padding token's id: that id. */
  readonly paddingId?: number;
}

const bart = { architecture: "bart", normalizesEmbedding: true, isStatic: false } as const;
const marian = { architecture: "marian", normalizesEmbedding: false, isStatic: true } as const;
const m2m100 = { ...marian, activation: "relu", scalesEmbedding: true, paddingId: 1 } as const;

function readBartLike(config: ConfigReader, kind: BartLike): NativeModelConfig {
  config.allowOnly("add_bias_logits", [false]);
  config.allowOnly("normalize_embedding", [kind.normalizesEmbedding]);
  config.allowOnly("static_position_embeddings", [kind.isStatic]);
  const modelDim = config.size("d_model");
  const numHeads = config.size("encoder_attention_heads");
  const feedForwardDim = config.size("encoder_ffn_dim");
  const vocabularySize = config.size("vocab_size");
  config.allowOnly("decoder_attention_heads", [numHeads]);
  config.allowOnly("decoder_ffn_dim", [feedForwardDim]);
  return {
    architecture: architectureOf(config, kind),
    numLayers: config.size("encoder_layers"),
    numDecoderLayers: config.size("decoder_layers"),
    numHeads,
    numKvHeads: numHeads,
    headDim: config.quotient("d_model", modelDim, "encoder_attention_heads", numHeads),
    modelDim,
    feedForwardDim,
    vocabularySize,
    ...readDecoderVocabulary(config, vocabularySize),
    maxLength: config.size("max_position_embeddings", 1024),
    numTokenTypes: 0,
    ...(kind.paddingId === undefined ? {} : { paddingId: config.tokenId("pad_token_id", kind.paddingId) }),
    normEpsilon: 1e-5,
    activation: config.choice("activation_function", activations, kind.activation ?? "gelu"),
    tiedHead: config.flag("tie_word_embeddings", true),
    embeddingScale: config.flag("scale_embedding", kind.scalesEmbedding ?? false) ? Math.sqrt(modelDim) : 1,
  };
}

/** Norms before the sublayers come with one behind the last: a config that has the one without the other is refused. */
function architectureOf(config: ConfigReader, { architecture, withPreNorms }: BartLike): string {
  const isPlain = withPreNorms !== undefined;
  const before = config.flag("normalize_before", !isPlain);
  config.allowOnly("normalize_before", isPlain ? [true, false] : [true]);
  config.allowOnly("add_final_layer_norm", [before]);
  return isPlain && before ? withPreNorms : architecture;
}

/** Marian's two languages may have a vocabulary each. */
function readDecoderVocabulary(config: ConfigReader, vocabularySize: number): Partial<NativeModelConfig> {
  if (config.flag("share_encoder_decoder_embeddings", true)) {
    config.allowOnly("decoder_vocab_size", [vocabularySize]);
    return {};
  }
  return { decoderVocabularySize: config.size("decoder_vocab_size", vocabularySize) };
}

type Read = (config: ConfigReader) => NativeModelConfig;

export const readBart: Read = (config) => readBartLike(config, { ...bart, withPreNorms: "mbart" });
export const readMbart: Read = (config) => readBartLike(config, { ...bart, architecture: "mbart" });
export const readMarian: Read = (config) => readBartLike(config, { ...marian, withPreNorms: "pegasus" });
export const readPegasus: Read = (config) => readBartLike(config, { ...marian, architecture: "pegasus" });
export const readM2m100: Read = (config) => readBartLike(config, { ...m2m100, architecture: "m2m_100" });

type FeedForward = Pick<NativeModelConfig, "activation" | "hasGate">;

// T5's names of feed-forward layers; its "gated-gelu" is the approximation by tanh.
const feedForwards: ReadonlyMap<string, FeedForward> = new Map<string, FeedForward>([
  ...[...activations].map(([name, activation]): [string, FeedForward] => [name, { activation }]),
  ...[...activations].map(([name, activation]): [string, FeedForward] => [
    `gated-${name}`,
    { activation, hasGate: true },
  ]),
  ["gated-gelu", { activation: "gelu_tanh", hasGate: true }],
]);

// T5's positions are distances, which have no end: what memory holds is less.
const noEnd = 2 ** 20;

export function readT5(config: ConfigReader): NativeModelConfig {
  const modelDim = config.size("d_model");
  const numHeads = config.size("num_heads");
  const numLayers = config.size("num_layers");
  const tiedHead = config.flag("tie_word_embeddings", true);
  return {
    architecture: "t5",
    numLayers,
    numDecoderLayers: config.size("num_decoder_layers", numLayers),
    numHeads,
    numKvHeads: numHeads,
    headDim: config.size("d_kv"),
    modelDim,
    feedForwardDim: config.size("d_ff"),
    vocabularySize: config.size("vocab_size"),
    maxLength: noEnd,
    numTokenTypes: 0,
    normEpsilon: config.positive("layer_norm_epsilon", 1e-6),
    ...config.choice("feed_forward_proj", feedForwards, "relu"),
    tiedHead,
    attentionScale: 1,
    headScale: config.flag("scale_decoder_outputs", tiedHead) ? 1 / Math.sqrt(modelDim) : 1,
    relativeBuckets: config.size("relative_attention_num_buckets", 32),
    relativeMaxDistance: config.size("relative_attention_max_distance", 128),
  };
}
