// What the tests of encoder-decoders read of a run, and compare it with.

import { expect } from "@jest/globals";
import type { Run, TargetRun } from "heed/models";
import { difference } from "../../fixtures/read.js";
import type { EncoderDecoderRun } from "./reference/encoder_decoder.js";
import type { Matrix } from "./reference/maths.js";

export const source = [2, 5, 6, 7, 8, 9, 10, 5, 3];
export const target = [3, 9, 10, 7, 5, 5];

/** Within 1e-5 of the largest value: what f32 leaves open. */
export function same(got: ArrayLike<number>, rows: Matrix): void {
  const wanted = rows.flat();
  const largest = wanted.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  expect(difference(got, wanted, { atol: 1e-5 * largest, rtol: 0 })).toBe("");
}

export function targetOf(run: Run): TargetRun {
  if (!run.target) throw new Error("the run has no target");
  return run.target;
}

export function expectSame(run: Run, expected: EncoderDecoderRun): void {
  const decoded = targetOf(run);
  const { encoder, decoder, logits } = expected;
  encoder.attentions.forEach((heads, l) => heads.forEach((w, h) => same(run.attention(l, h), w)));
  encoder.hidden.forEach((rows, l) => same(run.hidden(l), rows));
  decoder.attentions.forEach((heads, l) => heads.forEach((w, h) => same(decoded.attention(l, h), w)));
  decoder.crossAttentions.forEach((heads, l) =>
    heads.forEach((w, h) => same(decoded.crossAttention(l, h), w)),
  );
  decoder.hidden.forEach((rows, l) => same(decoded.hidden(l), rows));
  logits.forEach((row, position) => same(decoded.logits(position), [row]));
}
