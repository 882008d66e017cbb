// Lo que dice el dibujo de líneas.
import type { Strings } from "../index.ts";
import { share } from "./words.ts";

export const headsView: Strings["headsView"] = {
  toggles: (layer) => `Cabezas de la capa ${layer}`,
  queries: "Palabras que miran",
  keys: "Palabras que son miradas",
  from: "mira",
  to: "es mirada",
  threshold: (least) =>
    `No se dibujan las líneas por debajo del ${share(least)}, salvo las de las palabras elegidas: de ellas, todas. Cuanto más peso, más ancha e intensa.`,
  alone:
    "Solo se dibujan las líneas de las palabras elegidas, todas ellas. Cuanto más peso, más ancha e intensa.",
  all: "Se dibujan todas las líneas: cuanto más peso, más ancha e intensa.",
  onlyChosen:
    "Este texto es demasiado largo para todas sus líneas: se dibujan las de las palabras elegidas, todas ellas. Cuanto más peso, más ancha e intensa.",
};
