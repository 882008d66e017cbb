// Byte-pair encoding (Sennrich et al. 2016, section 3.2): of all neighbours the pair that was learned first is merged, of its
// occurrences the leftmost, until none is left. Neighbours are a list in typed arrays; pairs wait in a heap, and those that
// are no more when their turn comes are passed over: n characters take n·log n.

import { countsBelow, ordered, placeOf } from "./ordered.js";

/** A number for each string that merging begins with or makes. */
class Symbols {
  readonly texts: string[] = [];
  readonly #numbers = new Map<string, number>();

  of(text: string): number {
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    this.#numbers.set(text, this.texts.length);
    this.texts.push(text);
    return this.texts.length - 1;
  }

  /** Those of one character; -1 for others. */
  characters(): ReadonlyMap<string, number> {
    const isOne = (text: string): boolean => text.length === ((text.codePointAt(0) ?? 0) > 0xffff ? 2 : 1);
    return new Map([...this.#numbers].filter(([text]) => isOne(text)));
  }
}

/** Pairs of symbols, in order. */
class Pairs {
  readonly #begins: Int32Array;
  readonly #rights: Int32Array;
  readonly #ranks: Int32Array;

  constructor(lefts: Int32Array, rights: Int32Array) {
    const byRight = ordered(rights);
    const byLeft = ordered(byRight.map((rank) => lefts[rank] as number));
    this.#ranks = byLeft.map((place) => byRight[place] as number);
    this.#rights = this.#ranks.map((rank) => rights[rank] as number);
    this.#begins = countsBelow(lefts);
  }

  /** -1: there is no such pair. Of one that is there twice the last counts. */
  rank(left: number, right: number): number {
    if (left < 0 || left + 1 >= this.#begins.length) return -1;
    const place = placeOf(
      right,
      this.#rights,
      this.#begins[left] as number,
      this.#begins[left + 1] as number,
    );
    return place < 0 ? -1 : (this.#ranks[place] as number);
  }
}

/** The least of numbers that come and go. */
class Heap {
  readonly #values: number[] = [];

  push(value: number): void {
    const values = this.#values;
    let at = values.length;
    values.push(value);
    while (at > 0) {
      const above = (at - 1) >> 1;
      if ((values[above] as number) <= value) break;
      values[at] = values[above] as number;
      at = above;
    }
    values[at] = value;
  }

  /** undefined: there is none. */
  pop(): number | undefined {
    const values = this.#values;
    const least = values[0];
    const value = values.pop();
    if (value === undefined || values.length === 0) return least;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= values.length) break;
      if (below + 1 < values.length && (values[below + 1] as number) < (values[below] as number)) ++below;
      if ((values[below] as number) >= value) break;
      values[at] = values[below] as number;
      at = below;
    }
    values[at] = value;
    return least;
  }
}

// A pair that waits is rank · 2^22 + place: no text has more characters (aligned_text.ts), and no file 2^31 merges.
const places = 2 ** 22;

/** What is left of characters when all is merged: each part with how many of them it is made of. */
export type Merged = (part: string, length: number) => void;

/** The merges of a vocabulary, in the order they were learned. */
export class BytePairs {
  readonly #texts: readonly string[];
  readonly #characters: ReadonlyMap<string, number>;
  readonly #pairs: Pairs;
  readonly #made: Int32Array;
  readonly #heap = new Heap();
  // Of the word at hand, by place: its symbol, and the next place that has one.
  #symbols = new Int32Array(64);
  #next = new Int32Array(64);
  #previous = new Int32Array(64);

  constructor(merges: readonly (readonly [left: string, right: string])[]) {
    const symbols = new Symbols();
    const lefts = Int32Array.from(merges, ([left]) => symbols.of(left));
    const rights = Int32Array.from(merges, ([, right]) => symbols.of(right));
    this.#made = Int32Array.from(merges, ([left, right]) => symbols.of(left + right));
    this.#pairs = new Pairs(lefts, rights);
    this.#texts = symbols.texts;
    this.#characters = symbols.characters();
  }

  merge(chars: readonly string[], merged: Merged): void {
    this.#begin(chars);
    for (let least = this.#heap.pop(); least !== undefined; least = this.#heap.pop()) {
      this.#join(Math.floor(least / places), least % places, chars.length);
    }
    for (let at = 0; at < chars.length;) {
      const next = this.#next[at] as number;
      merged(this.#texts[this.#symbols[at] as number] ?? (chars[at] as string), next - at);
      at = next;
    }
  }

  #begin(chars: readonly string[]): void {
    if (chars.length > this.#symbols.length) {
      this.#symbols = new Int32Array(2 * chars.length);
      this.#next = new Int32Array(2 * chars.length);
      this.#previous = new Int32Array(2 * chars.length);
    }
    chars.forEach((char, at) => {
      this.#symbols[at] = this.#characters.get(char) ?? -1;
      this.#next[at] = at + 1;
      this.#previous[at] = at - 1;
    });
    for (let at = 0; at + 1 < chars.length; ++at) this.#await(at, at + 1);
  }

  #await(at: number, next: number): void {
    const rank = this.#pairs.rank(this.#symbols[at] as number, this.#symbols[next] as number);
    if (rank >= 0) this.#heap.push(rank * places + at);
  }

  /** Merges the pair that begins at a place, if it is still the one of this rank. */
  #join(rank: number, at: number, length: number): void {
    const next = this.#next[at] as number;
    if (next >= length) return;
    if (this.#pairs.rank(this.#symbols[at] as number, this.#symbols[next] as number) !== rank) return;
    const behind = this.#next[next] as number;
    this.#symbols[at] = this.#made[rank] as number;
    this.#symbols[next] = -1;
    this.#next[at] = behind;
    if (behind < length) {
      this.#previous[behind] = at;
      this.#await(at, behind);
    }
    const before = this.#previous[at] as number;
    if (before >= 0) this.#await(before, at);
  }
}
