// One number of the matrix, in full.
import type { Stage } from "../runner/run_data.ts";
import type { Strings } from "../strings/index.ts";
import { h } from "./dom.ts";
import { tokenNode, type TokenLabel } from "./token_label.ts";

export interface CellDetails {
  readonly query: TokenLabel;
  readonly key: TokenLabel;
  readonly row: number;
  readonly col: number;
  readonly value: number;
  readonly stage: Stage;
  readonly isByHand: boolean;
}

/** The children of the live line under the matrix. */
export function cellDetails(
  { query, key, row, col, value, stage, isByHand }: CellDetails,
  { matrixView, numbers, reading, stages }: Strings,
): DocumentFragment {
  const line = document.createDocumentFragment();
  line.append(
    h(
      "span",
      { class: "pair" },
      tokenNode(query),
      ` ${reading.arrow} `,
      tokenNode(key),
      ": ",
      h("strong", {}, numbers.said(value, stage)),
    ),
    " ",
    h(
      "span",
      { class: "exactly" },
      isByHand
        ? matrixView.hide.byHand(row, col)
        : Number.isFinite(value)
          ? matrixView.exactly(stages[stage].value, numbers.exact(value), row, col)
          : matrixView.notSeen(row, col),
    ),
  );
  return line;
}
