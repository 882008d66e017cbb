// What the page around the element says.
import { count, numbers, plural, quoted } from "./words.ts";

export const page = {
  title: "heed: attention, in your browser",
  lead: "Attention is how a transformer\u2019s words look at one another: every number of it, on your sentence.",
  skip: "To the picture",
  lesson: "New to attention? Take the lesson.",
  /** Said of the model cards, which there are in English only; "" in English. */
  inEnglish: "",
  language: "Language",
  ask: "Sentence and model",
  type: "Type a sentence",
  pick: "or pick one",
  pickNone: "Pick an example \u2026",
  model: "Model",
  hint: (mask: string) => `${mask} stands for a word to be guessed.`,
  hintCausal: (model: string) => `${model} reads from left to right, and says at each token what comes next.`,
  own: "Use your own model",
  attention: "Attention",
  status: (tokens: number, heads: number, milliseconds: number) =>
    `${plural(tokens, { one: "1 token", other: `${count(tokens)} tokens` })}, ${count(heads)} heads, ${numbers.fixed(milliseconds, milliseconds < 10 ? 1 : 0)} ms`,
  target: {
    label: "What the decoder reads",
    written:
      "Written by the model itself: at each step the most probable token. Change it, and the decoder reads yours.",
    typed: "Yours: empty it, and the model writes again.",
  },
  credits: {
    title: "Credits",
    before:
      "The models learnt from texts of Wikipedia, by way of WikiSplit, WikiText-2 and GAP: by Wikipedia\u2019s contributors, ",
    after:
      ". Colours: cividis, by Nu\u00f1ez, Anderton and Renslow. heed itself is free software under the Apache License 2.0.",
    privacy:
      "Nothing you type leaves this page: the models run here, and no request is made after they are loaded, but to an address that you give for a model of your own.",
  },
  predictions: {
    /** Around the word. */
    at: (model: string): readonly [before: string, after: string] => [`${model}\u2019s output at `, ""],
    next: (model: string): readonly [before: string, after: string] => [
      `${model}\u2019s next token after `,
      "",
    ],
    silent: "This model says nothing of words: it was saved without the part that does.",
    hide: ["Hide ", " and let it be guessed"] as readonly [before: string, after: string],
    bertLimits: "A tiny model: of hidden words in real, unseen text it guesses 15\u00a0% right.",
    gptLimits:
      "A tiny model: of next tokens in real, unseen text it guesses 18.5\u00a0% right. Don\u2019t expect sense for long.",
    read: "It has read from the beginning up to here, and nothing beyond.",
    readBoth: "It has read all of the source, and of the target from the beginning up to here.",
    ends: "<|endoftext|> means: the text ends here.",
    hidden: "The hidden word, guessed from both sides.",
    frame: "A token that frames the sentence; its output means nothing by itself.",
    pronoun: (word: string) =>
      `heed-bert was trained to name, at a pronoun, what the pronoun stands for. So this is its answer to \u2018who is \u201c\u2068${word}\u2069\u201d?\u2019, not a guess of the word ${quoted(word)}.`,
    open: (mask: string) =>
      `Nothing is hidden here, so this says little. Type ${mask} in place of a word to have it guessed.`,
  },
};
