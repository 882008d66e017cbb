// Bytes as text for inlining: plain ASCII, so that it survives any page encoding, and without quotes, backslash, $, ` or <,
// so that it survives any string literal and any script element.
//
// The most frequent bytes are one character each, the others two. Against base64 the module is 15 % shorter and, because
// equal bytes stay equal characters, 19 % smaller after brotli (49 kB against 61).
//
// The text begins with the 256 bytes from the most to the least frequent, in hexadecimal.

/** What bytes are told with; wasm/ascii.ts holds the same. */
export const alphabet = Array.from({ length: 92 }, (_, i) => String.fromCharCode(35 + i))
  .filter((char) => !"$'<\\`".includes(char))
  .join("");
/** Bytes of one character; the other 171 take the last two characters of the alphabet, and any second one. */
export const singles = alphabet.length - 2;

/** @param {Uint8Array} bytes */
export function encodeAscii(bytes) {
  const counts = new Array(256).fill(0);
  for (const byte of bytes) counts[byte]++;
  const order = [...counts.keys()].sort((a, b) => counts[b] - counts[a] || a - b);
  const told = new Array(256);
  order.forEach((byte, rank) => {
    const beyond = rank - singles;
    told[byte] =
      beyond < 0
        ? alphabet[rank]
        : alphabet[singles + Math.floor(beyond / alphabet.length)] + alphabet[beyond % alphabet.length];
  });
  return Buffer.from(order).toString("hex") + Array.from(bytes, (byte) => told[byte]).join("");
}
