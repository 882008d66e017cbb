// A database of four entries, asked softly: dot product, softmax, weighted sum.
import type { PageStrings } from "../../strings/page.ts";
import { h } from "../../views/dom.ts";
import { bar, slider, type Figure } from "./parts.ts";
import { softmax } from "./softmax.ts";
import { dot } from "./vectors.ts";

export interface Entry {
  readonly key: readonly number[];
  readonly value: number;
}

export interface Found {
  readonly fits: readonly number[];
  readonly weights: readonly number[];
  readonly answer: number;
}

/** At a temperature near 0 the best fit takes all; the higher it is, the more alike all count. */
export function lookup(query: readonly number[], entries: readonly Entry[], temperature: number): Found {
  const fits = entries.map(({ key }) => dot(query, key));
  const weights = softmax(fits, temperature);
  const answer = entries.reduce((sum, { value }, i) => sum + (weights[i] ?? 0) * value, 0);
  return { fits, weights, answer };
}

/** The slider's places are powers of ten, so that the small temperatures have as much room as the large ones. */
const temperatureAt = (place: number): number => 10 ** place;
/** Below, one entry has it all but for what no one can see. */
const ALL = 0.995;

export function lookupFigure({ lesson }: PageStrings): Figure {
  const words = lesson.lookup;
  const query = [1, 1];
  const entries = words.rows.map(({ key, value }) => ({ key: [...key] as number[], value: value as number }));
  const asked = words.columns.map((name, i) =>
    slider({
      label: name,
      min: 0,
      max: 1,
      step: 0.05,
      value: query[i] ?? 0,
      format: (value) => lesson.number(value, 2),
      onInput(value) {
        query[i] = value;
        draw();
      },
    }),
  );
  const temperature = slider({
    label: words.temperature,
    min: -2.3,
    max: 1,
    step: 0.05,
    value: -2.3,
    format: (place) => lesson.number(temperatureAt(place), temperatureAt(place) < 0.1 ? 3 : 2),
    onInput: draw,
  });
  /** A number that the visitor can change; what is no number counts as before. */
  const field = (label: string, value: number, onChange: (value: number) => void): HTMLElement => {
    const input = h("input", {
      type: "number",
      step: 0.1,
      min: -10,
      max: 10,
      value,
      "aria-label": label,
      on: {
        input: () => {
          if (!Number.isFinite(input.valueAsNumber)) return;
          onChange(Math.min(10, Math.max(-10, input.valueAsNumber)));
          draw();
        },
      },
    });
    return input;
  };
  const rows = words.rows.map(({ name }, i) => {
    const entry = entries[i] as (typeof entries)[number];
    const cells = words.columns.map((column, j) =>
      h(
        "td",
        {},
        field(words.cell(name, words.key(column)), entry.key[j] ?? 0, (value) => (entry.key[j] = value)),
      ),
    );
    // Where the rows are broken into lines, these have no heading above them.
    const fit = h("td", { class: "figure-number", "data-name": words.fit });
    const weight = h("td", { class: "figure-number strong", "data-name": words.weight });
    const drawn = h("td", { class: "bar-cell" });
    const value = h(
      "td",
      {},
      field(words.cell(name, words.value), entry.value, (next) => (entry.value = next)),
    );
    return {
      node: h("tr", {}, h("th", { scope: "row" }, name), ...cells, fit, drawn, weight, value),
      fit,
      weight,
      drawn,
    };
  });
  const said = h("p", { class: "reading", role: "status" });

  function draw(): void {
    const { fits, weights, answer } = lookup(query, entries, temperatureAt(temperature.input.valueAsNumber));
    rows.forEach(({ fit, weight, drawn }, i) => {
      fit.textContent = lesson.number(fits[i] ?? 0, 2);
      weight.textContent = lesson.percent(weights[i] ?? 0);
      drawn.replaceChildren(bar(weights[i] ?? 0));
    });
    const most = Math.max(...weights);
    const name = words.rows[weights.indexOf(most)]?.name ?? "";
    const how =
      most > ALL ? words.hard(name) : (most > 0.5 ? words.mostly : words.mixed)(name, lesson.percent(most));
    said.replaceChildren(h("strong", {}, words.answer(lesson.number(answer, 2))), ` ${how}`);
  }

  draw();
  const column = (text: string, span = 1): HTMLElement =>
    h("th", { scope: "col", colspan: span > 1 ? span : undefined }, text);
  return {
    node: h(
      "div",
      { class: "hand" },
      h(
        "div",
        { class: "sliders" },
        h("fieldset", {}, h("legend", {}, words.query), ...asked.map(({ node }) => node)),
        temperature.node,
      ),
      h(
        "div",
        { class: "scroller", role: "region", "aria-label": words.weight },
        h(
          "table",
          { class: "lookup-table" },
          h(
            "thead",
            {},
            h(
              "tr",
              {},
              column(words.food),
              ...words.columns.map((name) => column(words.key(name))),
              h("th", { scope: "col", class: "figure-number" }, words.fit),
              column(words.weight, 2),
              column(words.value),
            ),
          ),
          h("tbody", {}, ...rows.map(({ node }) => node)),
        ),
      ),
      said,
    ),
  };
}
