// The ten sentences, where to look in each, and what is really to be seen there.
import type { ModelName } from "./runner/run_data.ts";

export interface Look {
  readonly layer: number;
  readonly head: number;
  /** Token texts, in lower case; `nth` counts from 1 where the query occurs more than once. */
  readonly query: string;
  readonly nth?: number;
  readonly key?: string;
  readonly note: string;
}

export interface Example {
  readonly text: string;
  readonly looks: Readonly<Partial<Record<ModelName, Look>>>;
}

export const EXAMPLES: readonly [Example, ...Example[]] = [
  {
    text: "The animal didn't cross the street because it was too tired.",
    looks: {
      "heed-bert": {
        layer: 2,
        head: 1,
        query: "it",
        key: "animal",
        note: "\u201cit\u201d looks at \u201canimal\u201d. Write \u201cwide\u201d for \u201ctired\u201d, and it looks at \u201cstreet\u201d.",
      },
      "heed-gpt": {
        layer: 2,
        head: 2,
        query: "it",
        key: "animal",
        note: "heed-gpt reads from left to right. At \u201cit\u201d it has not seen \u201ctired\u201d yet, so it cannot know what \u201cit\u201d is.",
      },
    },
  },
  {
    text: "The animal didn't cross the street because it was too wide.",
    looks: {
      "heed-bert": {
        layer: 2,
        head: 1,
        query: "it",
        key: "street",
        note: "\u201cit\u201d looks at \u201cstreet\u201d. The other way round there is little to see: from \u201cwide\u201d the same head looks mostly at \u201cwas\u201d.",
      },
      "heed-gpt": {
        layer: 2,
        head: 2,
        query: "it",
        key: "street",
        note: "Up to \u201cit\u201d this sentence is the one that ends with \u201ctired\u201d, so heed-gpt\u2019s attention at \u201cit\u201d is the same in both.",
      },
    },
  },
  {
    text: "Apple unveiled a new phone.",
    looks: {
      "heed-bert": {
        layer: 2,
        head: 1,
        query: "apple",
        note: "A firm here, a fruit in the next example: the two vectors of \u201capple\u201d drift apart from layer to layer (cosine 1.00, .944, .799, .736, .775). No single head shows it. \u201cunveiled\u201d falls into three pieces.",
      },
      "heed-gpt": {
        layer: 2,
        head: 2,
        query: "apple",
        note: "\u201cApple\u201d stands first, and a token sees nothing after itself: to heed-gpt it is the same here as in \u201cApple pie\u201d.",
      },
    },
  },
  {
    text: "Apple pie is delicious.",
    looks: {
      "heed-bert": {
        layer: 2,
        head: 1,
        query: "apple",
        note: "Put [MASK] for \u201cApple\u201d: heed-bert guesses \u201capple\u201d with 46 %. For the firm that unveils a phone it guesses \u201ca\u201d, and \u201capple\u201d with less than 1 %.",
      },
      "heed-gpt": {
        layer: 2,
        head: 2,
        query: "apple",
        note: "\u201cApple\u201d stands first, and a token sees nothing after itself: to heed-gpt it is the same here as in \u201cApple unveiled\u201d.",
      },
    },
  },
  {
    text: "It is in this spirit that a majority of American governments have passed new laws since 2009 making the registration or voting process more difficult.",
    looks: {
      "heed-bert": {
        layer: 2,
        head: 3,
        query: "making",
        key: "difficult",
        note: "\u201cmaking\u201d looks at \u201cdifficult\u201d, seven tokens on, and a little at \u201cmore\u201d. One direction only: from \u201cdifficult\u201d nothing comes back.",
      },
      "heed-gpt": {
        layer: 2,
        head: 2,
        query: "difficult",
        key: "making",
        note: "heed-gpt shows nothing of \u201cmaking \u2026 more difficult\u201d.",
      },
    },
  },
  {
    text: "The Law will never be perfect, but its application should be just.",
    looks: {
      "heed-bert": {
        layer: 1,
        head: 1,
        query: "its",
        key: "law",
        note: "\u201cits\u201d looks at \u201claw\u201d. An easy case: nothing else in the sentence could be meant, and on unseen owners heed-bert is no better than a simple rule.",
      },
      "heed-gpt": {
        layer: 2,
        head: 0,
        query: "its",
        key: "law",
        note: "L2H0 looks at \u201cLaw\u201d here. That is one sentence: it was not measured on others, so it is no claim.",
      },
    },
  },
  {
    text: "The cat, which was happily chasing all the dogs down the street, was finally tired.",
    looks: {
      "heed-bert": {
        layer: 3,
        head: 2,
        query: "was",
        nth: 2,
        key: "cat",
        note: "heed-bert fails to show it: no head leads well from the second \u201cwas\u201d to \u201ccat\u201d. Hide \u201cwas\u201d, and the guess is right all the same.",
      },
      "heed-gpt": {
        layer: 2,
        head: 2,
        query: ",",
        nth: 2,
        key: "cat",
        note: "At the comma heed-gpt must guess the verb, and looks back at \u201ccat\u201d, past the dogs: so it says \u201cwas\u201d, not \u201cwere\u201d.",
      },
    },
  },
  {
    text: "Your journey starts with one step",
    looks: {
      "heed-bert": {
        layer: 1,
        head: 2,
        query: "journey",
        note: "Nothing but heads for the words beside a word.",
      },
      "heed-gpt": {
        layer: 2,
        head: 2,
        query: "step",
        note: "The likeliest next token is \u201cs\u201d, for \u201csteps\u201d; what it would write after that is nonsense.",
      },
    },
  },
  {
    text: "The quick brown fox jumps over the lazy dog",
    looks: {
      "heed-bert": {
        layer: 1,
        head: 2,
        query: "fox",
        note: "Only heads that go by position show here: L1H2 looks at the token before, L2H2 at the token after.",
      },
      "heed-gpt": {
        layer: 0,
        head: 3,
        query: "fox",
        note: "Only heads that go by position show here: L0H3 often looks at the token before.",
      },
    },
  },
  {
    text: "Every effort moves you",
    looks: {
      "heed-bert": {
        layer: 2,
        head: 2,
        query: "effort",
        note: "Nothing in particular: L2H2 looks at the token after.",
      },
      "heed-gpt": {
        layer: 2,
        head: 2,
        query: "you",
        note: "heed-gpt has no sensible continuation: the likeliest next token is the end of the text, with under 2 %.",
      },
    },
  },
];
