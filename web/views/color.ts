// Colour maps as tables of 256 colours, and colours by place in a map.
import type { ColorMapName } from "../state.ts";
import { CIVIDIS, type Climb } from "./cividis.ts";
import { MAGMA, VIRIDIS } from "./other_maps.ts";

export type Rgb = readonly [red: number, green: number, blue: number];

type Oklab = readonly [lightness: number, greenToRed: number, blueToYellow: number];

/** [256, 3] */
export type ColorMap = Uint8Array;

const LEVELS = 256;

// Pure, so that a chunk that is given its scales does not hold the maps too.

/** Those of shares: all dark at 0 and bright at 1, on light pages and on dark ones. */
export const colorMaps: Readonly<Record<ColorMapName, ColorMap>> = {
  cividis: /* @__PURE__ */ climbed(CIVIDIS),
  viridis: /* @__PURE__ */ spread(/* @__PURE__ */ climbed(VIRIDIS)),
  magma: /* @__PURE__ */ spread(/* @__PURE__ */ climbed(MAGMA)),
  greys: /* @__PURE__ */ along((place) => fromOklab([0.16 + 0.82 * place, 0, 0])),
};

/**
 * For numbers with a sign: zero dark, positive up to cividis' own yellow, negative to a light blue of the same lightness.
 * Blue and yellow are the pair that every common colour-vision deficiency keeps apart. Straight lines in OKLab (Ottosson 2020),
 * so that equal steps look equal: by their places there, from #a6d8ff by #181e2c to #fee838.
 */
export const blueYellow: ColorMap = /* @__PURE__ */ diverging(
  [0.86077, -0.03513, -0.06658],
  [0.23597, -0.00182, -0.02849],
  [0.92136, -0.0365, 0.17564],
);

/** The colour at a place in [0, 1]. */
export function colorAt(map: ColorMap, place: number): Rgb {
  return pick(map, Math.round(Math.min(1, Math.max(0, place)) * (LEVELS - 1)));
}

/** WCAG 2 relative luminance. */
export function luminance(color: Rgb): number {
  const [red, green, blue] = color.map((byte) => toLinear(byte / 255)) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Whether black or white ink reads better on a colour. */
export function inkOn(color: Rgb): "#000" | "#fff" {
  // The luminance at which both have the same contrast: sqrt(1.05 · 0.05) − 0.05.
  return luminance(color) > 0.179 ? "#000" : "#fff";
}

/** Colours by the first and the way from each to the next. */
function climbed({ first, less, steps }: Climb): ColorMap {
  const map = Uint8Array.from({ length: 3 + 3 * (steps[0]?.length ?? 0) }, (_, i) => first[i] ?? 0);
  for (let i = 3; i < map.length; i++) {
    const channel = i % 3;
    const step = parseInt(steps[channel]?.[Math.floor(i / 3) - 1] ?? "", 36);
    map[i] = (map[i - 3] ?? 0) + step - (less[channel] ?? 0);
  }
  return map;
}

/** A map by a colour for each place in [0, 1]. */
function along(color: (place: number) => Rgb): ColorMap {
  const map = new Uint8Array(LEVELS * 3);
  for (let level = 0; level < LEVELS; level++) map.set(color(level / (LEVELS - 1)), level * 3);
  return map;
}

/** A map of fewer colours, with straight lines between them. */
function spread(few: ColorMap): ColorMap {
  const last = few.length / 3 - 1;
  return along((place) => {
    const below = Math.min(last - 1, Math.floor(place * last));
    return mixed(pick(few, below), pick(few, below + 1), place * last - below).map(
      Math.round,
    ) as unknown as Rgb;
  });
}

function pick(map: ColorMap, level: number): Rgb {
  return [map[3 * level] ?? 0, map[3 * level + 1] ?? 0, map[3 * level + 2] ?? 0];
}

function mixed<Triple extends Rgb | Oklab>(from: Triple, to: Triple, share: number): Triple {
  return from.map((value, k) => value + share * ((to[k] ?? 0) - value)) as unknown as Triple;
}

function diverging(negative: Oklab, zero: Oklab, positive: Oklab): ColorMap {
  return along((place) => fromOklab(mixed(zero, place < 0.5 ? negative : positive, Math.abs(2 * place - 1))));
}

function toLinear(value: number): number {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

function toByte(linear: number): number {
  const value = linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055;
  return Math.round(Math.min(1, Math.max(0, value)) * 255);
}

function fromOklab([lightness, a, b]: Oklab): Rgb {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    toByte(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    toByte(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    toByte(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}
