// One head's attention step by step, with the run's own numbers: a small picture of each step, its formula, and one cell
// followed through all of them. Vaswani et al. 2017, sections 3.2.1 and 3.2.2.
import {
  headMatrix,
  headVectors,
  isLong,
  layerStream,
  partsOfOutput,
  type Stage,
} from "../runner/run_data.ts";
import type { Cell, ColorMapName } from "../state.ts";
import { isolated } from "../strings/words.ts";
import { keyLabelsOf } from "../reading/units.ts";
import { h } from "./dom.ts";
import { formulaNode } from "./math.ts";
import { numberTables, type Source } from "./number_table.ts";
import { scaleOf, type Scale } from "./scale.ts";
import { colorKey } from "./steps/color_key.ts";
import { concatenated, factsOf, hidesNothing, type Facts } from "./steps/facts.ts";
import { formulaOf, STEPS, type StepName } from "./steps/formulas.ts";
import { plateView, type Plate, type PlateContent } from "./steps/plate.ts";
import { shareText } from "./steps/reckoning.ts";
import { sayStep } from "./steps/said.ts";
import { tokenChooser } from "./steps/token_chooser.ts";
import { typeset } from "./steps/typeset.ts";
import type { TokenLabel } from "./token_label.ts";
import type { MakeView, Scene } from "./view.ts";

const STAGE_OF: Partial<Record<StepName, Stage>> = {
  products: "products",
  scores: "scores",
  mask: "maskedScores",
  softmax: "weights",
};

/** Numbers of a row that are written under its plate, of which as many are in sight as there is room. */
const PRINTED = 48;

/** What a plate's cells are: a pair of tokens, or a channel of the looking or the looked-at token, or of one head's part in it. */
type Kind = "pair" | "query" | "key" | "head";

interface Step {
  readonly node: HTMLElement;
  update(scene: Scene, facts: Facts): void;
}

export const stepsView: MakeView = (first, events) => {
  let scene = first;
  const follow = (cell: Partial<Cell>): void =>
    events.change({ cell: { ...factsOf(scene).cell, ...cell }, locked: [] });
  const queries = tokenChooser((row) => follow({ row }));
  const keys = tokenChooser((col) => follow({ col }));
  const legend = h("legend");
  const chosen = h("fieldset", { class: "followed" }, legend, queries.node, keys.node);
  const colors = colorKey();
  const list = h("ol", { class: "steps" });
  const tooLong = h("p", { class: "nothing" });
  const node = h("div", { class: "steps-view" }, chosen, tooLong, colors.node, list);
  const steps = STEPS.map((name) => stepView(name));
  list.append(...steps.map((step) => step.node));

  function stepView(name: StepName): Step {
    const title = h("h3");
    const said = h("p", { class: "step-said" });
    const reckoning = h("p", { class: "reckoning", dir: "ltr" });
    const read = h("p", { class: "aside plate-read" });
    const pictures = h("div", { class: "step-pictures" });
    const plates: Plate[] = [];
    let shownFormula = "";
    const formula = h("p", { class: "step-formula", dir: "ltr" });
    // Where there is no room for it, the keyboard must be able to scroll it.
    new ResizeObserver(() => {
      const isScrolled = formula.scrollWidth > formula.clientWidth;
      if (isScrolled) formula.tabIndex = 0;
      else formula.removeAttribute("tabindex");
    }).observe(formula);
    const tables = numberTables(
      first,
      (next) => {
        const facts = factsOf(next);
        return platesOf(name, next, facts).map((shown) => tableOf(next, name, shown));
      },
      ({ run, strings, state: { layer, heads, cell } }) => [
        ...[run, strings, layer, heads[0]],
        ...(isLong(run) ? [cell?.row, cell?.col] : []),
      ],
    );
    const words = h("div", { class: "step-words" }, title, formula, said, reckoning);

    function plateAt(index: number, kind: Kind): Plate {
      plates[index] ??= plateView({
        pick(cell) {
          // Of a long run one row is shown, which is followed already.
          if (isLong(scene.run)) return kind === "pair" ? follow({ col: cell.col }) : undefined;
          const { row, col } = cell;
          if (kind === "head") return row < scene.run.numHeads && events.change({ heads: [row] });
          follow(kind === "pair" ? { row, col } : kind === "query" ? { row } : { col: row });
        },
        hover(cell, said) {
          events.hover(
            kind === "pair" && cell
              ? { row: isLong(scene.run) ? factsOf(scene).cell.row : cell.row, col: cell.col }
              : undefined,
          );
          read.textContent = said;
        },
        say: (content, cell) => readCell(scene, kind, STAGE_OF[name] ?? "scores", content, cell),
      });
      return plates[index];
    }

    return {
      node: h(
        "li",
        { class: `step ${name}${STAGE_OF[name] || name === "context" ? " beside" : ""}` },
        words,
        pictures,
        h("div", { class: "step-foot" }, tables.node, read),
      ),
      update(next, facts) {
        const { sentences, reckoning: lines } = sayStep(name, next, facts);
        title.textContent = next.strings.stepsView[name].title;
        said.textContent = sentences.filter(Boolean).join(" ");
        reckoning.replaceChildren(...lines.map(typeset));
        const text = formulaOf(name, next, facts);
        if (text !== shownFormula) formula.replaceChildren(formulaNode(text));
        shownFormula = text;
        tables.update(next);
        const shown = platesOf(name, next, facts);
        pictures.parentElement?.classList.toggle("unchanged", shown.length === 0);
        const nodes = shown.map(({ kind, content }, i) => {
          const plate = plateAt(i, kind);
          plate.show(content, next.strings.numbers);
          return plate.node;
        });
        if (pictures.childElementCount !== nodes.length) pictures.replaceChildren(...nodes);
      },
    };
  }

  function update(next: Scene): void {
    scene = next;
    const strings = scene.strings.stepsView;
    const n = scene.run.tokens.length;
    tooLong.hidden = !isLong(scene.run);
    tooLong.textContent = strings.tooLong(n);
    const facts = factsOf(scene);
    legend.textContent = strings.follow;
    queries.update(strings.row, scene.labels, facts.cell.row);
    keys.update(strings.col, keyLabelsOf(scene), facts.cell.col);
    colors.show(scene, strings.colors);
    for (const step of steps) step.update(scene, facts);
  }

  update(first);
  return { node, update, dispose: () => {} };
};

