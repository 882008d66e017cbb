// Lo que <heed-attention> dice alrededor de sus vistas.
import type { Strings } from "../index.ts";
import { isolated } from "../words.ts";
import { count as number, list, numbers, plural } from "./words.ts";

const words = (count: number): string =>
  plural(count, { one: "palabra", other: `${number(count)} palabras` });

export const element: Strings["element"] = {
  controls: {
    model: "Modelo",
    view: "Vista",
    sentence: "Elige un token: los demás se sombrean según cuánto los mira",
    layer: "Capa",
    heads: (layer) => `Cabezas de la capa ${layer}`,
    stage: "Etapa",
    map: "Colores",
    tokens: "Tokens",
  },
  about: {
    layer:
      "Las capas de un modelo trabajan una tras otra: cada una continúa con lo que la anterior hizo de las palabras.",
    heads: "Las cabezas de una capa trabajan una junto a otra: cada una mira las palabras a su manera.",
  },
  tokens: {
    words: "unidos en palabras",
    hide: (signs) => (signs.length > 0 ? `sin ${signs.map(isolated).join(" ")}` : "sin los especiales"),
    renormalise: "partes de lo que queda",
  },
  signs: {
    title: "Qué significan los signos",
    token: "Un token es una palabra o un trozo de ella",
    first: (sign) => `${sign} va delante del texto`,
    last: (sign) => `${sign} va detrás`,
    piece: (sign) => `${sign} continúa la palabra anterior`,
    space: (sign) => `${sign} es un espacio`,
    byte: (sign) => `${sign} es un byte de un carácter`,
    unknown: (sign, words) =>
      `${sign}: ${list(words)} no ${plural(words.length, { one: "está", other: "están" })} en el vocabulario de este modelo`,
  },
  maps: { cividis: "Cividis", viridis: "Viridis", magma: "Magma", greys: "Grises" },
  layer: (layer) => `Capa ${layer}`,
  head: (layer, head) => `Cabeza ${head} · L${layer}H${head}`,
  loading: (model) => `Cargando ${model}…`,
  loadingShare: (model, percent) => `Cargando ${model}… ${percent}\u00a0%`,
  notLoaded: (model, message, isPassing) =>
    `No se pudo cargar ${model}. ${isPassing ? "Quizá ayude volver a cargar la página. " : ""}(${message})`,
  notDrawn: (view, message) =>
    `No se pudo cargar la vista «${view}». Quizá ayude elegirla otra vez. (${message})`,
  refused: (model, message) => `${model} no pudo leer esto: ${message}`,
  nothing: "Todavía no hay nada que leer.",
  noWords: (model) => `No queda ninguna palabra que leer: ${model} omite todos los caracteres de este texto.`,
  changed: {
    said: (what) => `No como se entrenó: ${what}.`,
    off: (heads) => `sin ${heads}`,
    heads: (count) => `${count} cabezas`,
    unused: (heads) =>
      `Adónde mira ${heads} se sigue dibujando, pero nada de lo que encuentra pasa adelante.`,
    reset: "Todo como se entrenó",
    causal: "el futuro oculto",
    notCausal: "el futuro no oculto",
    hidden: (cells) => plural(cells, { one: "1 celda oculta", other: `${number(cells)} celdas ocultas` }),
    unscaled: "sin dividir entre √dₖ",
    temperature: (value) => `temperatura ${numbers.fixed(value, 2)}`,
    unplaced: "sin posiciones",
  },
  cut: {
    title: "Recortado:",
    message: (model, most, read, left) =>
      `${model} lee como máximo ${number(most)} tokens. ${plural(read, { one: "Leyó la primera palabra", other: `Leyó las primeras ${words(read)}` })}; ${plural(left, { one: "la última quedó fuera", other: `las últimas ${words(left)} quedaron fuera` })}, desde «`,
    inside: (model, most, read) =>
      `${model} lee como máximo ${number(most)} tokens. ${plural(read, { one: "Leyó el primer carácter", other: `Leyó los primeros ${number(read)} caracteres` })}; el resto quedó fuera, desde «`,
    end: "…» en adelante.",
    more: "Lo que quedó fuera",
  },
};
