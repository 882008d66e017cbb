// What the numbers say as a table.
export const tableView = {
  title: "The numbers as a table",
  /** `of`: the stage and its head. */
  caption: (of: string) => `${of}: each row is a word that looks, each column one that is looked at.`,
  corner: "looks \u2193 at \u2192",
  /** Of a vector. */
  numbers: (from: number, to: number, n: number) => `Numbers ${from} to ${to} of ${n}`,
  window: (from: number, to: number, n: number) => `Tokens ${from} to ${to} of ${n}`,
  rows: "Rows",
  columns: "Columns",
  before: "Earlier",
  after: "Later",
};