export interface Shown {
  readonly kind: Kind;
  readonly content: PlateContent;
}

/** The pictures of a step; of a mask that hides nothing none. */
export function platesOf(name: StepName, scene: Scene, facts: Facts): Shown[] {
  if (name === "mask" && hidesNothing(scene)) return [];
  const plates = wholePlates(name, scene, facts);
  if (!isLong(scene.run)) return plates;
  return plates.map(({ kind, content }) => {
    if (kind === "pair") return { kind, content };
    const { values, cols, row, rowLabels } = content;
    return {
      kind,
      content: {
        ...content,
        values: values.subarray(row * cols, (row + 1) * cols),
        ...{ rows: 1, row: 0, rowLabels: rowLabels.slice(row, row + 1) },
      },
    };
  });
}

function wholePlates(name: StepName, scene: Scene, facts: Facts): Shown[] {
  const { run, labels, strings } = scene;
  const said = strings.stepsView;
  const { layer, head, n, m, headDim, modelDim, cell } = facts;
  const keyLabels = keyLabelsOf(scene);
  const stage = STAGE_OF[name];
  if (stage) {
    const isRow = isLong(run);
    const values = isRow ? facts.row(stage) : headMatrix(run, stage, layer, head);
    const at = { row: isRow ? 0 : cell.row, col: cell.col };
    const title = { products: "QK\u1d40", scores: "S", mask: "S", softmax: "A" }[name as "products"];
    const plate = said[name as "products"].plate;
    return [
      {
        kind: "pair",
        content: {
          ...{ title, name: plate, values, rows: isRow ? 1 : n, cols: m, ...at },
          scale: scaleFor(values, stage, scene.state.map),
          rowLabels: isRow ? labels.slice(cell.row, cell.row + 1) : labels,
          colLabel: keyLabels[cell.col],
          printed: [printedRow(scene, facts.row(stage), stage)],
        },
      },
    ];
  }
  const rows = (
    kind: "query" | "key",
    title: string,
    text: string,
    values: Float32Array,
    cols: number,
  ): Shown => {
    const row = kind === "query" ? cell.row : cell.col;
    const scale = scaleFor(values, "scores", scene.state.map);
    const rowLabels = kind === "query" ? labels : keyLabels;
    const printed = [printedRow(scene, values.subarray(row * cols, (row + 1) * cols))];
    return {
      kind,
      content: { title, name: text, values, rows: rowLabels.length, cols, scale, row, rowLabels, printed },
    };
  };
  const vectors = (which: "query" | "key" | "value" | "context"): Float32Array =>
    headVectors(run, which, layer, head);
  switch (name) {
    case "project":
      return [
        rows("query", "Q", said.project.query, vectors("query"), headDim),
        rows("key", "K", said.project.key, vectors("key"), headDim),
        rows("key", "V", said.project.value, vectors("value"), headDim),
      ];
    case "context":
      return [rows("query", "A\u00b7V", said.context.plate, vectors("context"), headDim)];
    case "concat": {
      const all = rows("query", "Concat", said.concat.plate, concatOf(scene), run.numHeads * headDim);
      const parts = Array.from({ length: run.numHeads }, (_, one) => {
        const of = headVectors(run, "context", layer, one).subarray(
          cell.row * headDim,
          (cell.row + 1) * headDim,
        );
        return `${strings.reading.head(layer, one)}\u2002${printedRow(scene, of)}`;
      });
      const part = [head * headDim, (head + 1) * headDim] as const;
      return [{ ...all, content: { ...all.content, part, printed: parts } }];
    }
    case "output": {
      const parts = partsOf(scene, facts);
      return [
        ...(parts ? [parts] : []),
        rows("query", "Concat\u00b7W\u1d3c", said.output.plate, streamOf(scene, "attentionOutput"), modelDim),
      ];
    }
    default:
      return [
        rows("query", "X", said.input.plate, streamOf(scene, "attentionInput"), modelDim),
        ...(run.stacks?.part === "cross"
          ? [rows("key", "E", strings.parts.memory, run.stacks.memory, modelDim)]
          : []),
      ];
  }
}

