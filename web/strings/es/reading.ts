// Lo que se dice de unas palabras que miran a otras.
import type { Strings } from "../index.ts";
import { list, numbers, quoted, share as percent } from "./words.ts";

export const reading: Strings["reading"] = {
  list,
  arrow: "→",
  head: (layer, head) => `L${layer}H${head}`,
  off: "apagada: no aporta nada",
  percent: numbers.percent,
  looksMost: (words, at, share) =>
    words.length === 1
      ? `${list(words)} mira sobre todo a ${quoted(at)}: ${share}`
      : `${list(words)} juntas miran sobre todo a ${quoted(at)}: ${share}`,
  lookedAt: (words, by, share) => `${quoted(by)} es la que más mira a ${list(words)}: ${share}`,
  sentence: (said, head) => (head === undefined ? `${said}.` : `${said} (${head}).`),
  gap: " ",
  nobodyLooks: (words) => `Ninguna palabra mira a ${list(words)} ni siquiera con un ${percent(0.01)}`,
  nothingShown: "Todos los tokens de este texto son especiales, y esos están ocultos.",
  tooLong: "Leyendo esta parte…",
  direction: {
    legend: "Leer",
    from: "a quién mira",
    to: "quién la mira",
  },
  words: "Palabras: elige una, o fija varias con espacio, Mayús o Ctrl",
  chosen: "elegida",
  locked: "fijada",
  hiddenShare: (share) => `El ${share} va a tokens especiales, que están ocultos.`,
};
