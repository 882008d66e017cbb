// What query × key, number by number, says.
import { quoted } from "./words.ts";

export const neuronView = {
  follow: "The query of one word, the key of another",
  query: "Query of",
  key: "Key of",
  sort: "Largest contributions first",
  pair: (query: string, key: string) => `${quoted(query)} and ${quoted(key)}, number by number`,
  rows: { query: "query", key: "key", product: "query \u00d7 key" },
  howTo: {
    mouse:
      "Each column is one number of the query, of the key, and their product. Point at one, or go there with the arrow keys, to read it.",
    touch: "Each column is one number of the query, of the key, and their product. Touch one to read it.",
  },
  /** Read out of a cell. */
  cell: (row: string, channel: number, value: string) => `${row}, number ${channel}: ${value}`,
  said: (query: string, key: string, product: string, score: string, share: string, isMasked: boolean) =>
    `All products together are ${product}; after scale${isMasked ? " and mask" : ""} ${score}; of all its attention ${quoted(query)} gives ${quoted(key)} ${share}.`,
  colors: "Blue is below zero, dark zero, yellow above.",
  most: (channel: number, value: string) => `Number ${channel} contributes most: ${value}.`,
  all: (query: string) => `The query of ${quoted(query)} against every key`,
  byWeight: "Most attention first",
  few: (shown: number, n: number) => `Of ${n} keys the ${shown} with most attention are shown.`,
  columns: {
    token: "Key of",
    key: "k",
    product: "q \u00d7 k",
    sum: "q \u00b7 k",
    score: "score",
    weight: "share",
  },
};
