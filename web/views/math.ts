// Formulas as MathML, which browsers draw and screen readers speak by themselves.
// https://www.w3.org/TR/mathml-core/

import { parseFormula, type Part } from "./formula.ts";

const MATHML = "http://www.w3.org/1998/Math/MathML";

export type Formula = Element | string;

/** An element of MathML. Bare strings become what they are: numbers <mn>, names <mi>, all others <mo>. */
export function m(tag: string, ...children: readonly Formula[]): Element {
  const element = document.createElementNS(MATHML, tag);
  element.append(...children.map((child) => (typeof child === "string" ? leaf(child) : child)));
  return element;
}

/** A formula of formula.ts's notation. */
export function formulaNode(text: string): Element {
  const made = (part: Part): Formula =>
    typeof part === "string" ? part : m(`m${part.kind}`, ...part.parts.map(made));
  return math(...parseFormula(text).parts.map(made));
}

/** A formula, as large as one on a line of its own. */
export function math(...children: readonly Formula[]): Element {
  const formula = m("math", m("mrow", ...children));
  formula.setAttribute("displaystyle", "true");
  return formula;
}

export const sup = (base: Formula, index: Formula): Element => m("msup", base, index);
export const root = (...children: readonly Formula[]): Element => m("msqrt", ...children);
export const fraction = (over: Formula, under: Formula): Element => m("mfrac", over, under);
export const row = (...children: readonly Formula[]): Element => m("mrow", ...children);

function leaf(text: string): Element {
  const tag = /^\u2212?[\d.,\u221e]+(\u00d710\S+)?$/.test(text) ? "mn" : /^\p{L}+$/u.test(text) ? "mi" : "mo";
  const element = document.createElementNS(MATHML, tag);
  element.textContent = text;
  return element;
}
