// What is said of an encoder-decoder's three attentions.
import type { Part } from "../../state.ts";

export const parts = {
  legend: "Attention of",
  names: { encoder: "Encoder", decoder: "Decoder", cross: "Cross" } as Readonly<Record<Part, string>>,
  explain: {
    encoder: "The source\u2019s words look at one another, in both directions.",
    decoder:
      "The target\u2019s words look at one another, and only back: at each of them the decoder writes the one that follows.",
    cross:
      "The target\u2019s words look at the source\u2019s: queries come from the decoder, keys and values from the encoder. At each word that it has read the decoder writes the one that follows. Nothing hides the future here: all of the source has been read.",
  } as Readonly<Record<Part, string>>,
  /** Who looks, at whom, in cross-attention. */
  sides: { from: "Target: what the decoder has read", to: "Source: what the encoder read" },
  /** As matrixView has it. */
  matrix: {
    name: (stage: string, model: string, layer: number, head: number) =>
      `${stage} of ${model}, cross-attention L${layer}H${head}: rows are the target\u2019s tokens, columns the source\u2019s`,
    corner: "target \u2193 source \u2192",
  },
  /** Under an exported matrix. */
  axes: "Rows: the target\u2019s tokens. Columns: the source\u2019s.",
  /** Of what heads do. */
  statistics:
    "Between two texts there is no token before or after, no token itself and no distance: heads are measured by how spread out they are, and by what they give the source\u2019s first and closing tokens.",
  /** The small picture of cross-attention's second input. */
  memory: "What the encoder made of the source, a row a token",
  /** `x_j` of cross-attention. */
  inputs:
    "The word that looks is the decoder\u2019s state at it (X); the words looked at are what the encoder made of the source (E), the same in every layer.",
  mask: "In cross-attention nothing hides the future: the source has been read whole.",
};
