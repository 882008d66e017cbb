// One head's attention step by step: each step's formula and words, and its small pictures beside them.
import { isLong } from "../../runner/run_data.ts";
import { platesOf } from "../../views/steps_view.ts";
import { factsOf, type Facts } from "../../views/steps/facts.ts";
import { FORMULAS, type StepName } from "../../views/steps/formulas.ts";
import type { PlateContent } from "../../views/steps/plate.ts";
import { sayStep } from "../../views/steps/said.ts";
import type { Scene } from "../../views/view.ts";
import { MIDDLE, paragraph, tokenText, words, type Block } from "../lettering.ts";
import type { Look } from "../look.ts";
import { tag, type Markup } from "../markup.ts";
import type { MakePicture } from "../picture.ts";
import { cells } from "./cells.ts";
import { formula } from "./formula.ts";
import { WIDTH } from "./prose.ts";

const TITLE = { family: "serif", size: 18, weight: 600 } as const;
const SAID = { family: "serif", size: 15 } as const;
const NUMBERS = { family: "sans", size: 13 } as const;
const LABEL = { family: "sans", size: 12 } as const;
const NAME = { family: "serif", size: 15 } as const;
const COLUMN = 400;
/** Where the small pictures begin, and the room that names beside them have. */
const SIDE = { left: 432, label: 64 };
const PLATE = { width: WIDTH - SIDE.left - SIDE.label, cell: 12 };
/** Of one that stands alone, and of several. */
const HEIGHT = { one: 200, several: 110 };
const BETWEEN = 28;

/** As views/steps/formulas.ts has them, in a line. */
const FORMULA: Readonly<Record<StepName, string>> = {
  input: "x_i, x_j",
  project: "q_i = x_i W^Q, k_j = x_j W^K, v_j = x_j W^V",
  products: "QK^T: q_i \u00b7 k_j = \u2211_d q_{id} k_{jd}",
  scores: "s_{ij} = (q_i \u00b7 k_j) / \u221ad_k",
  mask: "s_{ij} \u2190 \u2212\u221e",
  softmax: "a_{ij} = exp(s_{ij}) / \u2211_l exp(s_{il}), \u2211_j a_{ij} = 1",
  context: "c_i = \u2211_j a_{ij} v_j",
  concat: "Concat(head_1, \u2026, head_h)",
  output: "MultiHead = Concat(head_1, \u2026, head_h) W^O",
};

export const stepsPicture: MakePicture = (scene, look) => {
  const { run, strings } = scene;
  const facts = factsOf(scene);
  const marks: Markup[] = [];
  const said: string[] = [];
  let top = 0;
  if (isLong(run)) {
    const text = strings.stepsView.tooLong(run.tokens.length);
    const paragraphs = paragraph(look, strings, text, { top, width: WIDTH, font: SAID });
    marks.push(...paragraphs.marks);
    said.push(text);
    top = paragraphs.height;
  }
  for (const name of Object.keys(FORMULAS) as StepName[]) {
    if (top > 0) {
      marks.push(
        tag("rect", { x: 0, y: top + BETWEEN / 2, width: WIDTH, height: 1, fill: look.colors.rule }),
      );
      top += BETWEEN;
    }
    const [left, right] = [wordsOf(scene, look, facts, name, top), picturesOf(scene, look, facts, name, top)];
    marks.push(...left.marks, ...right.marks);
    said.push(...sayStep(name, scene, facts).sentences.filter(Boolean));
    top += Math.max(left.height, right.height);
  }
  return { width: WIDTH, height: top, marks, said };
};

function wordsOf(scene: Scene, look: Look, facts: Facts, name: StepName, from: number): Block {
  const { strings } = scene;
  const { sentences, reckoning, note = "" } = sayStep(name, scene, facts);
  const marks: Markup[] = [];
  let top = from;
  const write = (block: Block, gap: number): void => {
    marks.push(...block.marks);
    if (block.height > 0) top += block.height + gap;
  };
  const lines = (text: string, font: typeof SAID | typeof NUMBERS | typeof TITLE, fill?: string): Block =>
    paragraph(look, strings, text, { top, width: COLUMN, font, ...(fill ? { fill } : {}) });
  write(lines(strings.stepsView[name].title, TITLE), 4);
  marks.push(formula(look, { x: 0, y: top + 17, size: 17 }, FORMULA[name]));
  top += 30;
  write(lines(sentences.filter(Boolean).join(" "), SAID), 6);
  for (const line of reckoning) write(lines(line, NUMBERS), 2);
  write(lines(note, NUMBERS, look.colors.quiet), 0);
  return { height: top - from, marks };
}

function picturesOf(scene: Scene, look: Look, facts: Facts, name: StepName, from: number): Block {
  const marks: Markup[] = [];
  let top = from;
  const plates = platesOf(name, scene, facts);
  for (const { content } of plates) {
    const plate = plateOf(look, content, top, plates.length > 1 ? HEIGHT.several : HEIGHT.one);
    marks.push(...plate.marks);
    top += plate.height + 14;
  }
  return { height: top - from - 14, marks };
}

/** Its name and size, the cells, and the followed row and column framed and named. */
function plateOf(look: Look, content: PlateContent, top: number, most: number): Block {
  const { title, values, rows, cols, scale, row, col, part = [0, cols], rowLabel, colLabel } = content;
  const size = Math.min(PLATE.cell, PLATE.width / Math.max(1, cols), most / Math.max(1, rows));
  const left = SIDE.left + SIDE.label;
  const head = col === undefined ? 22 : 38;
  const face = { left, top: top + head, size, gap: 0 };
  const [width, height] = [cols * size, rows * size];
  const frame = { fill: "none", stroke: look.colors.frame, "stroke-width": 1.5 };
  const [begin, end] = part;
  // Around cells too small to be seen within a frame.
  const out = size < 6 ? 2 : 0;
  const framed = (x: number, y: number, wide: number, high: number): Markup =>
    tag("rect", { x: x - out, y: y - out, width: wide + 2 * out, height: high + 2 * out, ...frame });
  const marks = [
    words(look, { x: left, y: top + 14, font: NAME }, title),
    words(
      look,
      { x: left + look.measure(title, NAME) + 8, y: top + 14, font: LABEL, fill: look.colors.quiet },
      `${rows} \u00d7 ${cols}`,
    ),
    ...cells(values, cols, scale, face),
    framed(left + begin * size, face.top + row * size, (end - begin) * size, size),
    col !== undefined && framed(left + col * size, face.top, size, height),
    rowLabel &&
      tokenText(
        look,
        { x: left - 6, y: face.top + (row + 0.5) * size + MIDDLE * LABEL.size, font: LABEL, anchor: "end" },
        rowLabel,
        SIDE.label - 6,
      ),
    col !== undefined &&
      colLabel &&
      tokenText(
        look,
        { x: left + col * size, y: face.top - 6, font: LABEL },
        colLabel,
        width - col * size + 40,
      ),
  ];
  return { height: head + height, marks: marks.filter((mark) => mark !== false && mark !== undefined) };
}
