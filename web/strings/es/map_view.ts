// Lo que dice el mapa de una matriz larga.
import type { Strings } from "../index.ts";
import { quoted } from "./words.ts";

export const mapView: Strings["mapView"] = {
  name: (head, rows, cols) => `Atención de ${head}, ${rows} × ${cols} tokens: un mapa`,
  howTo:
    "Arrastra para mover, pellizca para ampliar; tras un clic, también la rueda amplía. Las flechas llevan el marco de celda en celda, + y − cambian la escala, 0 muestra todo.",
  closer: "Acercar",
  farther: "Alejar",
  all: "Ver todo",
  reduce: "Donde un píxel contiene muchas celdas, mostrar",
  max: "la mayor",
  mean: "la media",
  overview: "Toda la matriz; el marco es lo que está a la vista",
  cell: (query, row, key, col, share) => `${quoted(query)} (${row}) da a ${quoted(key)} (${col}) un ${share}`,
  score: (query, row, key, col, value) => `${quoted(query)} (${row}) → ${quoted(key)} (${col}): ${value}`,
  legend: "Parte de la atención de una palabra",
  legendTo: (top) => `Parte de la atención de una palabra; desde ${top}, lo más claro`,
};
