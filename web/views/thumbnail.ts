// A head's matrix as a small picture.
import { followedCell } from "../reading/focus.ts";
import { isLong, keysOf, layerMatrices } from "../runner/run_data.ts";
import { whenThere } from "../reading/shares.ts";
import { unitMatrix, type Axes } from "../reading/units.ts";
import { h } from "./dom.ts";
import { paintRectangle, paintSmall, shape, within } from "./heat_map.ts";
import { scaleOf, shareScale } from "./scale.ts";
import type { Scene } from "./view.ts";

/** Cells a side that a small picture can show. */
const FINEST = 48;

/** Paints a head, in the stage of the state; of a long run its weights, when they come and `isWanted` still. */
export function paintThumbnail(
  canvas: HTMLCanvasElement,
  scene: Scene,
  axes: Axes,
  { layer, head }: { readonly layer: number; readonly head: number },
  isWanted: () => boolean,
): void {
  const { run, state } = scene;
  if (isLong(run)) {
    const [n, m] = [run.tokens.length, keysOf(run).tokens.length];
    const out = within([n, m], FINEST);
    shape(canvas, [n, m]);
    const request = { rows: [0, n], cols: [0, m], out, reduce: "max" } as const;
    whenThere(scene.window(layer, head, request), (values) => {
      if (isWanted()) paintRectangle(canvas, values, ...out, shareScale(state.map));
    });
    return;
  }
  const { stage } = state;
  const values = unitMatrix(axes, run, stage, layer, head);
  const scale = scaleOf(stage, layerMatrices(run, stage, layer), state.map);
  paintSmall(canvas, values, [axes.rows.shown.length, axes.cols.shown.length], FINEST, scale);
}

/** A frame around the followed cell, as large as can be seen. */
export function cellFrame(): HTMLElement {
  return h("span", { class: "cell-frame", "aria-hidden": "true" });
}

export function placeFrame(frame: HTMLElement, scene: Scene, { rows, cols }: Axes): void {
  const { row, col } = followedCell(scene);
  const [y, x] = [rows.ofToken[row] ?? -1, cols.ofToken[col] ?? -1];
  frame.hidden = x < 0 || y < 0;
  frame.style.setProperty("--x", `${(100 * (x + 0.5)) / cols.shown.length}%`);
  frame.style.setProperty("--y", `${(100 * (y + 0.5)) / rows.shown.length}%`);
  frame.style.setProperty("--side", `${100 / Math.max(1, rows.shown.length, cols.shown.length)}%`);
}
