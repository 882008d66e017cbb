// What the views say.
export const views = {
  names: {
    text: "Text",
    matrix: "Matrix",
    heads: "Lines",
    model: "All heads",
    neuron: "Query × key",
    steps: "Steps",
    rows: "Ranking",
  },
};
