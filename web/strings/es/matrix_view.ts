// Lo que dice la matriz.
import type { Strings } from "../index.ts";
import { plural, quoted } from "./words.ts";

export const matrixView: Strings["matrixView"] = {
  name: (stage, model, layer, head) =>
    `${stage} de ${model} L${layer}H${head}: las filas son consultas, las columnas son claves`,
  corner: "consulta ↓\nclave →",
  about:
    "Consulta: lo que busca el token de la izquierda. Clave: lo que ofrece el token de arriba. Cuanto mejor encajan, más lo mira.",
  exactly: (value, number, row, col) => `${value} ${number}, del token ${row} al token ${col}`,
  notSeen: (row, col) => `el token ${row} no puede ver el token ${col}, que viene después`,
  hiddenCell: "menos infinito, oculto por la máscara",
  hiddenSwatch: "−∞, oculto por la máscara",
  hide: {
    mode: "Ocultar celdas",
    howTo:
      "Haz clic en una celda, o pulsa Intro sobre ella, para ocultarla; otra vez, para volver a mostrarla. El modelo se ejecuta de nuevo sin ella, en todas las capas y cabezas.",
    undo: "Deshacer",
    all: "Volver a mostrar todas",
    count: (count) =>
      plural(count, { one: "Hay una celda oculta a mano.", other: `Hay ${count} celdas ocultas a mano.` }),
    hidden: (query, key) => `${quoted(key)} queda oculto para ${quoted(query)}.`,
    shown: (query, key) => `${quoted(query)} vuelve a poder ver ${quoted(key)}.`,
    byHand: (row, col) => `el token ${col} está oculto a mano para el token ${row}`,
  },
};
