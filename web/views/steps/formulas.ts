// The formula of each step, as in Vaswani et al. 2017, section 3.2.
import { fraction, m, math, root, row, sub, sup } from "../math.ts";

const Q = (): Element => sub("q", "i");
const K = (): Element => sub("k", "j");
const table = (name: string): Element => sup("W", name);
const spread = (): Element => root(sub("d", "k"));
const score = (index: string): Element => sub("s", row("i", index));
const weight = (): Element => sub("a", row("i", "j"));

export const FORMULAS = {
  input: () => math(sub("x", "i"), ",", sub("x", "j")),
  project: () =>
    math(
      ...[Q(), "=", sub("x", "i"), table("Q"), ","],
      ...[K(), "=", sub("x", "j"), table("K"), ","],
      ...[sub("v", "j"), "=", sub("x", "j"), table("V")],
    ),
  products: () =>
    math(
      "Q",
      sup("K", "T"),
      ":",
      Q(),
      "\u00b7",
      K(),
      "=",
      sum("d"),
      sub("q", row("i", "d")),
      sub("k", row("j", "d")),
    ),
  scores: () => math(score("j"), "=", fraction(row(Q(), "\u00b7", K()), spread())),
  mask: () => math(score("j"), "\u2190", "\u2212", "\u221e"),
  softmax: () =>
    math(
      weight(),
      "=",
      fraction(sup("e", score("j")), row(sum("l"), sup("e", score("l")))),
      ",",
      sum("j"),
      weight(),
      "=",
      "1",
    ),
  context: () => math(sub("c", "i"), "=", sum("j"), weight(), sub("v", "j")),
  concat: () => math("Concat", "(", sub("head", "1"), ",", "\u2026", ",", sub("head", "h"), ")"),
  output: () =>
    math(
      "MultiHead",
      "=",
      "Concat",
      "(",
      sub("head", "1"),
      ",",
      "\u2026",
      ",",
      sub("head", "h"),
      ")",
      table("O"),
    ),
} as const satisfies Record<string, () => Element>;

export type StepName = keyof typeof FORMULAS;

function sum(index: string): Element {
  return m("munder", "\u2211", index);
}
