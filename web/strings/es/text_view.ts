// Lo que la frase dice de sí misma.
import type { Strings } from "../index.ts";

export const textView: Strings["textView"] = {
  scale: (from) =>
    from
      ? "Parte de la atención de la palabra elegida"
      : "Parte de la atención de cada palabra que va a la palabra elegida",
  head: (name) => `Cabeza ${name}`,
  several: "Varias palabras",
  howTo: {
    mouse: "Mayús y clic, o espacio, fija varias palabras; Escape las suelta.",
    touch:
      "Con «Varias palabras» activado, cada palabra que tocas queda fija; si la tocas otra vez, se suelta.",
  },
  unlock: "Soltar todas",
};
