// Lo que se dice al pasar una imagen a otros: por enlace, como archivo, en otra página.
import type { PageStrings } from "../page.ts";
import { count } from "./words.ts";

export const share: PageStrings["share"] = {
  title: "Compartir",
  copyLink: "Copiar enlace",
  copied: "Enlace copiado. Abre esta misma imagen, frase incluida.",
  copiedLong: (length) =>
    `Enlace copiado. Tiene ${count(length)} caracteres, y algunos programas cortan enlaces tan largos.`,
  copiedCut: (most) =>
    `Enlace copiado. El texto es más largo de lo que cabe en un enlace: contiene sus primeros ${count(most)} caracteres.`,
  notCopied: "El navegador no deja copiar a esta página. Está seleccionado: cópialo tú.",
  link: "Enlace",
  save: "Guardar como",
  scale: "Píxeles",
  times: (scale) => `${scale}×`,
  saved: (name) => `Guardado como ${name}.`,
  notSaved: (message) => `No se guardó nada: ${message}`,
  unsaid: (keys, isUnknown) => {
    if (keys.length > 0) return `Una parte de este enlace no tiene sentido y se omitió: ${keys.join(", ")}.`;
    return isUnknown ? "Una parte de este enlace no se conoce aquí y se omitió." : "";
  },
  notInLinks: "Un modelo de tu disco, o de otro hub, no cabe en un enlace: este muestra heed-bert.",
  notEmbedded: "Un modelo propio no se puede incrustar en un marco: este muestra heed-bert.",
  beyond:
    "Este enlace habla de una capa, una cabeza o una palabra que no existe aquí. Se muestra lo más cercano.",
  embed: {
    open: "Insertar…",
    title: "Insertar esta imagen",
    intro:
      "Cada uno de estos códigos muestra, en una página tuya, lo que ves ahora. Nada de lo que escriban tus lectores sale de su navegador.",
    controls: "Con controles",
    theme: "Claro u oscuro",
    themes: { auto: "como la página", light: "claros", dark: "oscuros" },
    iframe: "En un marco",
    iframeWhy: (megabytes) =>
      `Para cualquier página que admita HTML. El marco puede ejecutar scripts y nada más; le dice a la página su altura. Carga un archivo de ${megabytes} MB.`,
    element: "Como elemento",
    elementWhy:
      "Para una página que pueda cargar scripts de aquí. Varios elementos comparten un motor y un modelo.",
    link: "Como enlace",
    linkWhy: "Para un chat, un correo o una diapositiva.",
    copy: (what) => `Copiar: ${what}`,
    copyFace: "Copiar",
    copied: (what) => `Copiado: ${what}`,
    close: "Cerrar",
    frameTitle: (model, text) => `Atención de ${model}: ${text}`,
  },
};
