// What a picture can be saved as.
import type { Scene } from "../views/view.ts";

export const FORMATS = ["svg", "png", "csv", "json"] as const;
export type FormatName = (typeof FORMATS)[number];

export interface ExportOptions {
  /** PNG only: pixels a CSS pixel, 1 to 4. Default 2. */
  readonly scale?: number;
}

/** A function of what is on the screen. */
export type MakeExport = (scene: Scene, options: ExportOptions) => Promise<Blob>;