/** What of the followed word goes on of each head, and of the last table's bias. */
function partsOf(scene: Scene, { layer, head, cell, modelDim }: Facts): Shown | undefined {
  const { run, strings, state } = scene;
  const { parts: name, bias } = strings.stepsView.output;
  const values = partsOfOutput(run, layer, cell.row);
  if (!values) return undefined;
  const rowLabels = Array.from({ length: run.numHeads + 1 }, (_, at): TokenLabel => {
    const plain = at < run.numHeads ? strings.reading.head(layer, at) : bias;
    return { mark: "", text: plain, plain, special: false, piece: false };
  });
  const lines = rowLabels.map(({ plain }, at) => {
    const part = values.subarray(at * modelDim, (at + 1) * modelDim);
    const size = `\u2016${numberIn(scene, Math.hypot(...part), "scores")}\u2016`;
    return `${at === head ? "" : `${plain}\u2002`}${size}\u2002${printedRow(scene, part)}`;
  });
  const content = {
    ...{
      title: "head\u00b7W\u1d3c",
      name,
      values,
      rows: rowLabels.length,
      cols: modelDim,
      row: head,
      rowLabels,
    },
    scale: scaleFor(values, "scores", state.map),
    // The framed row's first, for its name stands before it.
    printed: [...lines.splice(head, 1), ...lines],
  };
  return { kind: "head", content };
}

/** A share is never written as 0 or 1 unless it is. */
function numberIn({ strings: { numbers } }: Scene, value: number, stage: Stage): string {
  return stage === "weights" ? numbers.local(shareText(value)) : numbers.short(value, stage);
}

/** A row, as much of it as can stand in a line. */
function printedRow(scene: Scene, row: Float32Array, stage: Stage = "scores"): string {
  return Array.from(row.subarray(0, PRINTED), (value) => numberIn(scene, value, stage)).join("\u2002");
}

/** The numbers of a plate as a table. */
function tableOf(scene: Scene, name: StepName, { kind, content }: Shown): Source {
  const { values, cols, row, col = 0 } = content;
  return {
    caption: `${content.title}: ${content.name}`,
    write: (value) => numberIn(scene, value, STAGE_OF[name] ?? "scores"),
    rows: content.rowLabels,
    cols: kind === "pair" ? keyLabelsOf(scene) : cols,
    at: { row, col },
    values,
  };
}

/** Of a cell under the pointer, or with the focus. */
function readCell(scene: Scene, kind: Kind, stage: Stage, content: PlateContent, { row, col }: Cell): string {
  const { strings } = scene;
  const number = content.values[row * content.cols + col] ?? NaN;
  const value = isolated(numberIn(scene, number, stage));
  const name = content.rowLabels[row]?.plain ?? "";
  const place = `${content.title} ${col}`;
  if (kind === "head") return strings.modelView.cell(name, place, value);
  return kind === "pair"
    ? strings.stepsView.pairOf(name, keyLabelsOf(scene)[col]?.plain ?? "", value)
    : strings.stepsView.cellOf(place, name, value);
}

// What is made of a run once: arrays are kept by the part of the run they were made of, so that a plate need not be painted
// again when nothing but the followed cell has changed.

const scales = new WeakMap<ArrayBufferLike, Map<string, Scale>>();

/** One scale for one part of the run's numbers. */
function scaleFor(values: Float32Array, stage: Stage, map: ColorMapName): Scale {
  const known = scales.get(values.buffer) ?? new Map<string, Scale>();
  scales.set(values.buffer, known);
  const key = `${stage} ${map} ${values.byteOffset} ${values.length}`;
  const scale = known.get(key) ?? scaleOf(stage, values, map);
  known.set(key, scale);
  return scale;
}

const concats = new WeakMap<Scene["run"], Map<number, Float32Array>>();

function concatOf(scene: Scene): Float32Array {
  const known = concats.get(scene.run) ?? new Map<number, Float32Array>();
  concats.set(scene.run, known);
  const all = known.get(scene.state.layer) ?? concatenated(scene);
  known.set(scene.state.layer, all);
  return all;
}

function streamOf({ run, state }: Scene, name: "attentionInput" | "attentionOutput"): Float32Array {
  return layerStream(run, name, state.layer);
}
