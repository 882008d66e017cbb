// How far a word's influence travels to another, and what a layer costs: Table 1 of Vaswani et al. 2017, "Attention is all you
// need", with this run's numbers in it.

export type LayerKind = "attention" | "recurrent" | "convolutional";

/** Words that a convolution sees at once. */
export const KERNEL = 3;

export interface Road {
  readonly kind: LayerKind;
  /** Multiplications of a layer, to the order of Table 1. */
  readonly operations: number;
  /** Of them that must wait for one another. */
  readonly sequential: number;
  /** The longest way between two positions, in layers or steps. */
  readonly longest: number;
}

/** `n` tokens of width `d`. */
export function roads(n: number, d: number): Road[] {
  return [
    { kind: "attention", operations: n * n * d, sequential: 1, longest: 1 },
    { kind: "recurrent", operations: n * d * d, sequential: n, longest: n },
    {
      kind: "convolutional",
      operations: KERNEL * n * d * d,
      sequential: 1,
      longest: Math.max(1, dilatedLayers(n)),
    },
  ];
}

/** The least whole m with KERNEL^m ≥ n, which logarithms would miss by rounding. */
function dilatedLayers(n: number): number {
  let layers = 0;
  for (let reach = 1; reach < n; reach *= KERNEL) layers++;
  return layers;
}
