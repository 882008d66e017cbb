// What the view shows as a table: RFC 4180, UTF-8 with a byte order mark, which Excel wants. Hidden by the mask: -Infinity.
import { keysOf, stageWithin } from "../runner/run_data.ts";
import { axesOf, unitsMatrix, type Units } from "../reading/units.ts";
import type { Scene } from "../views/view.ts";
import { failureOf } from "../runner/runner.ts";
import { arraysOf, AXES, type Arrays, type Axis } from "./arrays.ts";
import type { MakeExport } from "./formats.ts";
import { single } from "./number_text.ts";
import { wholeMatrix } from "./whole.ts";

/** Lines of a long table: some 200 MB. */
const MOST = 2 ** 22;

export const csv: MakeExport = async (scene) => {
  const arrays = await arraysOf(scene);
  const parts = arrays ? longParts(scene, arrays) : [await matrixText(scene)];
  return new Blob(["\ufeff", ...parts], { type: "text/csv;charset=utf-8" });
};

/**
 * Arrays as a long table, one number a line: its array's name, where it stands on each axis, and what the tokens there are.
 * Empty: the array has no such axis. A part an array, since one text can't hold them all.
 */
function longParts(scene: Scene, arrays: Arrays): string[] {
  const all = Object.entries(arrays);
  const count = all.reduce((sum, [, { values }]) => sum + values.length, 0);
  if (count > MOST)
    throw failureOf("invalid-argument", `${count} numbers are too many lines for a file: at most ${MOST}`);
  const axes = AXES.filter((axis) =>
    all.some(([, { layout, query }]) => layout.includes(axis) || (axis === "query" && query !== undefined)),
  );
  const texts: Partial<Record<Axis, readonly string[]>> = {
    query: scene.run.tokens.map(({ text }) => field(text)),
    key: keysOf(scene.run).tokens.map(({ text }) => field(text)),
  };
  const heading = [
    "array",
    ...axes.flatMap((axis) => (texts[axis] ? [axis, `${axis}_token`] : [axis])),
    "value",
  ];
  const lines = all.map(([name, { shape, layout, query, values }]) => {
    /** Numbers from one place on an axis to the next. */
    const steps = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, size) => product * size, 1));
    const places = axes.map((axis) => ({ axis, at: layout.indexOf(axis), of: texts[axis] }));
    return Array.from(values, (value, i) => {
      const cells = places.flatMap(({ axis, at, of }) => {
        const size = shape[at];
        const place =
          size !== undefined ? Math.floor(i / (steps[at] ?? 1)) % size : axis === "query" ? query : undefined;
        return of ? [place ?? "", of[place ?? -1] ?? ""] : [place ?? ""];
      });
      return `${[name, ...cells, single(value)].join(",")}\r\n`;
    }).join("");
  });
  return [`${heading.join(",")}\r\n`, ...lines];
}

/** Of an encoder-decoder: what the rows and columns are of; of the others nothing needs to be said. */
const ofPart = ({ stacks }: Scene["run"]): string => {
  if (!stacks) return "";
  return stacks.part === "cross" ? " (rows: target; columns: source)" : ` (${stacks.part})`;
};

/** The chosen head's matrix. First row: the keys; first column: the queries; as joined, hidden and shared out on the screen. */
async function matrixText(scene: Scene): Promise<string> {
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
