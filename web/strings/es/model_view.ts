// Lo que dice el cuadro de todas las cabezas.
import type { Strings } from "../index.ts";
import { numbers } from "./words.ts";

export const modelView: Strings["modelView"] = {
  grid: (stage) => `Todas las cabezas: ${stage}. Las filas son capas; las columnas, cabezas`,
  sorted: (order) => `Todas las cabezas, ordenadas por: ${order}`,
  order: "Orden",
  sorts: (sort, pair) =>
    ({
      place: "como en el modelo",
      pair: `más peso en ${pair}`,
      previousToken: "más al token anterior",
      nextToken: "más al token siguiente",
      self: "más al propio token",
      sameToken: "más a la misma palabra en otro lugar",
      firstToken: "más al primer token (sumidero)",
      separator: "más a los separadores (sumidero)",
      induction: "más a lo que siguió la última vez",
      entropy: "la más repartida (entropía)",
      meanDistance: "la que mira más lejos de media",
    })[sort],
  pair: (from, to) => `\u2068${from}\u2069 → \u2068${to}\u2069`,
  byPair: (pair) => `Ordenar por ${pair}`,
  layerShort: (layer) => `L${layer}`,
  rank: (rank) => `${rank}.`,
  bits: (value) => `${numbers.fixed(value, 2)} bits`,
  tokens: (value) => `${numbers.fixed(value, 1)} tokens`,
  cell: (head, name, value) => (value === "" ? `${head}: ${name}` : `${head}: ${name}, ${value}`),
  several: "Varias cabezas",
  howTo: {
    mouse:
      "Haz clic para elegir una cabeza; con Mayús y clic, o Mayús y espacio, se muestran varias de una capa.",
    touch: "Toca una cabeza para elegirla; con «Varias cabezas» activado, varias de una capa.",
  },
  rules: "Qué significan los nombres",
};
