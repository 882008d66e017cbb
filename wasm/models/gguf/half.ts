// IEEE 754 binary16, by its bits. (Float16Array is too young: Chrome 135, Node 24.)

const float = new Float32Array(1);
const word = new Uint32Array(float.buffer);

/** The value of 16 bits; exact. */
export function halfToFloat(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 31;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}

/**
 * The bits nearest to values of f32, ties to even; from 65520 on those of infinity. `values` and `bits` are one memory.
 * False where a value is beyond the range, or not a number.
 */
export function floatsToHalves(bits: Uint32Array, halves: Uint16Array, to: number): boolean {
  let isFinite = true;
  for (let i = 0; i < bits.length; ++i) {
    const all = bits[i] as number;
    const sign = (all >>> 16) & 0x8000;
    const size = all & 0x7fffffff;
    let half: number;
    if (size >= 0x38800000) {
      half = (size - 0x38000000 + 0xfff + ((size >> 13) & 1)) >> 13;
      if (half >= 0x7c00) isFinite = false;
    } else {
      // Subnormal: adding 1/2 moves the fraction to where its last bits are rounded away.
      word[0] = size;
      float[0] = (float[0] as number) + 0.5;
      half = (word[0] as number) - 0x3f000000;
    }
    halves[to + i] = sign | half;
  }
  return isFinite;
}
