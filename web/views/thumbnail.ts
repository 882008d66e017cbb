// A head's matrix as a small picture.
import { followedCell } from "../focus.ts";
import { isLong, layerMatrices } from "../runner/run_data.ts";
import { whenThere } from "../shares.ts";
import { unitMatrix, type Units } from "../units.ts";
import { h } from "./dom.ts";
import { paintCells, pooled } from "./heat_map.ts";
import { scaleOf, shareScale } from "./scale.ts";
import type { Scene } from "./view.ts";

/** Cells a side that a small picture can show. */
const FINEST = 48;

/** Paints a head, in the stage of the state; of a long run its weights, when they come and `isWanted` still. */
export function paintThumbnail(
  canvas: HTMLCanvasElement,
  scene: Scene,
  units: Units,
  { layer, head }: { readonly layer: number; readonly head: number },
  isWanted: () => boolean,
): void {
  const { run, state } = scene;
  if (isLong(run)) {
    const n = run.tokens.length;
    const side = Math.min(n, FINEST);
    const all = [0, n] as const;
    const request = { rows: all, cols: all, out: [side, side] as const, reduce: "max" as const };
    whenThere(scene.window(layer, head, request), (values) => {
      if (isWanted()) paintCells(canvas, values, side, shareScale(state.map));
    });
    return;
  }
  const { stage } = state;
  const m = units.shown.length;
  const side = Math.min(m, FINEST);
  const values = unitMatrix(units, run, stage, layer, head);
  const scale = scaleOf(stage, layerMatrices(run, stage, layer), state.map);
  paintCells(canvas, side < m ? pooled(values, m, side) : values, side, scale);
}

/** A frame around the followed cell, as large as can be seen. */
export function cellFrame(): HTMLElement {
  return h("span", { class: "cell-frame", "aria-hidden": "true" });
}

export function placeFrame(frame: HTMLElement, scene: Scene, units: Units): void {
  const { row, col } = followedCell(scene);
  const [y, x] = [units.ofToken[row] ?? -1, units.ofToken[col] ?? -1];
  frame.hidden = x < 0 || y < 0;
  frame.style.setProperty("--x", `${(100 * (x + 0.5)) / units.shown.length}%`);
  frame.style.setProperty("--y", `${(100 * (y + 0.5)) / units.shown.length}%`);
  frame.style.setProperty("--side", `${100 / Math.max(1, units.shown.length)}%`);
}
