// What cuts words, against the plainest way to do the same.

import { expect, test } from "@jest/globals";
import { BytePairs } from "../../../wasm/models/tokenizer/bpe.js";
import { PieceTrie } from "../../../wasm/models/tokenizer/piece_trie.js";
import { uniform } from "../random.js";

const next = uniform(5);
const below = (n: number): number => Math.floor(n * next());
const word = (letters: readonly string[], longest: number): string =>
  Array.from({ length: below(longest + 1) }, () => letters[below(letters.length)]).join("");

test("strings that a text goes on with, equal and empty ones among them", () => {
  const letters = ["a", "b", "🙂", "\uffff"];
  for (let round = 0; round < 60; ++round) {
    const strings = Array.from({ length: below(60) }, () => word(letters, 1 + (round % 8)));
    const trie = new PieceTrie(strings);
    const text = word(letters, 30);
    for (let from = 0; from <= text.length; ++from) {
      const count = trie.find(text, from);
      const found = Array.from({ length: count }, (_, k) => [trie.found[k], trie.lengths[k]]);
      const expected = [...new Set(strings)]
        .filter((string) => string !== "" && text.startsWith(string, from))
        .sort((a, b) => a.length - b.length)
        .map((string) => [strings.lastIndexOf(string), string.length]);
      expect(found).toEqual(expected);
    }
  }
});

/** The pair that was learned first, the leftmost such, again and again. */
function merged(chars: readonly string[], merges: readonly (readonly [string, string])[]): string[] {
  const parts = [...chars];
  const rankAt = (i: number): number =>
    merges.map(([left, right]) => left === parts[i] && right === parts[i + 1]).lastIndexOf(true);
  for (;;) {
    const places = parts.map((_, i) => i).filter((i) => rankAt(i) >= 0);
    const [best] = places.sort((a, b) => rankAt(a) - rankAt(b) || a - b);
    if (best === undefined) return parts;
    parts.splice(best, 2, `${parts[best]}${parts[best + 1]}`);
  }
}

test("pairs merged in the order they were learned, the leftmost first", () => {
  const letters = ["a", "b", "c", "🙂"];
  for (let round = 0; round < 150; ++round) {
    const merges = Array.from(
      { length: below(20) },
      () => [word(letters, 2) || "a", word(letters, 2) || "b"] as const,
    );
    const pairs = new BytePairs(merges);
    // The same object again and again: nothing of a word is left for the next.
    for (let k = 0; k < 4; ++k) {
      const chars = [...word([...letters, "z"], k === 3 ? 120 : 12)];
      const parts: string[] = [];
      let at = 0;
      pairs.merge(chars, (part, length) => {
        expect(chars.slice(at, at + length).join("")).toBe(part);
        at += length;
        parts.push(part);
      });
      expect(parts).toEqual(merged(chars, merges));
    }
  }
});
