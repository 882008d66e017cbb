// Scores become shares.
import type { PageStrings } from "../../strings/page.ts";
import { button, h } from "../../views/dom.ts";
import { bar, slider, type Figure } from "./parts.ts";

/**
 * Shares of 1, by exp(score / temperature). A score of −∞ gets exactly 0; where all are −∞ there is nothing to share out and
 * all are 0.
 */
export function softmax(scores: readonly number[], temperature = 1): number[] {
  const most = Math.max(...scores);
  if (most === -Infinity) return scores.map(() => 0);
  // Only differences count, so the largest becomes 0 and nothing overflows.
  const grown = scores.map((score) => Math.exp((score - most) / temperature));
  const sum = grown.reduce((total, value) => total + value, 0);
  return grown.map((value) => value / sum);
}

const START: readonly number[] = [2, 1, 0, -1];
const LIMIT = 8;

export function softmaxFigure({ lesson }: PageStrings): Figure {
  const words = lesson.softmax;
  let scores = [...START];
  const hidden = START.map(() => false);
  const rows = words.names.map((name, i) => {
    const score = slider({
      label: words.score(name),
      min: -LIMIT,
      max: LIMIT,
      step: 0.1,
      value: START[i] ?? 0,
      format: (value) => lesson.number(value, 1),
      onInput(value) {
        scores[i] = value;
        draw();
      },
    });
    const hide = h("input", {
      type: "checkbox",
      on: {
        change: () => {
          hidden[i] = hide.checked;
          draw();
        },
      },
    });
    const grown = h("td", { class: "figure-number" });
    const share = h("td", { class: "figure-number strong" });
    const drawn = h("td", { class: "bar-cell" });
    const node = h(
      "tr",
      {},
      h("th", { scope: "row" }, name),
      h("td", {}, score.node, h("label", { class: "check" }, hide, words.hide(name))),
      grown,
      drawn,
      share,
    );
    return { node, score, hide, grown, share, drawn };
  });
  const sum = h("td", { class: "figure-number" });
  const total = h("td", { class: "figure-number strong" });
  const said = h("p", { class: "reading", role: "status" });

  function draw(): void {
    const seen = scores.map((score, i) => (hidden[i] ? -Infinity : score));
    const shares = softmax(seen);
    const all = seen.map(Math.exp);
    rows.forEach(({ grown, share, drawn }, i) => {
      grown.textContent = lesson.number(all[i] ?? 0, 2);
      share.textContent = lesson.percent(shares[i] ?? 0);
      drawn.replaceChildren(bar(shares[i] ?? 0));
    });
    const nothing = hidden.every(Boolean);
    sum.textContent = lesson.number(
      all.reduce((a, b) => a + b, 0),
      2,
    );
    total.textContent = lesson.percent(nothing ? 0 : 1);
    said.textContent = nothing ? words.all : "";
  }

  function move(by: (score: number, i: number) => number): void {
    scores = scores.map((score, i) => Math.min(LIMIT, Math.max(-LIMIT, by(score, i))));
    rows.forEach(({ score }, i) => score.set(scores[i] ?? 0));
    draw();
  }
  // Cut off at the end of a slider, the differences would change.
  const shift = (by: number): void => {
    if (scores.every((score) => Math.abs(score + by) <= LIMIT)) move((score) => score + by);
  };
  draw();
  return {
    node: h(
      "div",
      { class: "hand" },
      h(
        "table",
        { class: "softmax-table" },
        h(
          "thead",
          {},
          h(
            "tr",
            {},
            h("th", { scope: "col" }, words.table.word),
            h("th", { scope: "col" }, words.table.score),
            h("th", { scope: "col", class: "figure-number" }, words.table.exp),
            h("th", { scope: "col", colspan: 2 }, words.table.share),
          ),
        ),
        h("tbody", {}, ...rows.map(({ node }) => node)),
        h(
          "tfoot",
          {},
          h(
            "tr",
            {},
            h("th", { scope: "row", colspan: 2 }, words.sum),
            sum,
            h("td", { class: "bar-cell" }),
            total,
          ),
        ),
      ),
      said,
      h(
        "div",
        { class: "buttons" },
        button(words.plus, () => shift(1)),
        button(words.minus, () => shift(-1)),
        button(words.reset, () => {
          rows.forEach(({ hide }, i) => {
            hide.checked = false;
            hidden[i] = false;
          });
          move((_, i) => START[i] ?? 0);
        }),
      ),
    ),
  };
}
