// Lo que dicen los números como tabla.
import type { Strings } from "../index.ts";

export const tableView: Strings["tableView"] = {
  title: "Los números como tabla",
  caption: (of) => `${of}: cada fila es una palabra que mira; cada columna, una que es mirada.`,
  corner: "mira ↓ a →",
  numbers: (from, to, n) => `Números ${from} a ${to} de ${n}`,
  window: (from, to, n) => `Tokens ${from} a ${to} de ${n}`,
  rows: "Filas",
  columns: "Columnas",
  before: "Anteriores",
  after: "Siguientes",
};
