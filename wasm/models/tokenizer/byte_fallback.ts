// What vocabularies with a token for every byte, "<0x00>" … "<0xFF>", do with text they have no other token for.

import { utf8 } from "../utf8.js";

/** The tokens of the UTF-8 bytes of `text`; undefined where one of them is not in the vocabulary. */
export function byteTokens(
  text: string,
  idOf: ReadonlyMap<string, number>,
): { id: number; text: string }[] | undefined {
  const tokens: { id: number; text: string }[] = [];
  for (const byte of utf8().encode(text)) {
    const token = `<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`;
    const id = idOf.get(token);
    if (id === undefined) return undefined;
    tokens.push({ id, text: token });
  }
  return tokens;
}
