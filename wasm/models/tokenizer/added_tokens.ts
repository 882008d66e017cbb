// Tokens that are looked for in the text before anything else: "[MASK]", "<|endoftext|>". Semantics: Hugging Face
// tokenizers, src/tokenizer/added_vocabulary.rs: the leftmost, then longest, match; without the spaces beside it that
// lstrip and rstrip claim; only between non-word characters where single_word is set.

import { AlignedText } from "./aligned_text.js";
import { asArray, asFlag, asObject, asString, asTokenId, invalidTokenizer } from "./definition.js";
import type { Normalize } from "./normalizers.js";

/** An entry of "added_tokens". */
export interface AddedToken {
  readonly id: number;
  readonly content: string;
  readonly singleWord: boolean;
  readonly lstrip: boolean;
  readonly rstrip: boolean;
  readonly normalized: boolean;
  readonly special: boolean;
}

/** A stretch of text, which is one added token where `token` says so. */
export interface Section {
  readonly text: AlignedText;
  readonly token?: AddedToken;
}

/** The "added_tokens" of a tokenizer.json. Errors: "invalid-model". */
export function readAddedTokens(definition: unknown, vocabularySize: number): AddedToken[] {
  if (definition === undefined || definition === null) return [];
  const list = asArray(definition, "added_tokens");
  return list.map((entry, i) => {
    const where = `added_tokens[${i}]`;
    const config = asObject(entry, where);
    const content = asString(config["content"], `${where}.content`);
    if (content === "") throw invalidTokenizer(`${where}.content is empty`);
    const special = asFlag(config["special"], `${where}.special`, false);
    return {
      id: asTokenId(config["id"], `${where}.id`, vocabularySize),
      content,
      special,
      singleWord: asFlag(config["single_word"], `${where}.single_word`, false),
      lstrip: asFlag(config["lstrip"], `${where}.lstrip`, false),
      rstrip: asFlag(config["rstrip"], `${where}.rstrip`, false),
      normalized: asFlag(config["normalized"], `${where}.normalized`, !special),
    };
  });
}

const wordCharacter = /^[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\u200c\u200d]$/u;
const space = /^\p{White_Space}$/u;

/** Cuts texts at added tokens. */
export type FindTokens = (text: AlignedText) => Section[];

/** The search for `tokens`; `normalize` is applied to their contents first. */
export function tokenFinder(tokens: readonly AddedToken[], normalize?: Normalize): FindTokens {
  const byFirst = new Map<string, { chars: string[]; token: AddedToken }[]>();
  for (const token of tokens) {
    const plain = AlignedText.from(token.content);
    const { chars } = normalize ? normalize(plain) : plain;
    const first = chars[0];
    if (first === undefined) continue;
    const rivals = byFirst.get(first) ?? [];
    rivals.push({ chars, token });
    byFirst.set(first, rivals);
  }
  for (const rivals of byFirst.values()) rivals.sort((a, b) => b.chars.length - a.chars.length);
  if (byFirst.size === 0) return (text) => [{ text }];

  const isWord = (text: AlignedText, index: number): boolean => wordCharacter.test(text.chars[index] ?? "");
  return (text) => {
    const sections: Section[] = [];
    let done = 0;
    for (let at = 0; at < text.length; ++at) {
      const rivals = byFirst.get(text.chars[at] ?? "");
      const found = rivals?.find(({ chars }) => chars.every((char, k) => char === text.chars[at + k]));
      if (!found) continue;
      let from = at;
      let to = at + found.chars.length;
      at = to - 1;
      if (found.token.singleWord && (isWord(text, from - 1) || isWord(text, to))) continue;
      if (found.token.lstrip) while (from > done && space.test(text.chars[from - 1] ?? "")) --from;
      if (found.token.rstrip) while (to < text.length && space.test(text.chars[to] ?? "")) ++to;
      if (from > done) sections.push({ text: text.slice(done, from) });
      sections.push({ text: text.slice(from, to), token: found.token });
      done = to;
      at = Math.max(at, to - 1);
    }
    if (done < text.length) sections.push({ text: text.slice(done, text.length) });
    return sections;
  };
}
