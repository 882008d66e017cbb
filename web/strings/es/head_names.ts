// Cómo se llaman las cabezas según lo que hacen, y qué significa.
import type { HeadName } from "../../heads/head_names.ts";
import type { Place } from "../../state.ts";
import type { Strings } from "../index.ts";
import { numbers, quoted, share } from "./words.ts";

const PLACES: Readonly<Record<Place, string>> = {
  previousToken: "token anterior",
  nextToken: "token siguiente",
  self: "sí mismo",
  sameToken: "la misma palabra en otro lugar",
  firstToken: "primer token",
  separator: "separador",
  induction: "lo que siguió la última vez",
};

const GOAL: Readonly<Record<Place, string>> = {
  previousToken: "al token anterior",
  nextToken: "al token siguiente",
  self: "al propio token",
  sameToken: "a otros lugares donde está el mismo token",
  firstToken: "al primer token",
  separator: "a separadores como [SEP]",
  induction: "a lo que antes siguió al mismo token",
};

const SINK =
  "Una softmax tiene que gastar entera cada fila, aunque la cabeza no tenga nada que buscar; muchos modelos entrenados la dejan entonces en el primer token o en los separadores, lo que se llama sumidero de atención (Clark et al. 2019, Xiao et al. 2023). Que haya peso allí no quiere decir que ese token importe.";

const isPlace = (kind: HeadName["kind"]): kind is Place => Object.hasOwn(PLACES, kind);
const bits = (value: number): string => `${numbers.fixed(value, 1)} bits`;

export const headNames: Strings["headNames"] = {
  name({ kind, strength }) {
    if (isPlace(kind)) return strength === "mostly" ? PLACES[kind] : `tiende a: ${PLACES[kind]}`;
    return {
      broad: "repartida por igual",
      sharp: "elige un token",
      none: "sin patrón claro",
      tooShort: "texto demasiado corto",
    }[kind];
  },
  job({ kind, shares }) {
    const what = {
      pronoun: "pronombre → su nombre",
      complement: `${quoted("making")} → su complemento`,
      subject: "ante un verbo → su sujeto",
    }[kind];
    return `${what}, ${shares.map((one) => share(one)).join(" a ")} en frases hechas para ello (ficha del modelo)`;
  },
  elsewhere({ kind, elsewhere }) {
    const [first, second] = elsewhere.map((one) => share(one));
    if (kind === "pronoun") return `Con sustantivos que nunca vio, ${first}; en textos reales, ${second}.`;
    return first ? `Cuando el sujeto no es el primer sustantivo, ${first}.` : "";
  },
  explain({ kind, value, even }) {
    if (isPlace(kind)) {
      const measured = `De media, un ${share(value)} de la atención de un token va ${GOAL[kind]}; repartida por igual sería un ${share(even)}.`;
      return kind === "firstToken" || kind === "separator" ? `${measured} ${SINK}` : measured;
    }
    const spread = `Sus filas tienen ${bits(value)} de entropía; mirando a todo por igual serían ${bits(even)}.`;
    return {
      broad: `${spread} Mira casi por igual a todo lo que puede ver.`,
      sharp: `${spread} Un token suele mirar a uno solo, sin ninguna regla de posición: cuál es la regla solo se descubre mirando.`,
      none: `${spread} Ninguna regla de posición la explica en este texto.`,
      tooShort:
        "Con menos de seis tokens todo está cerca de todo: escribe más para poder distinguir las cabezas.",
    }[kind];
  },
  unmeasured: "sin medir",
  unmeasuredWhy: "Este texto es demasiado largo para medir sus cabezas.",
  rules:
    "Una cabeza recibe el nombre de lo que hace, medido en este texto; en otro puede hacer otra cosa. «Token anterior» y similares: más de la mitad de su atención va allí de media, y al menos el doble de lo que daría un reparto igual; «tiende a»: al menos una cuarta parte, y el triple; «repartida por igual»: al menos el 90\u00a0% de la entropía de un reparto igual; «elige un token»: como mucho 1 bit de entropía. Una media sobre menos de cuatro tokens no da nombre a nada. Todo lo demás queda «sin patrón claro».",
};
