// Lo que una imagen exportada dice de sí misma.
import type { Strings } from "../index.ts";
import { count, quoted } from "./words.ts";

export const picture: Strings["picture"] = {
  title: (view, model, heads) => `${view}: ${model}, ${heads}`,
  text: (sentence) => `Texto: ${sentence}`,
  pair: (sentence) => `Segundo texto: ${sentence}`,
  cell: (from, to, value, number) => `De ${quoted(from)} a ${quoted(to)}: ${value} ${number}.`,
  overview: (tokens, cells) =>
    `Los ${count(tokens)} tokens en ${cells} celdas por lado; cada una muestra el mayor peso que contiene.`,
  allHeads: "todas las cabezas",
  tooLarge: (width, height, scale) =>
    `la imagen tendría ${width} × ${height} píxeles con escala ${scale}, más de lo que un navegador puede dibujar; SVG no tiene ese límite`,
  badScale: (scale) => `la escala es ${scale}; se esperaba un número de 1 a 4`,
  notDrawn:
    "el navegador no pudo dibujar la imagen; una página con Content-Security-Policy debe permitir imágenes de blob:",
};
