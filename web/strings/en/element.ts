// What <heed-attention> says around its views.
import { isolated } from "../words.ts";
import { count as number, list, numbers, plural } from "./words.ts";

const words = (count: number): string => plural(count, { one: "word", other: `${number(count)} words` });

export const element = {
  controls: {
    model: "Model",
    view: "View",
    sentence: "Choose a token: the others are shaded by how much it looks at them",
    layer: "Layer",
    heads: (layer: number) => `Heads of layer ${layer}`,
    stage: "Stage",
    map: "Colours",
    tokens: "Tokens",
  },
  about: {
    layer:
      "A model\u2019s layers work one after another: each goes on with what the one before has made of the words.",
    heads: "A layer\u2019s heads work side by side: each looks at the words in a way of its own.",
  },
  tokens: {
    words: "joined to words",
    hide: (signs: readonly string[]) =>
      signs.length > 0 ? `${signs.map(isolated).join(" ")} hidden` : "special ones hidden",
    renormalise: "shares of what is left",
  },
  signs: {
    title: "What the signs mean",
    token: "A token is a word or a piece of one",
    first: (sign: string) => `${sign} stands before the text`,
    last: (sign: string) => `${sign} after it`,
    piece: (sign: string) => `${sign} goes on with the word before it`,
    space: (sign: string) => `${sign} is a space`,
    byte: (sign: string) => `${sign} is one byte of a character`,
    unknown: (sign: string, words: readonly string[]) =>
      `${sign}: ${list(words)} ${plural(words.length, { one: "is", other: "are" })} not in this model\u2019s vocabulary`,
  },
  maps: { cividis: "Cividis", viridis: "Viridis", magma: "Magma", greys: "Greys" },
  layer: (layer: number) => `Layer ${layer}`,
  head: (layer: number, head: number) => `Head ${head} \u00b7 L${layer}H${head}`,
  loading: (model: string) => `Loading ${model} \u2026`,
  loadingShare: (model: string, percent: number) => `Loading ${model} \u2026 ${percent} %`,
  /** `isPassing`: another try may help. */
  notLoaded: (model: string, message: string, isPassing: boolean) =>
    `${model} could not be loaded. ${isPassing ? "Loading the page again may help. " : ""}(${message})`,
  notDrawn: (view: string, message: string) =>
    `The view \u2018${view}\u2019 could not be fetched. Choosing it again may help. (${message})`,
  refused: (model: string, message: string) => `${model} could not read this: ${message}`,
  nothing: "Nothing to read yet.",
  noWords: (model: string) => `No word is left to read: ${model} leaves out every character of this text.`,
  /** What is not as trained. */
  changed: {
    said: (what: string) => `Not as trained: ${what}.`,
    off: (heads: string) => `${heads} off`,
    heads: (count: number) => `${count} heads`,
    unused: (heads: string) => `Where ${heads} looks is still drawn, but nothing that it finds is passed on.`,
    reset: "Everything as trained",
    causal: "the future hidden",
    notCausal: "the future not hidden",
    hidden: (cells: number) =>
      plural(cells, { one: "1 cell hidden", other: `${number(cells)} cells hidden` }),
    unscaled: "not divided by \u221ad\u2096",
    temperature: (value: number) => `temperature ${numbers.fixed(value, 2)}`,
    unplaced: "no positions",
  },
  cut: {
    title: "Cut:",
    /** `read`, `left`: words. */
    message: (model: string, most: number, read: number, left: number) =>
      `${model} reads at most ${number(most)} tokens. It read the first ${words(read)}; the last ${words(left)} ${plural(left, { one: "was", other: "were" })} left out, from \u2018`,
    /** Within a word; `read`: characters. */
    inside: (model: string, most: number, read: number) =>
      `${model} reads at most ${number(most)} tokens. It read the first ${number(read)} characters; the rest was left out, from \u2018`,
    end: "\u2026\u2019 on.",
    more: "What was left out",
  },
};
