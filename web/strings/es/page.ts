// Lo que dice la página alrededor del elemento.
import type { PageStrings } from "../page.ts";
import { count, numbers, plural } from "./words.ts";

export const page: PageStrings["page"] = {
  title: "heed: la atención, en tu navegador",
  lead: "La atención es la manera en que las palabras de un transformer se miran unas a otras: aquí, cada uno de sus números, sobre tu propia frase (en inglés).",
  skip: "A la imagen",
  lesson: "¿Es nueva para ti la atención? Sigue la lección.",
  inEnglish: "(En inglés.)",
  language: "Idioma",
  ask: "Frase y modelo",
  type: "Escribe una frase",
  pick: "o elige una",
  pickNone: "Elige un ejemplo…",
  model: "Modelo",
  hint: (mask) => `${mask} ocupa el lugar de una palabra por adivinar.`,
  hintCausal: (model) =>
    `\u2068${model}\u2069 lee de izquierda a derecha y dice en cada token qué viene después.`,
  own: "Usa tu propio modelo",
  attention: "Atención",
  status: (tokens, heads, milliseconds) =>
    `${plural(tokens, { one: "1 token", other: `${count(tokens)} tokens` })}, ${count(heads)} cabezas, ${numbers.fixed(milliseconds, milliseconds < 10 ? 1 : 0)} ms`,
  target: {
    label: "Lo que lee el decodificador",
    written:
      "Escrito por el propio modelo: en cada paso, el token más probable. Cámbialo y el decodificador leerá el tuyo.",
    typed: "Tuyo: vacíalo y el modelo volverá a escribir.",
  },
  credits: {
    title: "Créditos",
    before:
      "Los modelos aprendieron de textos de Wikipedia, a través de WikiSplit, WikiText-2 y GAP: de sus autores, con licencia ",
    after:
      ". Colores: cividis, de Nuñez, Anderton y Renslow. heed es software libre con la licencia Apache 2.0.",
    privacy:
      "Nada de lo que escribes sale de esta página: los modelos se ejecutan aquí, y una vez cargados no se hace ninguna petición, salvo a la dirección que des para un modelo tuyo.",
  },
  predictions: {
    at: (model) => [`Salida de \u2068${model}\u2069 en `, ""],
    next: (model) => [`Siguiente token de \u2068${model}\u2069 tras `, ""],
    silent: "Este modelo no dice nada sobre palabras: se guardó sin la parte que lo hace.",
    hide: ["Ocultar ", " y dejar que se adivine"],
    bertLimits:
      "Un modelo diminuto: de las palabras ocultas en textos reales nunca vistos acierta el 15\u00a0%.",
    gptLimits:
      "Un modelo diminuto: de los siguientes tokens en textos reales nunca vistos acierta el 18,5\u00a0%. No esperes que conserve el sentido mucho tiempo.",
    read: "Ha leído desde el principio hasta aquí, y nada más.",
    readBoth: "Ha leído todo el texto de origen y, del de destino, desde el principio hasta aquí.",
    ends: "<|endoftext|> significa: aquí acaba el texto.",
    hidden: "La palabra oculta, adivinada desde ambos lados.",
    frame: "Un token que enmarca la frase; su salida no significa nada por sí misma.",
    pronoun: (word) =>
      `heed-bert fue entrenado para nombrar, en un pronombre, aquello a lo que se refiere. Así que esta es su respuesta a «¿quién es \u2068${word}\u2069?», y no una conjetura de la palabra \u2068${word}\u2069.`,
    open: (mask) =>
      `Aquí no hay nada oculto, así que esto dice poco. Escribe ${mask} en lugar de una palabra para que la adivine.`,
  },
};
