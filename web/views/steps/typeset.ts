// A calculation, from a line of text to mathematics: "e^(11.401 − 11.401) ÷ 1.00005 = 0.99995". Words stand in isolates.
import { h } from "../dom.ts";
import { fraction, math, root, row, sup, type Formula } from "../math.ts";

/** A formula a term, so that a long line breaks between them. */
export function typeset(line: string): HTMLElement {
  const parts = line.replace(/\u200e/g, "").split(/ ?(\u2068[^\u2069]*\u2069| [+=\u2248\u2192] )/);
  const nodes = parts.filter(Boolean).map((part) => {
    if (part.startsWith("\u2068")) return h("small", {}, ` ${part}`);
    return part.startsWith(" ") ? part : math(part.split(" \u00f7 ").map(product).reduce(fraction));
  });
  return h("span", { class: "line" }, ...nodes);
}

function product(text: string): Formula {
  const [first = "", ...others] = text.split(" \u00d7 ");
  return row(factor(first), ...others.flatMap((other) => ["\u00d7", factor(other)]));
}

function factor(text: string): Formula {
  const [, before, inside = ""] = /^(e\^|)\((.*)\)$/.exec(text) ?? [];
  if (before === undefined) return text.startsWith("\u221a") ? root(text.slice(1)) : text;
  if (before === "") return row("(", inside, ")");
  const [score = "", largest = ""] = inside.split(" \u2212 ");
  return sup("e", row(factor(score), "\u2212", factor(largest)));
}
