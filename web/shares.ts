// How much the words that are read look at every word, or every word at them.
import type { Direction } from "./focus.ts";
import { headMatrix, isLong } from "./runner/run_data.ts";
import { joined, renormaliseRows, unitMatrix, type Unit, type Units } from "./units.ts";
import type { Scene } from "./views/view.ts";

export interface Reading {
  readonly layer: number;
  readonly head: number;
  /** Units read together: what they give is the mean of their rows, what they get the sum of their columns. */
  readonly read: readonly number[];
  readonly direction: Direction;
}

/** [m], one number a unit: at once where the run holds whole matrices, else when its window has come. */
export function sharesOf(scene: Scene, units: Units, reading: Reading): Float32Array | Promise<Float32Array> {
  const { layer, head, read, direction } = reading;
  if (isLong(scene.run)) return sharesByWindow(scene, units, reading);
  const { run } = scene;
  const n = run.tokens.length;
  const all = units.shown;
  const shares = new Float32Array(all.length);
  const add = (strip: Float32Array, share: number): void =>
    strip.forEach((weight, i) => (shares[i] = (shares[i] ?? 0) + share * weight));
  const values = headMatrix(run, "weights", layer, head);
  const chosen = read.flatMap((unit) => all[unit] ?? []);
  if (direction === "from") {
    for (const unit of chosen) {
      const row = joined(values, n, [unit], all);
      if (units.renormalise) renormaliseRows(row, all.length);
      add(row, 1 / chosen.length);
    }
  } else if (!units.renormalise) {
    for (const unit of chosen) add(joined(values, n, all, [unit]), 1);
  } else {
    const m = all.length;
    const matrix = unitMatrix(units, run, "weights", layer, head);
    for (const unit of read)
      add(
        matrix.filter((_, at) => at % m === unit),
        1,
      );
  }
  return shares;
}

/** Hands over a value when it is there; nothing where it can't be had. */
export function whenThere<T extends object>(value: T | Promise<T>, use: (value: T) => void): void {
  if (value instanceof Promise) void value.then(use, () => {});
  else use(value);
}

async function sharesByWindow(scene: Scene, units: Units, reading: Reading): Promise<Float32Array> {
  const strips = await Promise.all(
    reading.read.map((unit) => strip(scene, units, reading, units.shown[unit] ?? { from: 0, to: 1 })),
  );
  const count = reading.direction === "from" ? strips.length : 1;
  return Float32Array.from(units.shown, (_, i) =>
    strips.reduce((sum, shares) => sum + (shares[i] ?? 0) / count, 0),
  );
}

/** What one unit gives to, or gets from, every unit [m]. */
async function strip(
  scene: Scene,
  units: Units,
  { layer, head, direction }: Reading,
  unit: Unit,
): Promise<Float32Array> {
  const n = scene.run.tokens.length;
  const whole = { from: 0, to: unit.to - unit.from };
  const part = (rows: Unit, cols: Unit): Promise<Float32Array> =>
    scene.window(layer, head, {
      rows: [rows.from, rows.to],
      cols: [cols.from, cols.to],
      out: [rows.to - rows.from, cols.to - cols.from],
      reduce: "mean",
    });
  const all = { from: 0, to: n };
  if (direction === "from") {
    const row = joined(await part(unit, all), n, [whole], units.shown);
    if (units.renormalise) renormaliseRows(row, units.shown.length);
    return row;
  }
  const column = joined(await part(all, unit), whole.to, units.shown, [whole]);
  if (!units.renormalise) return column;
  const lost = new Float32Array(units.shown.length);
  const hidden = [...units.ofToken.keys()].filter((token) => units.ofToken[token] === -1);
  for (const token of hidden) {
    const away = joined(await part(all, { from: token, to: token + 1 }), 1, units.shown, [
      { from: 0, to: 1 },
    ]);
    away.forEach((weight, i) => (lost[i] = (lost[i] ?? 0) + weight));
  }
  return column.map((weight, i) => ((lost[i] ?? 0) < 1 ? weight / (1 - (lost[i] ?? 0)) : 0));
}
