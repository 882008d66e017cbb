// What the matrix says.
export const matrixView = {
  name: (stage: string, model: string, layer: number, head: number) =>
    `${stage} of ${model} L${layer}H${head}: rows are queries, columns are keys`,
  corner: "query \u2193 key \u2192",
  exactly: (value: string, number: string, row: number, col: number) =>
    `${value} ${number}, token ${row} to token ${col}`,
  notSeen: (row: number, col: number) => `token ${row} may not see token ${col}, which comes later`,
  hiddenCell: "minus infinity, hidden by the mask",
  hiddenSwatch: "\u2212\u221e, hidden by the mask",
};
