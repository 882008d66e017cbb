// Formulas: the notation they are written in, and what a step's formula is for a run.
import { describe, expect, test } from "@jest/globals";
import { parseFormula, type Part } from "../../web/views/formula.ts";
import { factsOf } from "../../web/views/steps/facts.ts";
import { formulaOf, type StepName } from "../../web/views/steps/formulas.ts";
import { fixedScene } from "./export_scene.ts";

/** "sub(a, row(i j))" */
function written(part: Part): string {
  if (typeof part === "string") return part;
  const parts = part.parts.map(written);
  return part.kind === "row" ? `(${parts.join(" ")})` : `${part.kind}(${parts.join(", ")})`;
}

describe("the notation", () => {
  test.each([
    ["x_i, x_j", "(sub(x, i) , sub(x, j))"],
    ["QK^T", "(Q sup(K, T))"],
    ["s_{ij} \u2190 \u2212\u221e", "(sub(s, (i j)) \u2190 \u2212 \u221e)"],
    ["{q_i \u00b7 k_j}/{2.5\u221ad_k}", "(frac((sub(q, i) \u00b7 sub(k, j)), (2.5 sqrt(sub(d, k)))))"],
    [
      "a_{ij} = e^{s_{ij}}/{\u2211_l e^{s_{il}}}",
      "(sub(a, (i j)) = frac(sup(e, (sub(s, (i j)))), (under(\u2211, l) sup(e, (sub(s, (i l)))))))",
    ],
    ["Concat(head_1, \u2026) W^O", "(Concat ( sub(head, 1) , \u2026 ) sup(W, O))"],
    ["", "()"],
  ])("%s", (text, parts) => {
    expect(written(parseFormula(text))).toBe(parts);
  });
});

describe("a step's formula", () => {
  const of = (
    name: StepName,
    { whatIf, ...changes }: Partial<ReturnType<typeof fixedScene>["run"]> = {},
    scale = 0.5,
  ): string => {
    const scene = fixedScene({});
    const { run } = scene;
    const scales = run.scales.map(() => scale);
    const changed = { ...scene, run: { ...run, scales, ...changes, whatIf: { ...run.whatIf, ...whatIf } } };
    return formulaOf(name, changed, factsOf(changed));
  };
  const whatIf = fixedScene({}).run.whatIf;
  const none = { bias: false, outputBias: false, norm: false, rotary: false };

  test("has the biases that the model has", () => {
    expect(of("project")).toBe("q_i = x_i W^Q + b^Q, k_j = x_j W^K + b^K, v_j = x_j W^V + b^V");
    expect(of("output")).toMatch(/W\^O \+ b\^O$/);
    expect(of("project", { projections: none })).toBe("q_i = x_i W^Q, k_j = x_j W^K, v_j = x_j W^V");
    expect(of("output", { projections: none })).toMatch(/W\^O$/);
  });

  test("divides by what the run divides by", () => {
    // The fixed scene's heads are 4 wide.
    expect(of("scores")).toBe("s_{ij} = {q_i \u00b7 k_j}/{\u221ad_k}");
    const warm = { whatIf: { ...whatIf, temperature: 2.5 } };
    expect(of("scores", warm, 0.2)).toBe("s_{ij} = {q_i \u00b7 k_j}/{2.5\u221ad_k}");
    const off = { whatIf: { ...whatIf, scaled: false } };
    expect(of("scores", off, 1)).toBe("s_{ij} = {q_i \u00b7 k_j}");
    expect(of("scores", { whatIf: { ...whatIf, scaled: false, temperature: 2 } }, 0.5)).toBe(
      "s_{ij} = {q_i \u00b7 k_j}/{2}",
    );
    // A scale of the model's own.
    expect(of("scores", {}, 0.125)).toBe("s_{ij} = {q_i \u00b7 k_j}/{8}");
  });
});
