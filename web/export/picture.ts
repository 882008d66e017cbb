// What the picture of a view is, before it is framed.
import type { Scene } from "../views/view.ts";
import type { Look } from "./look.ts";
import type { Markup } from "./markup.ts";

export interface Picture {
  /** CSS pixels. */
  readonly width: number;
  readonly height: number;
  readonly marks: readonly Markup[];
  /** What can be said of it, in sentences. */
  readonly said: readonly string[];
}

export type MakePicture = (scene: Scene, look: Look) => Picture | Promise<Picture>;
