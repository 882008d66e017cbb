// The matrix of the chosen head as a table: RFC 4180, UTF-8 with a byte order mark, which Excel wants.
import { stageWithin } from "../runner/run_data.ts";
import { axesOf, unitsMatrix, type Units } from "../units.ts";
import type { Scene } from "../views/view.ts";
import type { MakeExport } from "./formats.ts";
import { single } from "./number_text.ts";
import { wholeMatrix } from "./whole.ts";

export const csv: MakeExport = async (scene) =>
  new Blob(["\ufeff", await csvText(scene)], { type: "text/csv;charset=utf-8" });

/** Of an encoder-decoder: what the rows and columns are of; of the others nothing needs to be said. */
const ofPart = ({ stacks }: Scene["run"]): string => {
  if (!stacks) return "";
  return stacks.part === "cross" ? " (rows: target; columns: source)" : ` (${stacks.part})`;
};

/** First row: the keys; first column: the queries; as joined, hidden and shared out on the screen. Hidden by the mask: -Infinity. */
async function csvText(scene: Scene): Promise<string> {
  const { layer, heads } = scene.state;
  const stage = stageWithin(scene.run, scene.state.stage);
  const axes = axesOf(scene, stage);
  const m = axes.cols.shown.length;
  const values = unitsMatrix(axes, await wholeMatrix(scene, stage, heads[0] ?? 0, 1));
  const namesOf = ({ labels }: Units): string[] => labels.map(({ mark, text }) => field(mark + text));
  const [queries, keys] = [namesOf(axes.rows), namesOf(axes.cols)];
  const name = `${stage} L${layer}H${heads[0] ?? 0}`;
  const rows = queries.map((query, i) => [query, ...Array.from(values.subarray(i * m, (i + 1) * m), single)]);
  return [[field(name + ofPart(scene.run)), ...keys], ...rows].map((row) => `${row.join(",")}\r\n`).join("");
}

/** A text of a cell: quoted where it must be, and never taken for a formula. */
function field(text: string): string {
  const plain = /^[=+@\t\r-]./su.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(plain) ? `"${plain.replace(/"/g, '""')}"` : plain;
}
