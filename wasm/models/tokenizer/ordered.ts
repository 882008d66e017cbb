// Sorting by counting: in the time of the keys' number and size, whatever they are.

/** The places of `keys`, integers from 0 on, in the order of the keys; of equal ones as they were. */
export function ordered(keys: ArrayLike<number>): Int32Array {
  const counts = countsBelow(keys);
  const places = new Int32Array(keys.length);
  for (let i = 0; i < keys.length; ++i) {
    const key = keys[i] as number;
    const place = counts[key] as number;
    places[place] = i;
    counts[key] = place + 1;
  }
  return places;
}

/** By key, up to one more than the largest, how many are smaller. */
export function countsBelow(keys: ArrayLike<number>): Int32Array {
  let largest = -1;
  for (let i = 0; i < keys.length; ++i) largest = Math.max(largest, keys[i] as number);
  const counts = new Int32Array(largest + 2);
  for (let i = 0; i < keys.length; ++i) {
    const above = (keys[i] as number) + 1;
    counts[above] = (counts[above] as number) + 1;
  }
  for (let key = 0; key <= largest; ++key)
    counts[key + 1] = (counts[key + 1] as number) + (counts[key] as number);
  return counts;
}

/** The last place in low … high of ascending `keys` whose key is `key`; -1: there is none. */
export function placeOf(key: number, keys: Int32Array | Uint16Array, low: number, high: number): number {
  const begin = low;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((keys[middle] as number) > key) high = middle;
    else low = middle + 1;
  }
  return low > begin && keys[low - 1] === key ? low - 1 : -1;
}
