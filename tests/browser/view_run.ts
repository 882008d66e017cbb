// A run with what the views' decisions need of one, and no more.

import type { Token } from "heed/models";
import type { RunData } from "../../web/runner/run_data.ts";
import type { TokenLabel } from "../../web/views/token_label.ts";

export const token = (text: string, start: number, end: number, special = false): Token =>
  ({ id: text.length, text, start, end, special, sequence: 0 }) as Token;
export const labelOf = ({ text, special }: Token): TokenLabel => ({
  mark: "",
  text,
  plain: text,
  special,
  piece: text.startsWith("##"),
});

/** Two layers of two heads over n tokens, the last head of all with given weights. */
export function runOf(tokens: readonly Token[], text: string, weights: readonly number[] = []): RunData {
  const size = tokens.length ** 2;
  const all = new Float32Array(4 * size).fill(1 / tokens.length);
  all.set(weights, 3 * size);
  return {
    tokens,
    text,
    pair: "",
    words: tokens.map((one, i) => ({ text: one.text, tokens: [i, i + 1] as const })),
    numLayers: 2,
    numHeads: 2,
    stages: { weights: all },
    statistics: [],
  } as unknown as RunData;
}
