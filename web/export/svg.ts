// What is on the screen as vector graphics: shapes and text, no bitmap; fonts by name; nothing that asks for anything else.
import { partOf } from "../runner/run_data.ts";
import type { ViewName } from "../state.ts";
import { hasSteps } from "../runner/run_data.ts";
import { failureOf } from "../runner/runner.ts";
import { changedSaid } from "../views/changed.ts";
import type { Scene } from "../views/view.ts";
import { visible } from "../views/token_label.ts";
import type { MakeExport } from "./formats.ts";
import { paragraph, type Block } from "./lettering.ts";
import { LIGHT, type Look } from "./look.ts";
import { tag } from "./markup.ts";
import type { MakePicture } from "./picture.ts";
import { hatching } from "./pictures/cells.ts";
import { headsPicture } from "./pictures/heads.ts";
import { matrixPicture } from "./pictures/matrix.ts";
import { modelPicture } from "./pictures/model.ts";
import { neuronPicture } from "./pictures/neuron.ts";
import { rowsPicture } from "./pictures/rows.ts";
import { stepsPicture } from "./pictures/steps.ts";
import { textPicture } from "./pictures/text.ts";

const PICTURES: Readonly<Record<ViewName, MakePicture>> = {
  matrix: matrixPicture,
  heads: headsPicture,
  text: textPicture,
  rows: rowsPicture,
  model: modelPicture,
  steps: stepsPicture,
  neuron: neuronPicture,
};

const PADDING = 24;
const CAPTION = { family: "sans", size: 12 } as const;
const ABOVE_CAPTION = 20;

export const svg: MakeExport = async (scene, { look = LIGHT }) => {
  const { source } = await draw(scene, look);
  return new Blob([source], { type: "image/svg+xml;charset=utf-8" });
};

export interface Drawing {
  /** CSS pixels. */
  readonly width: number;
  readonly height: number;
  readonly source: string;
}

/** `scale`: how much larger the picture says that it is; what is drawn in it is the same. */
export async function draw(scene: Scene, look: Look, scale = 1): Promise<Drawing> {
  const { run, state } = scene;
  if ((state.view === "steps" || state.view === "neuron") && !hasSteps(run))
    throw failureOf("invalid-argument", "this text is too long for the steps of this model");
  const picture = await PICTURES[scene.state.view](scene, look);
  const title = titleOf(scene);
  const changed = changedSaid(scene);
  const inner = Math.ceil(picture.width);
  const below = Math.ceil(picture.height) + ABOVE_CAPTION;
  const caption = (text: string, top: number): Block =>
    paragraph(look, scene.strings, text, { top, width: inner, font: CAPTION, fill: look.colors.quiet });
  const named = caption(title, below);
  const noted = caption(changed, below + named.height);
  const width = inner + 2 * PADDING;
  const height = below + named.height + noted.height + 2 * PADDING;
  const root = tag(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      width: width * scale,
      height: height * scale,
      viewBox: `0 0 ${width} ${height}`,
      role: "img",
      "xml:lang": scene.strings.language,
      "font-family": look.fonts.sans,
      fill: look.colors.ink,
    },
    tag("title", {}, title),
    tag("desc", {}, description(scene, [changed, ...picture.said])),
    tag("defs", {}, hatching(look)),
    tag("rect", { width, height, fill: look.colors.paper }),
    tag(
      "g",
      { transform: `translate(${PADDING} ${PADDING})` },
      ...[...picture.marks, ...named.marks, ...noted.marks],
    ),
  );
  return { width, height, source: `<?xml version="1.0" encoding="UTF-8"?>\n${root.source}\n` };
}

/** The view, the model, the heads, and the stage where it is not the weights'. */
function titleOf({ run, state, strings }: Scene): string {
  const { picture, reading, stages, views } = strings;
  const isSingle = ["matrix", "text", "steps", "neuron"].includes(state.view);
  const shown = isSingle ? state.heads.slice(0, 1) : state.heads;
  const heads =
    state.view === "model"
      ? picture.allHeads
      : shown.map((head) => reading.head(state.layer, head)).join(", ");
  const part = run.stacks ? `, ${strings.parts.names[run.stacks.part]}` : "";
  const isStaged = state.view === "matrix" || state.view === "model";
  const stage = isStaged ? `${heads}, ${stages[state.stage].name}` : heads;
  return picture.title(views.names[state.view], visible(run.model) + part, stage);
}

/** The text that was read; of cross-attention the one that looks, and the one that is looked at. */
function textsSaid(run: Scene["run"], { picture, parts }: Scene["strings"]): (string | false)[] {
  if (partOf(run) === "cross" && run.stacks)
    return [
      `${parts.sides.from}: ${visible(run.text)}`,
      `${parts.sides.to}: ${visible(run.stacks.source.text)}`,
    ];
  return [picture.text(visible(run.text)), run.pair !== "" && picture.pair(visible(run.pair))];
}

function description({ run, strings }: Scene, said: readonly string[]): string {
  return [...textsSaid(run, strings), ...said].filter(Boolean).join("\n");
}
