// From a number to a place in a colour map, and the numbers that a legend prints.
import type { Stage } from "../runner/run_data.ts";
import type { ColorMapName } from "../state.ts";
import { blueYellow, colorMaps, type ColorMap } from "./color.ts";

export interface Scale {
  readonly min: number;
  readonly max: number;
  readonly map: ColorMap;
  /** Numbers of the legend, from min to max. */
  readonly ticks: readonly number[];
}

/** Of shares of 1, in one of the colour maps. */
export function shareScale(name: ColorMapName, max = 1): Scale {
  const ticks = max === 1 ? [0, 0.25, 0.5, 0.75, 1] : [0, max / 2, max];
  return { min: 0, max, map: colorMaps[name], ticks };
}

/**
 * The scale of a stage: weights from 0 to 1 always; the others about zero, to the largest finite magnitude, rounded up, in the
 * one map that shows a sign.
 */
export function scaleOf(stage: Stage, values: ArrayLike<number>, map: ColorMapName = "cividis"): Scale {
  if (stage === "weights") return shareScale(map);
  let most = 0;
  for (let i = 0; i < values.length; i++) {
    const size = Math.abs(values[i] ?? 0);
    if (size > most && Number.isFinite(size)) most = size;
  }
  const max = niceAbove(most);
  return { min: -max, max, map: blueYellow, ticks: [-max, -max / 2, 0, max / 2, max] };
}

/** In [0, 1] for a value within the scale. */
export function place(scale: Scale, value: number): number {
  return (value - scale.min) / (scale.max - scale.min);
}

/** The least of 1, 2, 4, 6, 8 · 10^k that is not below a value. */
export function niceAbove(value: number): number {
  if (!(value > 0)) return 1;
  const unit = 10 ** Math.floor(Math.log10(value));
  const step = [1, 2, 4, 6, 8, 10].find((factor) => factor * unit >= value * (1 - 1e-9)) ?? 10;
  return step * unit;
}
