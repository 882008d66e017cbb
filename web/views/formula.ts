// Formulas in a line of text, and what they are made of: what stands after _ is lower, after ^ higher, under \u2211 with _ below, after
// \u221a under a root, on both sides of / a fraction; braces hold several together. "a_{ij} = e^{s_{ij}}/{\u2211_l e^{s_{il}}}"

/** A letter, a number, a sign, or a name of three letters and more; or several, in an order that MathML's elements have. */
export type Part = string | Group;

export interface Group {
  /** As MathML's, which put an m before it. */
  readonly kind: "row" | "sub" | "sup" | "under" | "sqrt" | "frac";
  readonly parts: readonly Part[];
}

export function parseFormula(text: string): Group {
  const signs = text.match(/\p{L}{3,}|[\d.]+|[^ ]/gu) ?? [];
  let at = 0;

  function row(): Group {
    const parts: Part[] = [];
    while (at < signs.length && signs[at] !== "}") parts.push(item());
    at++;
    return { kind: "row", parts };
  }

  function item(): Part {
    let part = atom();
    for (;;) {
      const sign = signs[at];
      const kind = sign === "^" ? "sup" : sign !== "_" ? undefined : part === "\u2211" ? "under" : "sub";
      if (!kind) break;
      at++;
      part = { kind, parts: [part, atom()] };
    }
    if (signs[at] !== "/") return part;
    at++;
    return { kind: "frac", parts: [part, item()] };
  }

  function atom(): Part {
    const sign = signs[at++] ?? "";
    return sign === "{" ? row() : sign === "\u221a" ? { kind: "sqrt", parts: [item()] } : sign;
  }

  return row();
}
