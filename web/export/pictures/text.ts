// The sentence, its words shaded by how much the chosen words look at them, or they at those.
import { readUnits } from "../../reading/focus.ts";
import { sharesOf } from "../../reading/shares.ts";
import { axesOf } from "../../reading/units.ts";
import { hiddenShare, spokenSummary } from "../../views/spoken.ts";
import { paragraph } from "../lettering.ts";
import type { MakePicture } from "../picture.ts";
import { texts, WIDTH } from "./prose.ts";

export const textPicture: MakePicture = async (scene, look) => {
  const { state, strings } = scene;
  const { layer, direction } = state;
  const axes = axesOf(scene);
  const read = readUnits(scene, axes);
  const head = state.heads[0] ?? 0;
  const shares = await sharesOf(scene, axes, { layer, head, read, direction });
  const block = texts(scene, look, axes, {
    numbers: scene.strings.numbers,
    shares,
    read,
    locked: state.locked.length > 0,
  });
  const summary = spokenSummary(strings, axes, shares, read, direction);
  const said = paragraph(look, strings, summary, {
    top: block.height + 16,
    width: WIDTH,
    font: { family: "serif", size: 20 },
  });
  const notes = [
    `${strings.textView.scale(direction === "from")}.`,
    hiddenShare(strings, axes, shares, direction) ?? "",
  ];
  const top = block.height + 16 + said.height + 8;
  const aside = paragraph(look, strings, notes.join(" ").trim(), {
    top,
    width: WIDTH,
    font: { family: "sans", size: 14 },
    fill: look.colors.quiet,
  });
  return {
    width: WIDTH,
    height: top + aside.height,
    marks: [...block.marks, ...said.marks, ...aside.marks],
    said: [summary],
  };
};
