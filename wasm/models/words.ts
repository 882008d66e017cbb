// Tokens joined to words.

import type { Token, Word } from "./types.js";

/**
 * Joins neighbours that the tokenizer cut out of one word. `words` has the number of each token's word in its text, −1
 * for a word of its own. `text` and `pair` are what was tokenised; undefined: ids were given, and the words are told
 * apart by how the tokens are spelled ("##ing" continues, "Ġthe" and "▁the" begin).
 *
 * A word's text is the stretch of the original it stands for, without spaces around it.
 */
export function joinWords(
  tokens: readonly Token[],
  words: readonly number[],
  text?: string,
  pair?: string,
): Word[] {
  const joined: { from: number; to: number }[] = [];
  tokens.forEach((token, i) => {
    const before = tokens[i - 1];
    const last = joined.at(-1);
    const continues =
      before !== undefined &&
      !token.special &&
      !before.special &&
      before.sequence === token.sequence &&
      (text === undefined ? isSpelledOn(token.text, tokens) : words[i] !== -1 && words[i] === words[i - 1]);
    if (continues && last) last.to = i + 1;
    else joined.push({ from: i, to: i + 1 });
  });
  return joined.map(({ from, to }) => {
    const part = tokens.slice(from, to);
    return { text: textOf(part, part[0]?.sequence === 1 ? pair : text), tokens: [from, to] };
  });
}

function isSpelledOn(spelling: string, tokens: readonly Token[]): boolean {
  if (spelling.startsWith("##")) return true;
  // Without one mark among them the tokens are WordPiece's, each a word.
  return !/^[Ġ▁]/.test(spelling) && tokens.some((token) => /^[Ġ▁]/.test(token.text));
}

function textOf(tokens: readonly Token[], text: string | undefined): string {
  const start = tokens[0]?.start ?? 0;
  const end = tokens.at(-1)?.end ?? 0;
  const stretch = text?.slice(start, end);
  if (stretch) return stretch.trim() || stretch;
  const spelled = tokens.map((token) => token.text.replace(/^##/, "")).join("");
  return spelled.replace(/^[Ġ▁](?=.)/u, "");
}
