// From logits to probabilities, guesses and choices. In double precision, for a vocabulary is long; in plain loops, which
// run fast from the start, where a call for each entry is interpreted a hundred thousand times before a page's first picture.

/**
 * softmax(logits / temperature), less the largest logit first, so that nothing overflows. All NaN or −Infinity: zeros.
 */
export function softmax(logits: Float32Array, temperature = 1): Float64Array {
  let max = -Infinity;
  for (const logit of logits) if (logit > max) max = logit;
  const probabilities = new Float64Array(logits.length);
  if (max === -Infinity) return probabilities;
  let sum = 0;
  for (let id = 0; id < logits.length; ++id) {
    const logit = logits[id] ?? 0;
    const weight = logit === max ? 1 : Math.exp((logit - max) / temperature) || 0;
    probabilities[id] = weight;
    sum += weight;
  }
  for (let id = 0; id < probabilities.length; ++id) probabilities[id] = (probabilities[id] ?? 0) / sum;
  return probabilities;
}

/** Ids of the k largest values, largest first; of equal ones the smaller id first. */
export function largest(values: Float32Array, k: number): number[] {
  if (k < 1) return [];
  const best: number[] = [];
  const valueOf = (id = 0): number => values[id] ?? 0;
  // Held here: what is looked up for each of a vocabulary takes longer than the comparison.
  const size = values.length;
  let least = -Infinity;
  for (let id = 0; id < size; ++id) {
    const value = values[id] as number;
    if (best.length === k && !(value > least)) continue;
    let place = best.length;
    while (place > 0 && value > valueOf(best[place - 1])) --place;
    best.splice(place, 0, id);
    if (best.length > k) best.pop();
    least = valueOf(best[best.length - 1]);
  }
  return best;
}

/**
 * Numbers from 0 to 1 that depend on nothing but the seed: Tommy Ettinger's mulberry32.
 */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** How the next token is chosen. */
export interface Sampling {
  /** 0: the most probable. */
  readonly temperature: number;
  /** Only the k most probable; undefined: all. */
  readonly topK: number | undefined;
  /** Only the most probable that together reach p (Holtzman et al. 2020); undefined: all. */
  readonly topP: number | undefined;
}

/** Chooses the next token: temperature, then topK, then topP, then a random one of the rest. */
export function chooseToken(logits: Float32Array, sampling: Sampling, random: () => number): number {
  const { temperature, topK = Infinity, topP = 1 } = sampling;
  if (temperature === 0) return largest(logits, 1)[0] ?? 0;
  const probabilities = softmax(logits, temperature);
  let ids: Iterable<number> = descending(probabilities);
  let total = 0;
  for (const probability of probabilities) total += probability;
  const keepUntil = (isEnough: (count: number) => boolean): void => {
    const kept: number[] = [];
    total = 0;
    for (const id of ids) {
      total += probabilities[id] as number;
      if (isEnough(kept.push(id))) break;
    }
    ids = kept;
  };
  if (topK < logits.length) keepUntil((count) => count === topK);
  if (topP < 1) {
    const least = topP * total;
    keepUntil(() => total >= least);
  }
  let left = random() * total;
  let best: number | undefined;
  for (const id of ids) {
    best ??= id;
    left -= probabilities[id] as number;
    if (left < 0) return id;
  }
  return best ?? 0;
}

/** Ids of the values from the largest down, of equal ones the smaller id first: a heap, for of a vocabulary few are taken. */
function* descending(values: Float64Array): Generator<number, void, void> {
  let size = values.length;
  const heap = new Uint32Array(size);
  const isBefore = (a: number, b: number): boolean => {
    const difference = (values[a] as number) - (values[b] as number);
    return difference > 0 || (difference === 0 && a < b);
  };
  /** Puts an id at a place or below it. */
  const sink = (id: number, place: number): void => {
    for (let child; (child = 2 * place + 1) < size; place = child) {
      if (child + 1 < size && isBefore(heap[child + 1] as number, heap[child] as number)) child++;
      if (isBefore(id, heap[child] as number)) break;
      heap[place] = heap[child] as number;
    }
    heap[place] = id;
  };
  for (let id = size; id-- > 0;) sink(id, id);
  while (size > 0) {
    yield heap[0] as number;
    sink(heap[--size] as number, 0);
  }
}
