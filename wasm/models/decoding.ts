// How an encoder-decoder's text begins, and what it never says.

import type { ConfigReader } from "./config_reader.js";
import type { NativeModelConfig } from "./native.js";

export interface Decoding {
  /** What the decoder reads before its first token. */
  readonly startId: number;
  /** The token that must come first, where there is one. */
  readonly firstId: number | undefined;
  /** Tokens that are never chosen. */
  readonly suppressed: ReadonlySet<number>;
}

const startOf: Readonly<Record<string, number>> = { bart: 2, m2m_100: 2, marian: 58100 };

// Those of which the class itself says what begins a text.
const haveStart: ReadonlySet<unknown> = new Set(["bart", "m2m_100", "mbart", "pegasus"]);

/**
 * Of a config.json: decoder_start_token_id (or, as transformers has it, the padding token), forced_bos_token_id, and the
 * bad_words_ids of one token. Marian's padding begins its texts and is in none. undefined: not an encoder-decoder.
 * Errors: "invalid-model".
 */
export function decodingOf(config: ConfigReader, native: NativeModelConfig): Decoding | undefined {
  if (native.numDecoderLayers === undefined) return undefined;
  const type = String(config.get("model_type"));
  const vocabularySize = native.decoderVocabularySize ?? native.vocabularySize;
  const idOf = (key: string, fallback: number): number => {
    const id = config.tokenId(key, fallback);
    if (id >= vocabularySize) throw config.invalid(key, `a token id below ${vocabularySize}`);
    return id;
  };
  const padding = config.get("pad_token_id") === undefined ? undefined : idOf("pad_token_id", 0);
  const usual = haveStart.has(type) ? undefined : padding;
  const startId = idOf("decoder_start_token_id", usual ?? startOf[type] ?? 0);
  const badWords = config.get("bad_words_ids");
  const suppressed = (Array.isArray(badWords) ? badWords : []).flatMap((word: unknown) =>
    Array.isArray(word) && word.length === 1 && Number.isInteger(word[0]) ? [word[0] as number] : [],
  );
  if (type === "marian" && padding !== undefined) suppressed.push(padding);
  return {
    startId,
    firstId: config.get("forced_bos_token_id") === undefined ? undefined : idOf("forced_bos_token_id", 0),
    suppressed: new Set(suppressed),
  };
}
