// The normaliser "Precompiled": SentencePiece's own table of replacements, as it lies in its models. Semantics: Hugging
// Face's crate spm_precompiled and tokenizers, src/normalizers/precompiled.rs.
//
// The table, base64: u32 bytes of the trie; the trie, u32 units of Darts-clone's double array (github.com/s-yata/darts-clone,
// include/darts.h); then the replacements, UTF-8, each ended by a zero byte. A value of the trie is the place of its
// replacement in them. All little-endian.
//
// A grapheme of less than six bytes is looked up first, then each of its characters. As there, what is found is the
// shortest key that it begins with, and the whole of it is replaced.
//
// Ranges: the n-th character of a replacement has that of the n-th it replaces, or of the last. Hugging Face tokenizers gives
// the same for one character that replaces one or more; where the replacement is empty or longer, as "fi" for "ﬁ", its
// ranges of all that follows are off by the difference, and these are not.

import { HeedError } from "../../errors.js";
import { utf8 } from "../utf8.js";
import { AlignedText } from "./aligned_text.js";
import { asString, invalidTokenizer, type Json } from "./definition.js";
import type { Normalize } from "./normalizers.js";

const where = "normalizer.precompiled_charsmap";
const longestGrapheme = 5;
function bytesOf(base64: string): Uint8Array {
  try {
    return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
  } catch (cause) {
    throw invalidTokenizer(`${where} is not base64`, cause);
  }
}

/** The replacement of what a key begins; undefined: there is none. */
type Rule = (key: string) => string | undefined;

function readRules(bytes: Uint8Array): Rule {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const units = bytes.length < 4 ? 0 : Math.floor(view.getUint32(0, true) / 4);
  const textAt = 4 + 4 * units;
  if (units === 0 || textAt > bytes.length) {
    throw invalidTokenizer(
      `${where} has ${bytes.length} bytes and says its trie has ${units} units of 4, which is ${units === 0 ? "none" : "more"}`,
    );
  }
  const trie = Uint32Array.from({ length: units }, (_, i) => view.getUint32(4 + 4 * i, true));
  const texts = bytes.subarray(textAt);
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  try {
    decoder.decode(texts);
  } catch (cause) {
    throw invalidTokenizer(`the replacements of ${where} are not UTF-8`, cause);
  }

  function unitAt(place: number): number {
    const unit = trie[place];
    if (unit === undefined) {
      throw invalidTokenizer(`the trie of ${where} leads to its unit ${place}; there are ${units}`);
    }
    return unit;
  }

  function replacementAt(place: number): string {
    const isInside = ((texts[place - 1] ?? 0) & 0x80) !== 0 && ((texts[place] ?? 0) & 0xc0) === 0x80;
    if (place > texts.length || isInside) {
      throw invalidTokenizer(`${where} has no replacement at ${place} of ${texts.length} bytes`);
    }
    const end = texts.indexOf(0, place);
    return decoder.decode(texts.subarray(place, end === -1 ? texts.length : end));
  }

  // A unit, from its lowest bit: 8 of the byte that leads to it, whether a key ends here, whether the offset is in 256s, 22 of
  // the offset to its children. The highest bit tells a value, its other 31, from these.
  const offsetOf = (unit: number): number => (unit >>> 10) << (unit & 0x200 ? 8 : 0);
  const key = new Uint8Array(16);
  return (text) => {
    const { written } = utf8().encodeInto(text, key);
    let place = offsetOf(unitAt(0));
    for (let i = 0; i < written; ++i) {
      const byte = key[i] ?? 0;
      if (byte === 0) return undefined;
      place ^= byte;
      const unit = unitAt(place);
      if ((unit & 0x800000ff) !== byte) return undefined;
      place ^= offsetOf(unit);
      if (unit & 0x100) return replacementAt(unitAt(place) & 0x7fffffff);
    }
    return undefined;
  };
}

function utf8Length(text: string): number {
  let length = 0;
  for (const char of text) length += char < "\x80" ? 1 : char < "\u0800" ? 2 : char.length === 1 ? 3 : 4;
  return length;
}

/**
 * The graphemes of a text, from window to window: V8's segmenter takes time by the square of the text. The last of a window may go on
 * behind it and is begun again in the next.
 */
function* graphemesOf(text: string, segmenter: Intl.Segmenter): Generator<string> {
  let size = 128;
  for (let at = 0; at < text.length;) {
    let last = "";
    const begin = at;
    for (const { segment } of segmenter.segment(text.slice(at, at + size))) {
      if (last !== "") yield last;
      at += last.length;
      last = segment;
    }
    if (begin + size >= text.length) {
      yield last;
      return;
    }
    // One grapheme longer than the window.
    size = at === begin ? 2 * size : 128;
  }
}

/** Precompiled. Errors: "invalid-model" (some damage is found only where a text leads to it), "unsupported-host". */
export function precompiled(config: Json): Normalize {
  const rule = readRules(bytesOf(asString(config["precompiled_charsmap"], where)));
  if (!("Segmenter" in Intl)) {
    throw new HeedError(
      "unsupported-host",
      "the normaliser Precompiled of tokenizer.json needs Intl.Segmenter, which Firefox has since 125",
    );
  }
  const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });
  return (text) => {
    const result = new AlignedText();
    const replace = (from: number, to: number, content: string): void => {
      let at = from;
      for (const char of content) result.pushFrom(text, Math.min(at++, to - 1), char);
    };
    let from = 0;
    for (const segment of graphemesOf(text.text, segmenter)) {
      const chars = [...segment];
      const to = from + chars.length;
      const isShort = segment.length <= longestGrapheme && utf8Length(segment) <= longestGrapheme;
      const whole = isShort ? rule(segment) : undefined;
      if (whole !== undefined) replace(from, to, whole);
      else chars.forEach((char, i) => replace(from + i, from + i + 1, rule(char) ?? char));
      from = to;
    }
    // What vanished in front belongs to what is left, which still begins the text (Metaspace's scheme "first").
    if (result.length > 0) result.starts[0] = text.starts[0] ?? 0;
    return result;
  };
}
