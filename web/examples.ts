// The ten sentences, and where to look in each. What is to be seen there is said in strings/.
import type { ModelName } from "./runner/run_data.ts";

export interface Look {
  readonly layer: number;
  readonly head: number;
  /** Token texts, in lower case; `nth` counts from 1 where the query occurs more than once. */
  readonly query: string;
  readonly nth?: number;
  readonly key?: string;
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
      },
      "heed-gpt": {
        layer: 2,
        head: 2,
        query: "it",
        key: "animal",
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
      },
      "heed-gpt": {
        layer: 2,
        head: 2,
        query: "it",
        key: "street",
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
      },
      "heed-gpt": {
        layer: 2,
        head: 2,
        query: "apple",
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
      },
      "heed-gpt": {
        layer: 2,
        head: 2,
        query: "apple",
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
      },
      "heed-gpt": {
        layer: 2,
        head: 2,
        query: "difficult",
        key: "making",
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
      },
      "heed-gpt": {
        layer: 2,
        head: 0,
        query: "its",
        key: "law",
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
      },
      "heed-gpt": {
        layer: 2,
        head: 2,
        query: ",",
        nth: 2,
        key: "cat",
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
      },
      "heed-gpt": {
        layer: 2,
        head: 2,
        query: "step",
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
      },
      "heed-gpt": {
        layer: 0,
        head: 3,
        query: "fox",
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
      },
      "heed-gpt": {
        layer: 2,
        head: 2,
        query: "you",
      },
    },
  },
];
