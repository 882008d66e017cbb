// The formula of each step, as in Vaswani et al. 2017, section 3.2, and as the run has it: with its biases, scale and temperature.
import { isRootOf, type Facts } from "./facts.ts";
import type { Scene } from "../view.ts";

export const STEPS = [
  ...(["input", "project", "products", "scores", "mask"] as const),
  ...(["softmax", "context", "concat", "output"] as const),
];
export type StepName = (typeof STEPS)[number];

const HEADS = "Concat(head_1, \u2026, head_h)";

/** In the notation of views/formula.ts. */
export function formulaOf(name: StepName, { run }: Scene, facts: Facts): string {
  const { bias, outputBias } = run.projections;
  const made = (what: string, of: string, table: string): string =>
    `${what} = ${of} W^${table}${bias ? ` + b^${table}` : ""}`;
  switch (name) {
    case "input":
      return "x_i, x_j";
    case "project":
      return [made("q_i", "x_i", "Q"), made("k_j", "x_j", "K"), made("v_j", "x_j", "V")].join(", ");
    case "products":
      return "QK^T: q_i \u00b7 k_j = \u2211_d q_{id} k_{jd}";
    case "scores": {
      const { scaled, temperature } = run.whatIf;
      const root = `${temperature === 1 ? "" : temperature}${scaled ? "\u221ad_k" : ""}`;
      const under = isRootOf(facts, run.whatIf) ? root : String(Number(facts.divisor.toFixed(4)));
      return `s_{ij} = {q_i \u00b7 k_j}${under && `/{${under}}`}`;
    }
    case "mask":
      return "s_{ij} \u2190 \u2212\u221e";
    case "softmax":
      return "a_{ij} = e^{s_{ij}}/{\u2211_l e^{s_{il}}}, \u2211_j a_{ij} = 1";
    case "context":
      return "c_i = \u2211_j a_{ij} v_j";
    case "concat":
      return HEADS;
    case "output":
      return `MultiHead = ${HEADS} W^O${outputBias ? " + b^O" : ""}`;
  }
}
