// Lo que dicen los pasos de la atención, cada uno en una frase sencilla; debajo está el cálculo, solo en números.
import type { Strings } from "../index.ts";
import { plural, quoted } from "./words.ts";

export const stepsView: Strings["stepsView"] = {
  follow: "Sigue una celda por todos los pasos",
  colors:
    "Azul es menor que cero; oscuro, cero; amarillo, mayor. Junto al nombre de cada imagen está hasta dónde llegan sus colores.",
  row: "Quién mira (consulta)",
  col: "A quién (clave)",
  tooLong: (n) =>
    `Con ${n} tokens no cabe la matriz entera de cada paso: de cada una se muestra la fila de la palabra seguida.`,
  notReckoned: (n) =>
    `Con ${n} tokens no cabe la matriz entera de cada paso, y este modelo hace con sus puntuaciones más que dividirlas y enmascararlas: los pasos no se pueden recalcular. Un texto más corto los tiene.`,
  others: (count) => plural(count, { one: "del que falta", other: `de los otros ${count}` }),
  wholeRow: "(la suma de la fila)",
  input: {
    title: "Entran las palabras",
    say: (query, key, width) =>
      `${quoted(query)} es una fila de ${width} números, y también lo es ${quoted(key)}: es todo lo que la capa sabe de ellas.`,
    normalised: "Antes, el modelo normaliza cada fila (layer norm), para que ninguna palabra grite.",
    plate: "Entrada de la capa, una fila por token",
  },
  project: {
    title: "Consulta, clave y valor",
    say: (query, key, width) =>
      `Tres tablas de números aprendidos hacen de cada palabra una consulta, lo que busca; una clave, por lo que se la encuentra; y un valor, lo que tiene que dar: ${width} números cada uno. Sigue la consulta de ${quoted(query)} y la clave y el valor de ${quoted(key)}.`,
    bias: "Las b son también números aprendidos, los sesgos: se suman sea cual sea la palabra.",
    normed: "Después se normalizan las consultas y las claves de cada cabeza.",
    turned:
      "Después las consultas y las claves se giran según el lugar de su palabra (posiciones rotatorias).",
    query: "Consultas de todos los tokens",
    key: "Claves de todos los tokens",
    value: "Valores de todos los tokens",
  },
  products: {
    title: "¿Encaja bien la clave?",
    say: (query, key, count, value) =>
      `La consulta de ${quoted(query)} por la clave de ${quoted(key)}, número a número, y sumados los ${count}: ${value}.`,
    plate: "Productos de cada consulta con cada clave",
  },
  scores: {
    title: "Dividir, para que los números conserven su tamaño",
    say: (width) =>
      `Una suma de ${width} productos crece con la raíz de ${width}; dividida por ella, sigue siendo un número con el que la softmax puede trabajar.`,
    unscaled: "Apagado: los productos siguen tal cual, y la softmax recibirá números muy grandes.",
    warm: (temperature) => `También se divide por la temperatura ${temperature}.`,
    plate: "Puntuaciones",
  },
  mask: {
    title: "Ocultar lo que no se puede ver",
    seen: (query, key, score) =>
      `${quoted(query)} puede mirar a ${quoted(key)}, así que ${score} queda como está.`,
    future: (query, key) =>
      `${quoted(key)} viene después de ${quoted(query)}: el futuro se oculta, y la puntuación pasa a ser menos infinito.`,
    hand: (query, key) =>
      `Has ocultado ${quoted(key)} a ${quoted(query)}: la puntuación pasa a ser menos infinito.`,
    nothing: (model) =>
      `${model} no oculta nada aquí: lee en ambas direcciones, y las puntuaciones siguen sin cambios.`,
    causal: "Todo lo que está por encima de la diagonal se oculta: ninguna palabra ve lo que viene después.",
    plate: "Puntuaciones tras la máscara",
  },
  softmax: {
    title: "Convertir cada fila en partes",
    say: (query, key, share) =>
      `La softmax eleva e a cada puntuación y divide por la suma de la fila. De toda su atención, ${quoted(query)} da a ${quoted(key)} un ${share}. (Antes se resta la mayor puntuación de la fila; no cambia nada y mantiene pequeños los números.)`,
    hidden: (key) => `e elevado a menos infinito es 0: ${quoted(key)} no recibe nada.`,
    blind: (query) => `${quoted(query)} no puede mirar a nada: su fila es 0.`,
    plate: "Pesos",
  },
  context: {
    title: "Tomar de cada valor su parte",
    say: (query, key, share, channel) =>
      `Lo que ${quoted(query)} se lleva es una mezcla de todos los valores: un ${share} de ${quoted(key)}, y de los demás según sus partes. Su número ${channel}, el mayor:`,
    ablated: "Esta cabeza está apagada: sea cual sea la mezcla, en su lugar siguen ceros.",
    plate: "Contextos de todos los tokens",
  },
  concat: {
    title: "Poner las cabezas una junto a otra",
    say: (heads, each, width, head) =>
      `Las ${heads} cabezas de la capa lo han hecho a la vez, cada una con sus propias tablas. Sus resultados se ponen uno junto a otro: ${heads} × ${each} = ${width} números por palabra. Los de la cabeza ${head} están enmarcados.`,
    plate: "Contextos de todas las cabezas, uno junto a otro",
  },
  output: {
    title: "Mezclarlas",
    say: (query, width) =>
      `Una tabla aprendida más mezcla los ${width} números: esto es lo que la atención tiene que decir de ${quoted(query)} en esta capa.`,
    added: "Se suma a lo que entró, y la capa sigue desde ahí.",
    largest: (channel, value) => `Su número mayor es el ${channel}: ${value}.`,
    heads:
      "Cada cabeza tiene en esta tabla filas propias: esto es una suma de una parte por cabeza, más el sesgo de la tabla. Entre \u2016 \u2016 está la longitud de cada parte: cuánto dice la cabeza.",
    unparted:
      "Aquí no se muestra lo que añade cada cabeza: con tantas cabezas y palabras sería demasiado para guardarlo.",
    bias: "sesgo",
    parts: "Lo que añade cada cabeza",
    plate: "Salida de la atención, tras la última tabla",
  },
  cellOf: (plate, row, value) => `${plate}, ${quoted(row)}: ${value}`,
  pairOf: (query, key, value) => `${quoted(query)} → ${quoted(key)}: ${value}`,
};
