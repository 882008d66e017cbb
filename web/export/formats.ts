// What a picture can be saved as.
import type { Scene } from "../views/view.ts";
import type { Look } from "./look.ts";

export const FORMATS = ["svg", "png", "csv", "json"] as const;
export type FormatName = (typeof FORMATS)[number];

export interface ExportOptions {
  /** PNG only: pixels a CSS pixel, 1 to 4. Default 2. */
  readonly scale?: number;
}

/** A function of what is on the screen. Without a look pictures are as on a light page. */
export type MakeExport = (
  scene: Scene,
  options: ExportOptions & { readonly look?: Look | undefined },
) => Promise<Blob>;
