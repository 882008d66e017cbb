/** Puts together what wasm/delta.mjs took apart: the format is described there. The delta is the package's own: trusted. */
export function applyDelta(base: Uint8Array, delta: Uint8Array): Uint8Array<ArrayBuffer> {
  let read = 0;
  const number = () => {
    let value = 0;
    for (let unit = 1; ; unit *= 128) {
      const byte = delta[read++] ?? 0;
      value += (byte & 127) * unit;
      if (byte < 128) return value;
    }
  };
  const target = new Uint8Array(number());
  let from = 0;
  let at = 0;
  while (at < target.length) {
    const skip = number();
    from += skip % 2 ? -(skip + 1) / 2 : skip / 2;
    const copied = number();
    const added = number();
    target.set(base.subarray(from, from + copied), at);
    target.set(delta.subarray(read, read + added), at + copied);
    from += copied;
    read += added;
    at += copied + added;
  }
  return target;
}
