// The 256 printable characters by which byte-level BPE spells bytes (Radford et al. 2019, bytes_to_unicode in GPT-2's
// encoder.py): a printable Latin-1 byte is its own character, the others are U+0100, U+0101 … in order.

import { utf8 } from "../utf8.js";

const printable = (byte: number): boolean =>
  (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || (byte >= 0xae && byte <= 0xff);

/** The character of each byte. */
const charOfByte: readonly string[] = (() => {
  let shifted = 0x100;
  return Array.from({ length: 256 }, (_, byte) => String.fromCharCode(printable(byte) ? byte : shifted++));
})();

/** The byte of each of those characters. */
export const byteOfChar: ReadonlyMap<string, number> = new Map(charOfByte.map((char, byte) => [char, byte]));

/** The UTF-8 bytes of a text, spelled. */
export function spellBytes(text: string): string {
  if (text.length === 1 && text < "\x80") return charOfByte[text.charCodeAt(0)] ?? "";
  let spelled = "";
  for (const byte of utf8().encode(text)) spelled += charOfByte[byte];
  return spelled;
}
