// Strings by what they begin with: those that a text goes on with are found unit by unit (UTF-16). A tree in typed arrays, 10
// bytes a node, made level by level by counting: in time that grows with the strings' length alone, whatever they are.

import { placeOf } from "./ordered.js";

/** Strings that go on below the nodes of a level: which, and below which node, counted from the level's first. */
interface Below {
  readonly strings: Int32Array;
  readonly nodes: Int32Array;
}

/** The nodes of a level. */
interface Level {
  /** By which they are told from their siblings. */
  readonly units: Uint16Array;
  /** The string that ends there, or the only one that goes on from there; -1: none. */
  readonly endings: Int32Array;
  /** By node of the level above: its first child, or, where it has none, the next one's. */
  readonly firstOf: Int32Array;
  readonly below: Below;
}

/** Strings one behind the other, for strings of the host lie all over its memory. */
class Packed {
  readonly units: Uint16Array;
  readonly begins: Int32Array;

  constructor(strings: readonly string[]) {
    this.begins = new Int32Array(strings.length + 1);
    strings.forEach((string, i) => (this.begins[i + 1] = (this.begins[i] as number) + string.length));
    this.units = new Uint16Array(this.begins[strings.length] as number);
    let at = 0;
    for (const string of strings) {
      for (let i = 0; i < string.length; ++i) this.units[at++] = string.charCodeAt(i);
    }
  }
}

// Most nodes have few strings below them.
const few = 16;

/** The places of a level's units, those of each node in their order. */
function inOrder(units: Uint16Array, nodes: Int32Array): Int32Array {
  const order = new Int32Array(units.length);
  for (let begin = 0, end = 1; begin < units.length; begin = end++) {
    while (end < units.length && nodes[end] === nodes[begin]) ++end;
    if (end - begin > few) {
      const keys = new Float64Array(end - begin);
      for (let i = begin; i < end; ++i) keys[i - begin] = (units[i] as number) * 2 ** 32 + i;
      keys.sort().forEach((key, k) => (order[begin + k] = key % 2 ** 32));
      continue;
    }
    for (let i = begin; i < end; ++i) {
      let at = i;
      for (; at > begin && (units[order[at - 1] as number] as number) > (units[i] as number); --at)
        order[at] = order[at - 1] as number;
      order[at] = i;
    }
  }
  return order;
}

function levelBelow(all: Packed, depth: number, numAbove: number, { strings, nodes }: Below): Level {
  const count = strings.length;
  const units = new Uint16Array(count);
  for (let i = 0; i < count; ++i)
    units[i] = all.units[(all.begins[strings[i] as number] as number) + depth] as number;
  const order = inOrder(units, nodes);
  const siblings = new Uint16Array(count);
  const endings = new Int32Array(count).fill(-1);
  const firstOf = new Int32Array(numAbove);
  const below = { strings: new Int32Array(count), nodes: new Int32Array(count) };
  let [last, above, numBelow] = [-1, 0, 0];
  for (let k = 0, end = 1; k < count; k = end++) {
    const first = order[k] as number;
    const node = nodes[first] as number;
    const unit = units[first] as number;
    while (end < count && nodes[order[end] as number] === node && units[order[end] as number] === unit) ++end;
    siblings[++last] = unit;
    while (above <= node) firstOf[above++] = last;
    for (let i = k; i < end; ++i) {
      const string = strings[order[i] as number] as number;
      const isWhole = (all.begins[string] as number) + depth + 1 === all.begins[string + 1];
      if (isWhole || end === k + 1) {
        endings[last] = string;
      } else {
        below.strings[numBelow] = string;
        below.nodes[numBelow++] = last;
      }
    }
  }
  firstOf.fill(last + 1, above);
  return {
    units: siblings.slice(0, last + 1),
    endings: endings.slice(0, last + 1),
    firstOf,
    below: { strings: below.strings.subarray(0, numBelow), nodes: below.nodes.subarray(0, numBelow) },
  };
}

export class PieceTrie {
  /** What the last find() found, shortest first: which strings, by their places, and their lengths. */
  readonly found: Int32Array;
  readonly lengths: Int32Array;
  readonly #strings: readonly string[];
  // By node, level by level: the children of one lie together, and before those of the next one.
  readonly #units: Uint16Array;
  readonly #endings: Int32Array;
  readonly #firstChild: Int32Array;

  /** Of strings that are there twice the last is found; empty ones never are. */
  constructor(strings: readonly string[]) {
    this.#strings = strings;
    const levels: Level[] = [];
    let [numNodes, numAbove] = [1, 1];
    const firstChildren: Int32Array[] = [];
    const packed = new Packed(strings);
    const places = new Int32Array(strings.length).map((_, i) => i).filter((i) => strings[i] !== "");
    let below: Below = { strings: places, nodes: new Int32Array(places.length) };
    while (below.strings.length > 0) {
      const level = levelBelow(packed, levels.length, numAbove, below);
      const begin = numNodes;
      firstChildren.push(level.firstOf.map((first) => begin + first));
      levels.push(level);
      numAbove = level.units.length;
      numNodes += numAbove;
      below = level.below;
    }
    this.found = new Int32Array(levels.length);
    this.lengths = new Int32Array(levels.length);
    this.#units = new Uint16Array(numNodes);
    this.#endings = new Int32Array(numNodes);
    this.#firstChild = new Int32Array(numNodes + 1).fill(numNodes);
    let at = 1;
    for (const { units, endings } of levels) {
      this.#units.set(units, at);
      this.#endings.set(endings, at);
      at += units.length;
    }
    at = 0;
    for (const children of firstChildren) {
      this.#firstChild.set(children, at);
      at += children.length;
    }
  }

  /** Finds every string that `text` has at `from`; how many they are. */
  find(text: string, from: number): number {
    let count = 0;
    let node = 0;
    for (let at = from; at < text.length; ++at) {
      const end = this.#firstChild[node + 1] as number;
      node = placeOf(text.charCodeAt(at), this.#units, this.#firstChild[node] as number, end);
      if (node < 0) break;
      const place = this.#endings[node] as number;
      if (place < 0) continue;
      const string = this.#strings[place] as string;
      if (string.length > at + 1 - from && !text.startsWith(string, from)) break;
      this.found[count] = place;
      this.lengths[count++] = string.length;
    }
    return count;
  }
}
