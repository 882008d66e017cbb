// Random numbers that are the same everywhere for the same seed.

/** Uniform in (0, 1): mulberry32, by Tommy Ettinger (public domain). */
export function uniform(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (((mixed ^ (mixed >>> 14)) >>> 0) + 0.5) / 2 ** 32;
  };
}

/** Normal, mean 0 and variance 1: two uniform ones make two of these (Box and Muller 1958). */
export function normal(seed: number): () => number {
  const next = uniform(seed);
  let spare: number | undefined;
  return () => {
    if (spare !== undefined) {
      const kept = spare;
      spare = undefined;
      return kept;
    }
    const size = Math.sqrt(-2 * Math.log(next()));
    const turn = 2 * Math.PI * next();
    spare = size * Math.sin(turn);
    return size * Math.cos(turn);
  };
}
