// Cómo se llaman las vistas.
import type { Strings } from "../index.ts";

export const views: Strings["views"] = {
  names: {
    text: "Texto",
    matrix: "Matriz",
    heads: "Líneas",
    model: "Todas las cabezas",
    neuron: "Consulta × clave",
    steps: "Pasos",
    rows: "Clasificación",
  },
};
