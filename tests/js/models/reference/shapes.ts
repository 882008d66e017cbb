import type { Shapes } from "./checkpoint.js";

export const dense = (name: string, from: number, to: number): Shapes => ({
  [`${name}.weight`]: [to, from],
  [`${name}.bias`]: [to],
});

export const norm = (name: string, size: number): Shapes => ({
  [`${name}.weight`]: [size],
  [`${name}.bias`]: [size],
});

/** Those of numbered layers. */
export const layered = (count: number, shapesOf: (layer: number) => Shapes): Shapes =>
  Object.assign({}, ...Array.from({ length: count }, (_, layer) => shapesOf(layer))) as Shapes;
