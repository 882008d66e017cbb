// What the steps of attention say, each in a plain sentence; the calculation stands below it, in numbers alone.
import { quoted } from "./words.ts";

export const stepsView = {
  follow: "Follow one cell through all steps",
  colors: "Blue is below zero, dark zero, yellow above; beside each name stands how far the colours reach.",
  row: "Who looks (query)",
  col: "At whom (key)",
  tooLong: (n: number) =>
    `With ${n} tokens the whole matrix of each step would be too much to hold: of each, the row of the word that looks is shown.`,
  notReckoned: (n: number) =>
    `With ${n} tokens the whole matrix of each step would be too much to hold, and this model does more with its scores than divide and mask them: the steps can\u2019t be worked out again. A shorter text has them.`,
  /** Of a term that is many added up. */
  others: (count: number) => (count === 1 ? "from the other one" : `from ${count} others`),
  wholeRow: "(the sum over the row)",
  input: {
    title: "The words come in",
    say: (query: string, key: string, width: number) =>
      `${quoted(query)} is a row of ${width} numbers, and so is ${quoted(key)}: this is all that the layer knows of them.`,
    normalised: "The model normalises each row before (layer norm), so that no word shouts.",
    plate: "Input of the layer, one row a token",
  },
  project: {
    title: "Query, key and value",
    say: (query: string, key: string, width: number) =>
      `Three tables of learned numbers make of every word a query, what it looks for, a key, what it can be found by, and a value, what it has to give: ${width} numbers each. Follow the query of ${quoted(query)} and the key and the value of ${quoted(key)}.`,
    bias: "The b are learned numbers too, the biases: they are added whatever the word.",
    normed: "Every head\u2019s queries and keys are then normalised.",
    turned: "Queries and keys are then turned by their word\u2019s place (rotary positions).",
    query: "Queries of all tokens",
    key: "Keys of all tokens",
    value: "Values of all tokens",
  },
  products: {
    title: "How well does the key match?",
    say: (query: string, key: string, count: number, value: string) =>
      `The query of ${quoted(query)} times the key of ${quoted(key)}, number by number, all ${count} added up: ${value}.`,
    plate: "Products of every query with every key",
  },
  scores: {
    title: "Divide, so that the numbers keep their size",
    say: (width: number) =>
      `A sum of ${width} products grows with the root of ${width}; divided by it, it stays a number that the softmax can work with.`,
    unscaled: "Switched off: the products go on as they are, and the softmax will see very large numbers.",
    warm: (temperature: string) => `Divided by the temperature ${temperature} too.`,
    plate: "Scores",
  },
  mask: {
    title: "Hide what may not be seen",
    seen: (query: string, key: string, score: string) =>
      `${quoted(query)} may look at ${quoted(key)}, so ${score} stays as it is.`,
    future: (query: string, key: string) =>
      `${quoted(key)} comes after ${quoted(query)}: the future is hidden, and the score becomes minus infinity.`,
    hand: (query: string, key: string) =>
      `You have hidden ${quoted(key)} from ${quoted(query)}: the score becomes minus infinity.`,
    nothing: (model: string) =>
      `${model} hides nothing here: it reads in both directions, and the scores go on unchanged.`,
    causal: "Everything above the diagonal is hidden: no word sees what comes after it.",
    plate: "Scores after the mask",
  },
  softmax: {
    title: "Make each row into shares",
    say: (query: string, key: string, share: string) =>
      `The softmax raises e to each score, and divides by the sum over the row. Of all its attention ${quoted(query)} gives ${quoted(key)} ${share}. (The row\u2019s largest score is taken off first; this changes nothing and keeps the numbers small.)`,
    hidden: (key: string) => `e to minus infinity is 0: ${quoted(key)} gets nothing.`,
    blind: (query: string) => `${quoted(query)} may look at nothing at all: its row is 0.`,
    plate: "Weights",
  },
  context: {
    title: "Take so much of each value",
    say: (query: string, key: string, share: string, channel: number) =>
      `What ${quoted(query)} takes along is a mixture of all values: ${share} of ${quoted(key)}, and the others by their shares. Number ${channel} of it, the largest:`,
    ablated: "This head is switched off: whatever the mixture is, zeros go on in its place.",
    plate: "Contexts of all tokens",
  },
  concat: {
    title: "Put the heads side by side",
    say: (heads: number, each: number, width: number, head: number) =>
      `All ${heads} heads of the layer have done this at once, each with tables of its own. Their results stand side by side: ${heads} \u00d7 ${each} = ${width} numbers a word. Those of head ${head} are framed.`,
    plate: "Contexts of all heads, side by side",
  },
  output: {
    title: "Mix them",
    say: (query: string, width: number) =>
      `One more learned table mixes the ${width} numbers: this is what attention has to say about ${quoted(query)} in this layer.`,
    added: "It is added to what came in, and the layer goes on from there.",
    largest: (channel: number, value: string) => `Its largest number is number ${channel}: ${value}.`,
    heads:
      "Every head has rows of its own in this table, so that this is a sum of one part a head, and of the table\u2019s bias. Between \u2016 \u2016 stands how long each part is: how much the head says.",
    unparted:
      "What each head adds to it is left out: with so many heads and words that would be too much to keep.",
    bias: "bias",
    parts: "What each head adds",
    plate: "Output of attention, after the last table",
  },
  cellOf: (plate: string, row: string, value: string) => `${plate}, ${quoted(row)}: ${value}`,
  pairOf: (query: string, key: string, value: string) => `${quoted(query)} \u2192 ${quoted(key)}: ${value}`,
};
