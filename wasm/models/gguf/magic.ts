// What tells a GGUF file from others, before anything else of it is read.

export const magic = 0x46554747; // "GGUF"

/** Whether a file begins as GGUF files do. */
export function isGguf(front: Uint8Array): boolean {
  return front.length >= 4 && new DataView(front.buffer, front.byteOffset).getUint32(0, true) === magic;
}
