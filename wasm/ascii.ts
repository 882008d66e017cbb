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
  // In place, and with as little as can be in the loop: it is run once, interpreted, before anything else.
  const bytes = new TextEncoder().encode(text);
  const end = bytes.length;
  let length = 0;
  for (let at = 512; at < end;) {
    let rank = rankOf[bytes[at++] as number] as number;
    if (rank >= singles) rank = singles + (rank - singles) * size + (rankOf[bytes[at++] as number] as number);
    bytes[length++] = order[rank] as number;
  }
  return bytes.slice(0, length);
}
