// One word in two sentences: how its states part, layer by layer, and whom it looks at in each.
import { cosinesOf, looksOf, sharedWords, type SharedWord } from "./experiments.ts";
import { headMatrix, isLong, type RunData } from "../runner/run_data.ts";
import { messageOf } from "../runner/runner.ts";
import { AS_TRAINED } from "../state.ts";
import { h, type Child } from "../views/dom.ts";
import { shareScale } from "../views/scale.ts";
import { tokenLabels, visible } from "../views/token_label.ts";
import { differing } from "./differing.ts";
import { labelNode, panelNode, tableNode, type MakePanel } from "./panel.ts";
import { smallMatrix } from "./small_matrix.ts";

const DEFAULTS = ["Apple unveiled a new phone.", "Apple pie is delicious."] as const;
/** Typing counts as paused after this many milliseconds. */
const PAUSE = 250;
/** Tokens of a row that are listed. */
const FEW = 8;

export const twoSentencesPanel: MakePanel = (first, events) => {
  let scene = first;
  let runs: readonly [RunData, RunData] | undefined;
  let chosen = "";
  let pause: ReturnType<typeof setTimeout> | undefined;
  const words = scene.strings.whatif.two;
  const both = differing(
    ({ model, texts }: { readonly model: string; readonly texts: readonly string[] }) =>
      Promise.all(texts.map((text) => scene.ask({ model, text, pair: "", whatIf: AS_TRAINED }))),
    (asked) => JSON.stringify(asked),
  );
  const inputs = DEFAULTS.map((text) => {
    const input = h("input", {
      type: "text",
      dir: "auto",
      autocomplete: "off",
      spellcheck: "false",
      on: {
        input() {
          clearTimeout(pause);
          pause = setTimeout(() => void follow(), PAUSE);
        },
      },
    });
    input.value = text;
    return input;
  });
  const select = h("select", {
    on: {
      change() {
        chosen = select.value;
        draw();
      },
    },
  });
  const layers = h("select", { on: { change: () => events.change({ layer: layers.selectedIndex }) } });
  const heads = h("select", { on: { change: () => events.change({ heads: [heads.selectedIndex] }) } });
  const said = h("p", { class: "verdict", role: "status" });
  const place = h("div", { class: "two-results" });
  const labelled = (label: string, control: HTMLElement | undefined): HTMLElement =>
    h("label", {}, h("span", {}, label), control);
  const { node, title } = panelNode(
    "two",
    h("p", { class: "aside" }, words.intro),
    h(
      "div",
      { class: "two-inputs" },
      labelled(words.first, inputs[0]),
      labelled(words.second, inputs[1]),
      labelled(words.word, select),
      labelled(first.strings.element.controls.layer, layers),
      labelled(first.strings.whatif.which.headName, heads),
    ),
    said,
    place,
    h("p", { class: "aside" }, words.pieces),
  );
  title.textContent = words.title;

  /** Runs both sentences where they or the model are others than before. */
  async function follow(): Promise<void> {
    const question = { model: scene.state.model, texts: inputs.map(({ value }) => value) };
    if (both.isAsked(question)) return draw();
    try {
      const [a, b] = (await both.ask(question)) ?? [];
      if (!a || !b) return;
      runs = [a, b];
      draw();
    } catch (error) {
      runs = undefined;
      place.replaceChildren();
      said.textContent = scene.strings.whatif.failed(messageOf(error));
    }
  }

  function draw(): void {
    if (!runs) return;
    const [a, b] = runs;
    const { layer, heads: shown } = scene.state;
    number(layers, a.numLayers, layer);
    number(heads, a.numHeads, shown[0] ?? 0);
    const shared = sharedWords(a, b);
    const word = shared.find(({ text }) => text === chosen) ?? shared[0];
    select.replaceChildren(...shared.map(({ text }) => h("option", { value: text }, text)));
    select.disabled = shared.length < 2;
    place.replaceChildren();
    if (!word) {
      said.textContent = words.none;
      return;
    }
    select.value = word.text;
    const cosines = cosinesOf(a, b, word);
    const least = cosines.indexOf(Math.min(...cosines));
    const layerName = (layer: number): string => (layer === 0 ? words.embeddings : words.layerName(layer));
    said.textContent = words.said(
      word.text,
      cosines[0] ?? 1,
      cosines[least] ?? 1,
      layerName(least),
      cosines.at(-1) ?? 1,
    );
    place.replaceChildren(
      ...[pictures(runs, word), rows(runs, word), chart(word.text, cosines, layerName)].filter(
        (part) => part !== undefined,
      ),
    );
  }

  /** The numbers are the table's, the bars behind them the chart. */
  function chart(
    word: string,
    cosines: readonly number[],
    layerName: (layer: number) => string,
  ): HTMLElement {
    return tableNode(
      words.caption(word),
      [words.layer, words.cosine],
      cosines.map((cosine, layer) => [layerName(layer), bar(cosine, scene.strings.numbers.fixed(cosine, 3))]),
    );
  }

  /** Both pictures of the head that the page looks at. */
  function pictures(both: readonly [RunData, RunData], word: SharedWord): HTMLElement | undefined {
    const { layer, map } = scene.state;
    const [head = 0] = scene.state.heads;
    if (!both.every((run) => hasHead(run, layer, head))) return undefined;
    const name = scene.strings.whatif.head(layer, head);
    return h(
      "div",
      { class: "two-pictures" },
      ...both.map((run, i) => {
        const row = (i === 0 ? word.first : word.second)[0];
        const text = visible(run.text);
        return h(
          "figure",
          {},
          h("figcaption", {}, h("bdi", { dir: "auto" }, text)),
          smallMatrix({
            values: headMatrix(run, "weights", layer, head),
            labels: tokenLabels(run),
            row,
            scale: shareScale(map),
            name: words.picture(name, text),
          }),
        );
      }),
    );
  }

  /** The word's row in both, and the difference where both have the token. */
  function rows(both: readonly [RunData, RunData], word: SharedWord): HTMLElement | undefined {
    const { layer, heads } = scene.state;
    const [head = 0] = heads;
    if (!both.every((run) => hasHead(run, layer, head))) return undefined;
    const { whatif } = scene.strings;
    const labels = both.map((run) => tokenLabels(run));
    const share = (value: number | undefined): Child =>
      value === undefined ? h("span", { class: "aside" }, words.absent) : bar(value, whatif.percent(value));
    return tableNode(
      words.rows(whatif.head(layer, head), word.text),
      [whatif.change.token, words.first, words.second, words.difference],
      looksOf(both, word, layer, head)
        .slice(0, FEW)
        .map(({ label, of, first, second }) => [
          labelNode(labels[of === "first" ? 0 : 1]?.[label]),
          share(first),
          share(second),
          first === undefined || second === undefined ? "\u2013" : whatif.change.points(second - first),
        ]),
    );
  }

  function update(next: typeof first): void {
    scene = next;
    void follow();
  }

  update(first);
  return {
    node,
    update,
    dispose() {
      clearTimeout(pause);
      both.cancel();
    },
  };
};

function hasHead(run: RunData, layer: number, head: number): boolean {
  return !isLong(run) && layer < run.numLayers && head < run.numHeads;
}

/** Numbers from 0 on to choose from. */
function number(select: HTMLSelectElement, count: number, chosen: number): void {
  if (select.options.length !== count)
    select.replaceChildren(...Array.from({ length: count }, (_, i) => h("option", {}, String(i))));
  select.selectedIndex = chosen;
}

/** A share as a bar, with its number. */
function bar(share: number, text: string): HTMLElement {
  return h(
    "span",
    { class: "cosine", style: { "--share": `${(100 * Math.max(0, share)).toFixed(2)}%` } },
    h("span", { class: "cosine-bar", "aria-hidden": "true" }),
    text,
  );
}
