// One word in two sentences: how its states part, layer by layer, and whom it looks at in each.
import { cosinesOf, sharedWords, type SharedWord } from "../experiments.ts";
import { latestOnly } from "../runner/latest.ts";
import { headMatrix, isLong, type RunData } from "../runner/run_data.ts";
import { messageOf } from "../runner/runner.ts";
import { AS_TRAINED } from "../state.ts";
import { h } from "../views/dom.ts";
import { tokenLabels, visible } from "../views/token_label.ts";
import { labelNode, panelNode, tableNode, type MakePanel } from "./panel.ts";

const DEFAULTS = ["Apple unveiled a new phone.", "Apple pie is delicious."] as const;
/** Typing counts as paused after this many milliseconds. */
const PAUSE = 250;
/** Tokens of a row that are listed. */
const FEW = 5;

export const twoSentencesPanel: MakePanel = (first) => {
  let scene = first;
  let runs: readonly [RunData, RunData] | undefined;
  let asked = "";
  let chosen = "";
  let pause: ReturnType<typeof setTimeout> | undefined;
  const words = scene.strings.whatif.two;
  const latest = latestOnly((model: string) =>
    Promise.all(inputs.map(({ value }) => scene.ask({ model, text: value, pair: "", whatIf: AS_TRAINED }))),
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
    ),
    said,
    place,
    h("p", { class: "aside" }, words.pieces),
  );
  title.textContent = words.title;

  /** Runs both sentences where they or the model are others than before. */
  async function follow(): Promise<void> {
    const { model } = scene.state;
    const question = JSON.stringify([model, ...inputs.map(({ value }) => value)]);
    if (question === asked) return runs && draw();
    asked = question;
    try {
      const both = await latest.ask(model);
      const [a, b] = both ?? [];
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
    place.replaceChildren(chart(word.text, cosines, layerName), rows(a, b, word));
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
      cosines.map((cosine, layer) => [
        layerName(layer),
        h(
          "span",
          { class: "cosine", style: { "--share": `${(100 * Math.max(0, cosine)).toFixed(2)}%` } },
          h("span", { class: "cosine-bar", "aria-hidden": "true" }),
          scene.strings.numbers.fixed(cosine, 3),
        ),
      ]),
    );
  }

  function rows(a: RunData, b: RunData, word: SharedWord): HTMLElement {
    const { layer, heads } = scene.state;
    const head = heads[0] ?? 0;
    const name = scene.strings.whatif.head(layer, head);
    return h(
      "div",
      { class: "two-rows" },
      h("p", { class: "choice-label" }, words.rows(name, word.text)),
      ...[
        { run: a, token: word.first[0] },
        { run: b, token: word.second[0] },
      ].map(({ run, token }) => {
        if (isLong(run) || layer >= run.numLayers || head >= run.numHeads) return undefined;
        const n = run.tokens.length;
        const weights = headMatrix(run, "weights", layer, head).subarray(token * n, (token + 1) * n);
        const labels = tokenLabels(run);
        const order = [...weights.keys()].sort((i, j) => (weights[j] ?? 0) - (weights[i] ?? 0));
        return h(
          "div",
          { class: "row-of" },
          h("p", { class: "aside" }, h("bdi", { dir: "auto" }, visible(run.text))),
          h(
            "ol",
            { class: "row-list" },
            ...order
              .slice(0, FEW)
              .map((i) =>
                h(
                  "li",
                  { style: { "--share": `${(100 * (weights[i] ?? 0)).toFixed(2)}%` } },
                  labelNode(labels[i]),
                  " ",
                  h("span", { class: "chance" }, scene.strings.whatif.percent(weights[i] ?? 0)),
                  h("span", { class: "bar", "aria-hidden": "true" }),
                ),
              ),
          ),
        );
      }),
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
      latest.cancel();
    },
  };
};
