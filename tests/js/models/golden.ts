// Runs against what transformers computed.

import { expect } from "@jest/globals";
import type { Model, Run } from "heed/models";
import { difference, type Tensor, type Tolerance } from "../../fixtures/read.js";

/** An expected.json, as far as run() goes. */
export interface Golden {
  texts: { key: string; text: string; pair?: string; ids: number[] }[];
}

/** The tolerance of a tensor, given the tensor. */
export type ToleranceOf = (name: "attentions" | "hidden_states" | "logits", largest: number) => Tolerance;

/** Where a run differs from transformers' tensors: nowhere. */
export function compare(
  run: Run,
  expected: Record<string, Tensor>,
  key: string,
  model: Model,
  toleranceOf: ToleranceOf,
): void {
  const prefix = key && `${key}.`;
  const n = run.tokens.length;
  const isWhole = `${prefix}logits` in expected;
  const toleranceFor = (name: "attentions" | "hidden_states" | "logits"): Tolerance => {
    const stored = name === "logits" && !isWhole ? "logits_last4" : name;
    const values = (expected[`${prefix}${stored}`]?.data ?? []) as Float32Array;
    return toleranceOf(
      name,
      values.reduce((most, x) => Math.max(most, Math.abs(x)), 0),
    );
  };
  const tolerances = {
    attentions: toleranceFor("attentions"),
    hidden_states: toleranceFor("hidden_states"),
    logits: toleranceFor("logits"),
  };
  const part = (name: string, index: number, size: number): ArrayLike<number> =>
    (expected[`${prefix}${name}`]?.data ?? new Float32Array()).slice(index * size, (index + 1) * size);
  for (let layer = 0; layer < model.numLayers; ++layer) {
    for (let head = 0; head < model.numHeads; ++head) {
      const weights = part("attentions", layer * model.numHeads + head, n * n);
      expect(difference(run.attention(layer, head), weights, tolerances.attentions)).toBe("");
    }
  }
  const width = run.hidden(0).length / n;
  for (let layer = 0; layer <= model.numLayers; ++layer) {
    expect(
      difference(run.hidden(layer), part("hidden_states", layer, n * width), tolerances.hidden_states),
    ).toBe("");
  }
  const rows = isWhole ? n : 4;
  for (let row = 0; row < rows; ++row) {
    const got = run.logits(isWhole ? row : n - 4 + row);
    expect(
      difference(got, part(isWhole ? "logits" : "logits_last4", row, got.length), tolerances.logits),
    ).toBe("");
  }
}

/** What transformers' own f32 forward leaves open: 1e-5 of the tensor's largest value. */
export const close: ToleranceOf = (_, largest) => ({ atol: 1e-5 * largest, rtol: 0 });
