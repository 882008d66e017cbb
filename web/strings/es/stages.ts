// Las etapas de la atención, cada una en una frase sencilla.
import type { Strings } from "../index.ts";
import { numbers } from "./words.ts";

export const stages: Strings["stages"] = {
  products: {
    name: "Productos",
    formula: "QKᵀ",
    value: "producto",
    explain: () =>
      "Cada celda es un producto escalar: lo bien que la consulta del token de la izquierda encaja con la clave del token de arriba, antes de hacer nada más.",
    legend: "Producto escalar de consulta y clave; la misma escala para todas las cabezas de la capa",
  },
  scores: {
    name: "Puntuaciones",
    formula: "÷ √dₖ",
    value: "puntuación",
    explain: ({ headDim, scale, isTrained }) =>
      Math.abs(scale * Math.sqrt(headDim) - 1) < 1e-6
        ? `Los mismos números divididos por √${headDim} ≈ ${numbers.fixed(Math.sqrt(headDim), 2)}, la raíz del ancho de una cabeza, para que conserven un tamaño con el que la softmax pueda trabajar.`
        : `Los mismos números multiplicados por ${numbers.tick(scale)}, que ${isTrained ? "" : "no "}es aquello con lo que se entrenó el modelo.`,
    legend: "Puntuación; la misma escala para todas las cabezas de la capa",
  },
  maskedScores: {
    name: "Con máscara",
    formula: "−∞",
    value: "puntuación tras la máscara",
    explain: ({ isCausal }) =>
      isCausal
        ? "Un token no puede mirar lo que viene después de él: esas puntuaciones pasan a ser −∞ y aparecen rayadas: ningún color de la escala las representa."
        : "Aquí cada token puede mirar en ambas direcciones, así que no se oculta nada: esta imagen es la anterior. En heed-gpt no lo es.",
    legend: "Puntuación tras la máscara; la misma escala para todas las cabezas de la capa",
  },
  weights: {
    name: "Pesos",
    formula: "softmax",
    value: "peso",
    explain: () =>
      "La softmax convierte cada fila en partes: cuánto mira el token de la izquierda a cada token de arriba. Cada fila suma 1.",
    legend: "Peso: la parte de la atención de una fila",
  },
};
