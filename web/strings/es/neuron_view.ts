// Lo que dice consulta × clave, número a número.
import type { Strings } from "../index.ts";
import { quoted } from "./words.ts";

export const neuronView: Strings["neuronView"] = {
  follow: "La consulta de una palabra, la clave de otra",
  query: "Consulta de",
  key: "Clave de",
  sort: "Primero lo que más aporta",
  pair: (query, key) => `${quoted(query)} y ${quoted(key)}, número a número`,
  rows: { query: "consulta", key: "clave", product: "consulta × clave" },
  howTo: {
    mouse:
      "Cada columna es un número de la consulta, de la clave y su producto. Señala uno, o llega a él con las flechas, para leerlo.",
    touch: "Cada columna es un número de la consulta, de la clave y su producto. Toca uno para leerlo.",
  },
  cell: (row, channel, value) => `${row}, número ${channel}: ${value}`,
  said: (query, key, product, score, share, isMasked) =>
    `Todos los productos juntos dan ${product}; tras la escala${isMasked ? " y la máscara" : ""}, ${score}; de toda su atención, ${quoted(query)} da a ${quoted(key)} un ${share}.`,
  colors: "Azul es menor que cero; oscuro, cero; amarillo, mayor que cero.",
  most: (channel, value) => `El que más aporta es el número ${channel}: ${value}.`,
  all: (query) => `La consulta de ${quoted(query)} frente a todas las claves`,
  byWeight: "Primero lo más atendido",
  few: (shown, n) => `De ${n} claves se muestran las ${shown} con más atención.`,
  columns: {
    token: "Clave de",
    key: "k",
    product: "q × k",
    sum: "q · k",
    score: "puntuación",
    weight: "parte",
  },
};
