// The pictures of each step, as numbers: what a plate shows, row by row, and what is printed under it.
import {
  headMatrix,
  headVectors,
  isLong,
  layerStream,
  partsOfOutput,
  type Stage,
} from "../../runner/run_data.ts";
import type { ColorMapName } from "../../state.ts";
import { keyLabelsOf } from "../../reading/units.ts";
import { scaleOf, type Scale } from "../scale.ts";
import type { TokenLabel } from "../token_label.ts";
import type { Scene } from "../view.ts";
import { concatenated, hidesNothing, type Facts } from "./facts.ts";
import type { StepName } from "./formulas.ts";
import type { PlateContent } from "./plate.ts";
import { shareText } from "./reckoning.ts";

export const STAGE_OF: Partial<Record<StepName, Stage>> = {
  products: "products",
  scores: "scores",
  mask: "maskedScores",
  softmax: "weights",
};

/** Numbers of a row that are written under its plate, of which as many are in sight as there is room. */
const PRINTED = 48;

/** What a plate's cells are: a pair of tokens, or a channel of the looking or the looked-at token, or of one head's part in it. */
export type Kind = "pair" | "query" | "key" | "head";

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
export function numberIn({ strings: { numbers } }: Scene, value: number, stage: Stage): string {
  return stage === "weights" ? numbers.local(shareText(value)) : numbers.short(value, stage);
}

/** A row, as much of it as can stand in a line. */
function printedRow(scene: Scene, row: Float32Array, stage: Stage = "scores"): string {
  return Array.from(row.subarray(0, PRINTED), (value) => numberIn(scene, value, stage)).join("\u2002");
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
