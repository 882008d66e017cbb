// A "precompiled_charsmap" of SentencePiece, made of its replacements: the opposite of wasm/models/tokenizer/charsmap.ts.

const encoder = new TextEncoder();

interface Node {
  readonly children: Map<number, Node>;
  value?: number;
}

/** The bytes of a table: u32 bytes of the trie, the double array, the replacements. */
export function charsmapBytes(rules: Readonly<Record<string, string>>): Uint8Array {
  const root: Node = { children: new Map() };
  let texts = "";
  for (const [key, replacement] of Object.entries(rules)) {
    let node = root;
    for (const byte of encoder.encode(key)) {
      const next: Node = node.children.get(byte) ?? { children: new Map() };
      node.children.set(byte, next);
      node = next;
    }
    node.value = encoder.encode(texts).length;
    texts += `${replacement}\0`;
  }

  const units: number[] = [0];
  const bases = new Set<number>();
  const place = (node: Node, at: number): void => {
    const labels = [...(node.value === undefined ? [] : [0]), ...node.children.keys()];
    let base = 1;
    while (bases.has(base) || labels.some((label) => units[base ^ label] !== undefined || base === label))
      ++base;
    bases.add(base);
    units[at] = ((units[at] ?? 0) | (node.value === undefined ? 0 : 0x100) | ((at ^ base) << 10)) >>> 0;
    if (node.value !== undefined) units[base] = (node.value | 0x80000000) >>> 0;
    for (const label of node.children.keys()) units[base ^ label] = label;
    for (const [label, child] of node.children) place(child, base ^ label);
  };
  place(root, 0);

  // Any byte leads from any unit to one that is there.
  const count = (units.length + 255) & ~255;
  const blob = encoder.encode(texts);
  const bytes = new Uint8Array(4 + 4 * count + blob.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 4 * count, true);
  units.forEach((unit, i) => view.setUint32(4 + 4 * i, unit, true));
  bytes.set(blob, 4 + 4 * count);
  return bytes;
}

export const base64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes));
