// One head's attention step by step: each step's formula and words, and its small pictures beside them.
import { isLong } from "../../runner/run_data.ts";
import { platesOf } from "../../views/steps/plates.ts";
import { signs, tick } from "../../views/steps/color_key.ts";
import { factsOf, type Facts } from "../../views/steps/facts.ts";
import { formulaOf, STEPS, type StepName } from "../../views/steps/formulas.ts";
import { rangeOf, type PlateContent } from "../../views/steps/plate.ts";
import { sayStep } from "../../views/steps/said.ts";
import type { Scene } from "../../views/view.ts";
import { cut, paragraph, tokenText, tokenWidth, words, type Block } from "../lettering.ts";
import type { Look } from "../look.ts";
import { round, tag, type Markup } from "../markup.ts";
import type { MakePicture } from "../picture.ts";
import { cells, legend } from "./cells.ts";
import { formula } from "./formula.ts";
import { WIDTH } from "./prose.ts";

const TITLE = { family: "serif", size: 18, weight: 600 } as const;
const SAID = { family: "serif", size: 15 } as const;
const NUMBERS = { family: "sans", size: 13 } as const;
const LABEL = { family: "sans", size: 12 } as const;
const NAME = { family: "serif", size: 15 } as const;
/** Words beside a picture, and where it begins; those of whole vectors stand below them, but for a context. */
const BESIDE = { words: 424, left: 472 };
/** Pixels a cell, of tokens' pairs and of channels, where there is room. */
const LARGEST = { pair: 14, channel: 7 };
/** Room for the mark beside the followed row. */
const MARK = 12;
/** Of the followed word. */
const NAME_ROOM = 72;
/** Of a long text's picture. */
const TALLEST = 240;
const BETWEEN = 28;
const APART = 16;
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
  const numbers = { ...strings.numbers, tick };
  const key = legend(look, { ...strings, numbers }, signs(), strings.stepsView.colors, top);
  marks.push(...key.marks);
  top += key.height;
  for (const name of STEPS) {
    if (top > 0) {
      marks.push(
        tag("rect", { x: 0, y: top + BETWEEN / 2, width: WIDTH, height: 1, fill: look.colors.rule }),
      );
      top += BETWEEN;
    }
    const plates = platesOf(name, scene, facts).map(({ content }) => content);
    const isBeside = plates[0]?.col !== undefined || name === "context";
    const text = wordsOf(scene, look, facts, name, { top, width: isBeside ? BESIDE.words : WIDTH });
    const under = isBeside || plates.length === 0 ? 0 : text.height + 4;
    const pictures = platesAcross(scene, look, plates, top + under, isBeside ? BESIDE.left : 0);
    marks.push(...text.marks, ...pictures.marks);
    said.push(...sayStep(name, scene, facts).sentences.filter(Boolean));
    top += Math.max(text.height, under + pictures.height);
  }
  return { width: WIDTH, height: top, marks, said };
};

function wordsOf(
  scene: Scene,
  look: Look,
  facts: Facts,
  name: StepName,
  { top: from, width }: { readonly top: number; readonly width: number },
): Block {
  const { strings } = scene;
  const { sentences, reckoning } = sayStep(name, scene, facts);
  const marks: Markup[] = [];
  let top = from;
  const write = (block: Block, gap: number): void => {
    marks.push(...block.marks);
    if (block.height > 0) top += block.height + gap;
  };
  write(
    paragraph(look, strings, `${STEPS.indexOf(name) + 1}\u2002${strings.stepsView[name].title}`, {
      ...{ top, width, font: TITLE },
    }),
    4,
  );
  if (platesOf(name, scene, facts).length > 0) {
    marks.push(formula(look, { x: 0, y: top + 17, size: 17 }, formulaOf(name, scene, facts)));
    top += 30;
  }
  write(paragraph(look, strings, sentences.filter(Boolean).join(" "), { top, width, font: SAID }), 6);
  // As on the screen, calculations run from left to right.
  for (const line of reckoning)
    write(paragraph(look, { direction: "ltr" }, line, { top, width, font: NUMBERS }), 2);
  return { height: top - from, marks };
}

/** Pictures side by side. */
function platesAcross(
  scene: Scene,
  look: Look,
  plates: readonly PlateContent[],
  top: number,
  left: number,
): Block {
  const width = (WIDTH - left - APART * (plates.length - 1)) / Math.max(1, plates.length);
  const blocks = plates.map((content, i) =>
    plateOf(scene, look, content, { top, left: left + i * (width + APART), width }),
  );
  return {
    height: Math.max(0, ...blocks.map(({ height }) => height)),
    marks: blocks.flatMap(({ marks }) => marks),
  };
}

/** Its name, size and range; the cells, the followed row and cell framed; the row in numbers. */
function plateOf(
  { strings }: Scene,
  look: Look,
  content: PlateContent,
  { top, left: from, width: room }: { readonly top: number; readonly left: number; readonly width: number },
): Block {
  const {
    title,
    values,
    rows,
    cols,
    scale,
    row,
    col,
    part = [0, cols],
    rowLabels,
    colLabel,
    printed,
  } = content;
  const largest = col === undefined ? LARGEST.channel : LARGEST.pair;
  const size = Math.min(largest, (room - MARK) / Math.max(1, cols), TALLEST / Math.max(1, rows));
  const left = from + MARK;
  const head = col === undefined ? 22 : 38;
  const face = { left, top: top + head, size, gap: 0 };
  const [width, height] = [cols * size, rows * size];
  const frame = { fill: "none", stroke: look.colors.frame, "stroke-width": 1.5 };
  const [begin, end] = part;
  const framed = (x: number, y: number, wide: number): Markup =>
    tag("rect", { x, y: y - 1, width: wide, height: size + 2, ...frame });
  const middle = face.top + (row + 0.5) * size;
  const quiet = look.colors.quiet;
  const marks = [
    words(look, { x: from, y: top + 14, font: NAME }, title),
    words(
      look,
      { x: from + look.measure(title, NAME) + 8, y: top + 14, font: LABEL, fill: quiet },
      `${rows} \u00d7 ${cols}\u2002${rangeOf(content, strings.numbers)}`,
    ),
    ...cells(values, cols, scale, face),
    tag("path", { fill: look.colors.ink, d: `M${round(from)} ${round(middle - 5)}l8 5l-8 5z` }),
    framed(left + begin * size, face.top + row * size, (end - begin) * size),
    col !== undefined && framed(left + col * size, face.top + row * size, size),
    col !== undefined &&
      colLabel &&
      tokenText(
        look,
        { x: left + col * size, y: face.top - 6, font: LABEL },
        colLabel,
        width - col * size + 40,
      ),
  ];
  const rowLabel = rowLabels[row];
  const name = rowLabel ? Math.min(tokenWidth(look, rowLabel, LABEL), NAME_ROOM) + 8 : 0;
  const below = printed.map((line, i) => {
    const y = face.top + height + 16 + 17 * i;
    // A number without its end is another.
    const whole = cut(look, line, room - MARK - name, LABEL).replace(/\S*\u2026$/u, "\u2026");
    return words(look, { x: left + name, y, font: LABEL }, whole);
  });
  const label =
    rowLabel && tokenText(look, { x: left, y: face.top + height + 16, font: LABEL }, rowLabel, NAME_ROOM);
  return {
    height: head + height + 4 + 17 * printed.length,
    marks: [...marks, label, ...below].filter((mark) => mark !== false && mark !== undefined),
  };
}
