// The cells of a matrix, and what their colours mean.
import { colorAt, type Rgb } from "../../views/color.ts";
import type { Strings } from "../../strings/index.ts";
import { place, type Scale } from "../../views/scale.ts";
import { paragraph, words, type Block } from "../lettering.ts";
import type { Look } from "../look.ts";
import { round, tag, type Markup } from "../markup.ts";

/** Fills what is hidden by the mask, which is no colour of the scale. */
const HATCH = "url(#hatch)";

export interface Raster {
  readonly left: number;
  readonly top: number;
  /** Pixels a cell, and between two of them. */
  readonly size: number;
  readonly gap: number;
}

/** A matrix [·, cols], one path a colour: so a cell is some ten bytes. */
export function cells(values: Float32Array, cols: number, scale: Scale, raster: Raster): Markup[] {
  const { left, top, size, gap } = raster;
  const side = round(size - gap);
  const paths = new Map<string, string[]>();
  values.forEach((value, at) => {
    const fill = Number.isFinite(value) ? hex(colorAt(scale.map, place(scale, value))) : HATCH;
    const [x, y] = [round(left + (at % cols) * size), round(top + Math.floor(at / cols) * size)];
    const steps = paths.get(fill) ?? [];
    paths.set(fill, steps);
    steps.push(`M${x} ${y}h${side}v${side}h-${side}z`);
  });
  return [...paths]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([fill, steps]) => tag("path", { fill, d: steps.join("") }));
}

export function hex(color: Rgb): string {
  return `#${color.map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

export function hatching(look: Look): Markup {
  return tag(
    "pattern",
    { id: "hatch", width: 8, height: 8, patternUnits: "userSpaceOnUse" },
    tag("rect", { width: 8, height: 8, fill: look.colors.paper }),
    tag("path", { d: "M0 8L8 0M-1 1L1 -1M7 9L9 7", stroke: look.colors.hatch, "stroke-width": 1 }),
  );
}

const WIDTH = 420;
const SMALL = { family: "sans", size: 13 } as const;
/** The strip with its numbers, and what the hatching means. */
const STRIP = 44;
const HIDDEN = 32;

/** The caption, the strip and its numbers; `hidden`: what the hatching means, where there is any. */
export function legend(
  look: Look,
  { numbers, direction }: Pick<Strings, "numbers" | "direction">,
  scale: Scale,
  caption: string,
  top: number,
  hidden?: string,
): Block {
  const stops = Array.from({ length: 33 }, (_, i) =>
    tag("stop", { offset: String(i / 32), "stop-color": hex(colorAt(scale.map, i / 32)) }),
  );
  const fill = look.colors.quiet;
  const last = scale.ticks.length - 1;
  const said = paragraph(look, { direction }, caption, { top, width: WIDTH, font: SMALL, fill });
  const strip = top + said.height + 6;
  const marks = [
    tag("defs", {}, tag("linearGradient", { id: "scale" }, ...stops)),
    ...said.marks,
    tag("rect", { x: 0, y: strip, width: WIDTH, height: 12, rx: 2, fill: "url(#scale)" }),
    ...scale.ticks.map((value, i) =>
      words(
        look,
        {
          x: (WIDTH * i) / last,
          y: strip + 28,
          font: SMALL,
          fill,
          anchor: i === 0 ? "start" : i === last ? "end" : "middle",
        },
        numbers.tick(value),
      ),
    ),
  ];
  if (hidden === undefined) return { height: said.height + STRIP, marks };
  const swatch = { x: 0.5, y: strip + 40.5, width: 23, height: 23, fill: HATCH, stroke: look.colors.edge };
  return {
    height: said.height + STRIP + HIDDEN,
    marks: [...marks, tag("rect", swatch), words(look, { x: 34, y: strip + 57, font: SMALL, fill }, hidden)],
  };
}
