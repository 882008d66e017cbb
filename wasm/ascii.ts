// The characters of wasm/ascii.mjs: U+0023 to U+007E without $ ' < \ `.
const skipped = [36, 39, 60, 92, 96];
const size = 92 - skipped.length;
const singles = size - 2;

/** Bytes of a text that wasm/ascii.mjs made: the format is described there. The text is the package's own: trusted. */
export function decodeAscii(text: string): Uint8Array<ArrayBuffer> {
  const rankOf = new Uint8Array(127);
  for (let code = 35, rank = 0; code < 127; code++) if (!skipped.includes(code)) rankOf[code] = rank++;
  const order = Uint8Array.from({ length: 256 }, (_, rank) =>
    parseInt(text.slice(2 * rank, 2 * rank + 2), 16),
  );
  const bytes = new Uint8Array(text.length);
  let length = 0;
  for (let at = 512; at < text.length; at++) {
    let rank = rankOf[text.charCodeAt(at)] ?? 0;
    if (rank >= singles) rank = singles + (rank - singles) * size + (rankOf[text.charCodeAt(++at)] ?? 0);
    bytes[length++] = order[rank] ?? 0;
  }
  return bytes.slice(0, length);
}
