// Lo que la frase dice de sí misma.
import type { Strings } from "../index.ts";

export const textView: Strings["textView"] = {
  scale: (from) =>
    from
      ? "Parte de la atención de la palabra elegida"
      : "Parte de la atención de cada palabra que va a la palabra elegida",
  head: (name) => `Cabeza ${name}`,
  howTo: "Mayús y clic, o espacio, fija varias palabras; Escape las suelta.",
  unlock: "Soltar todas",
};
