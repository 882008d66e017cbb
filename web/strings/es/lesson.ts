// Las palabras de las figuras de la lección.
import type { PageStrings } from "../page.ts";
import { numbers, plural, quoted, share } from "./words.ts";

export const lesson: PageStrings["lesson"] = {
  empty: "Escribe una frase arriba, y las figuras volverán.",
  number: numbers.fixed,
  percent: (value) => {
    if (value > 0 && value < 0.0005) return `menos del ${share(0.001, 1)}`;
    return share(value, value > 0 && value < 0.0995 ? 1 : 0);
  },
  memory: {
    keep: "Cada paso conserva",
    steps: (steps) =>
      plural(steps, {
        one: "Un paso para leerla.",
        other: `${steps} pasos para leerla, y cada uno espera al anterior.`,
      }),
    left: (word, share) => `${word}: queda ${share}`,
    bars: "Lo que queda de cada palabra al final",
    first: (word, steps, share) =>
      `De la primera palabra al último estado: ${plural(steps, { one: "1 paso", other: `${steps} pasos` })}. De ${quoted(word)} queda ${share}.`,
    direct: "Con atención: un solo paso entre dos palabras cualesquiera.",
  },
  lookup: {
    query: "Pides",
    temperature: "Temperatura",
    columns: ["dulce", "crujiente"],
    food: "alimento (entrada)",
    key: (name) => `clave: ${name}`,
    value: "valor: precio",
    fit: "encaje q · k",
    weight: "peso",
    rows: [
      { name: "manzana", key: [0.8, 0.9], value: 2 },
      { name: "plátano", key: [0.9, 0.1], value: 1 },
      { name: "zanahoria", key: [0.3, 1], value: 0.5 },
      { name: "pan", key: [0.1, 0.3], value: 3 },
    ],
    cell: (food, column) => `${food}, ${column}`,
    answer: (price) => `Respuesta: ${price}`,
    hard: (name) => `Una búsqueda dura: ${quoted(name)} se lo lleva todo.`,
    mostly: (name, share) => `Casi todo ${quoted(name)}, con un ${share}.`,
    mixed: (name, share) => `Una mezcla; ${quoted(name)} tiene la mayor parte, un ${share}.`,
  },
  vectors: {
    query: "consulta q",
    key: "clave k",
    right: (name) => `${name}, hacia la derecha`,
    up: (name) => `${name}, hacia arriba`,
    picture: (q, k) => `Dos flechas desde un punto: q hasta ${q}, k hasta ${k}`,
    product: (parts, sum) => `q · k = ${parts} = ${sum}`,
    angle: (degrees) => `Ángulo entre ellas: ${degrees}°.`,
    noAngle: "Una de las flechas no tiene longitud, así que no hay ángulo.",
    verdict: {
      same: "Encajan.",
      none: "No tienen nada que decirse.",
      opposite: "Apuntan en sentidos opuestos.",
    },
  },
  spread: {
    length: "Longitud de las listas, d",
    seed: "Semilla",
    scaled: "divididos por √d",
    raw: "tal cual",
    plot: "Dispersión de los productos escalares según la longitud de las listas",
    axisX: "longitud de las listas",
    axisY: "dispersión",
    measured: (d, raw, root, scaled) =>
      `Con longitud ${d}: dispersión medida ${raw}, en teoría ${root}; tras dividir, ${scaled}.`,
    shares: (kind) => `Softmax de ocho puntuaciones, ${kind}`,
    largest: (kind, share) => `${kind}: la mayor de las ocho se lleva de media un ${share}.`,
    key: (i) => `clave ${i}`,
  },
  softmax: {
    score: (name) => `Puntuación de ${name}`,
    hide: (name) => `ocultar ${name}`,
    names: ["a", "b", "c", "d"],
    plus: "Sumar 1 a cada puntuación",
    minus: "Restar 1 a cada puntuación",
    reset: "Volver a empezar",
    table: { word: "entrada", score: "puntuación s", exp: "eˢ", share: "parte" },
    sum: "suma",
    hidden: "−∞",
    all: "Todas las entradas están ocultas: no hay nada que repartir.",
  },
  mix: {
    value: (word) => `valor de \u2068${word}\u2069`,
    rest: (count) => plural(count, { one: "otro token", other: `otros ${count} tokens` }),
    context: (word) => `contexto de \u2068${word}\u2069`,
    times: (weight) => `× ${weight}`,
    caption: (word) => `Lo que toma ${quoted(word)}, y lo que suma`,
    legend: (most) => `Colores: −${most} azul claro, 0 oscuro, ${most} amarillo.`,
  },
  concat: {
    choose: "Palabra",
    head: (head) => `cabeza ${head}`,
    strip: (head, word) => `Cabeza ${head}: 32 números para ${word}`,
    caption: (count, each) => `${count} cabezas × ${each} números = ${count * each}`,
  },
};
