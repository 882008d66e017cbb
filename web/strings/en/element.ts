// What <heed-attention> says around its views.
export const element = {
  controls: {
    group: "What is shown",
    model: "Model",
    view: "View",
    sentence: "Choose a token: the others are shaded by how much it looks at them",
    layer: "Layer",
    heads: (layer: number) => `Heads of layer ${layer}`,
    stage: "Stage",
  },
  layer: (layer: number) => `Layer ${layer}`,
  head: (layer: number, head: number) => `Head ${head} \u00b7 L${layer}H${head}`,
  loading: (model: string) => `Loading ${model} \u2026`,
  loadingShare: (model: string, percent: number) => `Loading ${model} \u2026 ${percent} %`,
  notLoaded: (model: string, message: string) =>
    `${model} could not be loaded. Loading the page again may help. (${message})`,
  refused: (model: string, message: string) => `${model} could not read this: ${message}`,
  nothing: "Nothing to read yet.",
  cut: {
    title: "Cut:",
    message: (model: string, most: number, read: string, left: string, isOne: boolean) =>
      `${model} reads at most ${most} tokens. It read the first ${read}; the last ${left} ${isOne ? "was" : "were"} left out, from \u201c`,
    end: "\u2026\u201d on.",
    words: (count: number) => (count === 1 ? "word" : `${count.toLocaleString("en")} words`),
    more: "What was left out",
  },
};
