// Whether two models are the same, bit for bit.

import { expect } from "@jest/globals";
import type { Model } from "heed/models";

export async function expectSame(a: Model, b: Model, hasHead = true): Promise<void> {
  const [left, right] = [await a.run("The cat sat on the mat."), await b.run("The cat sat on the mat.")];
  expect(left.tokens).toEqual(right.tokens);
  for (let layer = 0; layer < a.numLayers; ++layer) {
    for (let head = 0; head < a.numHeads; ++head) {
      expect(left.attention(layer, head)).toEqual(right.attention(layer, head));
    }
    expect(left.hidden(layer + 1)).toEqual(right.hidden(layer + 1));
  }
  if (hasHead) expect(left.logits(left.tokens.length - 1)).toEqual(right.logits(left.tokens.length - 1));
}

/** One model or two, and let go of. */
export async function using(
  models: readonly [Promise<Model>, Promise<Model>?],
  use: (first: Model, second: Model) => Promise<void>,
): Promise<void> {
  const loaded = await Promise.all(models);
  try {
    await use(loaded[0], loaded[1] ?? loaded[0]);
  } finally {
    for (const model of loaded) model?.dispose();
  }
}
