// A text under normalisation, each character of which knows the range of the original text it came from.
//
// The rules of who inherits which range are those of Hugging Face's NormalizedString (tokenizers,
// src/tokenizer/normalizer.rs): a replacement takes the range of what it replaces, an inserted character that of the
// character before it, and the range of a token runs from the start of its first character to the end of its last.

import { HeedError } from "../../errors.js";

// A normaliser may put any number of characters in the place of one, and a tokenizer.json may come from anywhere. Four times
// the longest text is more than those in use make of it.
const maxLength = 4_000_000;

/** Characters (code points, never lone surrogates) with their ranges in the original text, in UTF-16 units. */
export class AlignedText {
  readonly chars: string[];
  readonly starts: number[];
  readonly ends: number[];

  constructor(chars: string[] = [], starts: number[] = [], ends: number[] = []) {
    this.chars = chars;
    this.starts = starts;
    this.ends = ends;
  }

  /**
   * The text as typed, from the unit `offset` of the original. Lone surrogates become U+FFFD, as they do when a string
   * is encoded to UTF-8.
   */
  static from(text: string, offset = 0): AlignedText {
    const aligned = new AlignedText();
    let at = offset;
    for (const char of text) {
      const isLone = char.length === 1 && char >= "\ud800" && char <= "\udfff";
      aligned.push(isLone ? "\ufffd" : char, at, at + char.length);
      at += char.length;
    }
    return aligned;
  }

  get length(): number {
    return this.chars.length;
  }

  get text(): string {
    return this.chars.join("");
  }

  /** Errors: "invalid-argument" (the normaliser has made too much of the text). */
  push(char: string, start: number, end: number): void {
    if (this.chars.length >= maxLength) {
      throw new HeedError("invalid-argument", `normalised, the text has more than ${maxLength} characters`);
    }
    this.chars.push(char);
    this.starts.push(start);
    this.ends.push(end);
  }

  /** Adds the character at `index` of `other`, or `char` in its place with its range. */
  pushFrom(other: AlignedText, index: number, char = other.chars[index] ?? ""): void {
    this.push(char, other.starts[index] ?? 0, other.ends[index] ?? 0);
  }

  /** Characters from (inclusive) … to (exclusive). */
  slice(from: number, to: number): AlignedText {
    return new AlignedText(
      this.chars.slice(from, to),
      this.starts.slice(from, to),
      this.ends.slice(from, to),
    );
  }

  /** The original range of the characters from … to; where there are none, an empty range at that place. */
  range(from: number, to: number): [start: number, end: number] {
    if (to > from) return [this.starts[from] ?? 0, this.ends[to - 1] ?? 0];
    const place = this.starts[from] ?? this.ends[this.length - 1] ?? 0;
    return [place, place];
  }

  /** Puts `text` in front; its characters share the range of the first one. An empty text stays empty. */
  prepend(text: string): AlignedText {
    if (this.length === 0) return this;
    const result = new AlignedText();
    for (const char of text) result.pushFrom(this, 0, char);
    for (let i = 0; i < this.length; ++i) result.pushFrom(this, i);
    return result;
  }

  /** Each character replaced by the characters of rewrite(character), which may be none. */
  mapChars(rewrite: (char: string) => string): AlignedText {
    const result = new AlignedText();
    for (let i = 0; i < this.length; ++i) {
      const rewritten = rewrite(this.chars[i] ?? "");
      if (rewritten.length === 1) result.pushFrom(this, i, rewritten);
      else for (const char of rewritten) result.pushFrom(this, i, char);
    }
    return result;
  }

  /** Half-open ranges, in characters, of what a pattern (with the flag "g") matches. */
  matches(pattern: RegExp): [from: number, to: number][] {
    const found: [number, number][] = [];
    const text = this.text;
    let unit = 0;
    let index = 0;
    const indexOf = (target: number): number => {
      for (; unit < target; ++index) unit += this.chars[index]?.length ?? 1;
      return index;
    };
    for (const match of text.matchAll(pattern)) {
      const from = indexOf(match.index);
      found.push([from, indexOf(match.index + match[0].length)]);
    }
    return found;
  }
}

/** Where the characters end, of those from `from` on, that have so many UTF-16 units together. */
export function charactersTo({ chars }: AlignedText, from: number, units: number): number {
  let to = from;
  for (let left = units; left > 0; ++to) left -= chars[to]?.length ?? 1;
  return to;
}
