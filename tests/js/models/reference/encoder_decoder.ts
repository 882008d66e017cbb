// What the references of encoder-decoders give.

import type { Matrix } from "./maths.js";

export interface EncoderDecoderRun {
  encoder: {
    /** [layers][heads][m][m] */
    attentions: Matrix[][];
    /** [layers + 1][m][width] */
    hidden: Matrix[];
  };
  decoder: {
    /** [layers][heads][n][n] */
    attentions: Matrix[][];
    /** [layers][heads][n][m] */
    crossAttentions: Matrix[][];
    hidden: Matrix[];
  };
  /** [n][vocabulary] */
  logits: Matrix;
}
