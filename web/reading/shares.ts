// How much the words that are read look at every word, or every word at them.
import type { Direction } from "./focus.ts";
import { headMatrix, isLong } from "../runner/run_data.ts";
import { joined, renormaliseRows, sideRead, sideShared, unitMatrix, type Axes, type Unit } from "./units.ts";
import type { Scene } from "../views/view.ts";

export interface Reading {
  readonly layer: number;
  readonly head: number;
  /** Units read together: what they give is the mean of their rows, what they get the sum of their columns. */
  readonly read: readonly number[];
  readonly direction: Direction;
}

/** One number a unit of the side that is not read: at once where the run holds whole matrices, else when its window has come. */
export function sharesOf(scene: Scene, axes: Axes, reading: Reading): Float32Array | Promise<Float32Array> {
  const { layer, head, read, direction } = reading;
  if (isLong(scene.run)) return sharesByWindow(scene, axes, reading);
  const { run } = scene;
  const { rows, cols } = axes;
  const width = cols.ofToken.length;
  const shares = new Float32Array(sideShared(axes, direction).shown.length);
  const add = (strip: Float32Array, share: number): void =>
    strip.forEach((weight, i) => (shares[i] = (shares[i] ?? 0) + share * weight));
  const values = headMatrix(run, "weights", layer, head);
  const { shown } = sideRead(axes, direction);
  const chosen = read.flatMap((unit) => shown[unit] ?? []);
  if (direction === "from") {
    for (const unit of chosen) {
      const row = joined(values, width, [unit], cols.shown);
      if (rows.renormalise) renormaliseRows(row, cols.shown.length);
      add(row, 1 / chosen.length);
    }
  } else if (!rows.renormalise) {
    for (const unit of chosen) add(joined(values, width, rows.shown, [unit]), 1);
  } else {
    const m = cols.shown.length;
    const matrix = unitMatrix(axes, run, "weights", layer, head);
    for (const unit of read)
      add(
        matrix.filter((_, at) => at % m === unit),
        1,
      );
  }
  return shares;
}

/** Answers together: at once where all are there. */
export function allOf<T>(answers: readonly (T | Promise<T>)[]): T[] | Promise<T[]> {
  return answers.some((answer) => answer instanceof Promise) ? Promise.all(answers) : (answers as T[]);
}

/** Hands over a value when it is there; nothing where it can't be had. */
export function whenThere<T extends object>(value: T | Promise<T>, use: (value: T) => void): void {
  if (value instanceof Promise) void value.then(use, () => {});
  else use(value);
}

async function sharesByWindow(scene: Scene, axes: Axes, reading: Reading): Promise<Float32Array> {
  const { shown } = sideRead(axes, reading.direction);
  const strips = await Promise.all(
    reading.read.map((unit) => strip(scene, axes, reading, shown[unit] ?? { from: 0, to: 1 })),
  );
  const count = reading.direction === "from" ? strips.length : 1;
  return Float32Array.from(sideShared(axes, reading.direction).shown, (_, i) =>
    strips.reduce((sum, shares) => sum + (shares[i] ?? 0) / count, 0),
  );
}

/** What one unit gives to, or gets from, every unit of the other side. */
async function strip(
  scene: Scene,
  { rows: queries, cols: keys }: Axes,
  { layer, head, direction }: Reading,
  unit: Unit,
): Promise<Float32Array> {
  const whole = { from: 0, to: unit.to - unit.from };
  const part = (rows: Unit, cols: Unit): Promise<Float32Array> =>
    scene.window(layer, head, {
      rows: [rows.from, rows.to],
      cols: [cols.from, cols.to],
      out: [rows.to - rows.from, cols.to - cols.from],
      reduce: "mean",
    });
  if (direction === "from") {
    const width = keys.ofToken.length;
    const row = joined(await part(unit, { from: 0, to: width }), width, [whole], keys.shown);
    if (queries.renormalise) renormaliseRows(row, keys.shown.length);
    return row;
  }
  const all = { from: 0, to: queries.ofToken.length };
  const column = joined(await part(all, unit), whole.to, queries.shown, [whole]);
  if (!queries.renormalise) return column;
  const lost = new Float32Array(queries.shown.length);
  const hidden = [...keys.ofToken.keys()].filter((token) => keys.ofToken[token] === -1);
  for (const token of hidden) {
    const away = joined(await part(all, { from: token, to: token + 1 }), 1, queries.shown, [
      { from: 0, to: 1 },
    ]);
    away.forEach((weight, i) => (lost[i] = (lost[i] ?? 0) + weight));
  }
  return column.map((weight, i) => ((lost[i] ?? 0) < 1 ? weight / (1 - (lost[i] ?? 0)) : 0));
}
