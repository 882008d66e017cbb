// The words of the lesson's figures. Its prose is HTML, in web/lesson/<language>/.
import { numbers, share } from "./words.ts";

export const lesson = {
  empty: "Type a sentence above, and the figures come back.",
  /** Keeps minus and figures alike in every place. */
  number: numbers.fixed,
  percent: (value: number) => {
    if (value > 0 && value < 0.0005) return `under ${share(0.001, 1)}`;
    return share(value, value > 0 && value < 0.0995 ? 1 : 0);
  },
  memory: {
    keep: "Each step keeps",
    steps: (steps: number) =>
      steps === 1 ? "One step to read it." : `${steps} steps to read it, each waiting for the one before.`,
    left: (word: string, share: string) => `${word}: ${share} left`,
    bars: "What is left of each word at the end",
    first: (word: string, steps: number, share: string) =>
      `From the first word to the last state: ${steps} steps. Of \u2018\u2068${word}\u2069\u2019 ${share} is left.`,
    direct: "With attention: one step between any two words.",
  },
  lookup: {
    query: "You ask for",
    temperature: "Temperature",
    columns: ["sweet", "crunchy"] as readonly [string, string],
    food: "food (entry)",
    key: (name: string) => `key: ${name}`,
    value: "value: price",
    fit: "fit q \u00b7 k",
    weight: "weight",
    rows: [
      { name: "apple", key: [0.8, 0.9], value: 2 },
      { name: "banana", key: [0.9, 0.1], value: 1 },
      { name: "carrot", key: [0.3, 1], value: 0.5 },
      { name: "bread", key: [0.1, 0.3], value: 3 },
    ] as readonly {
      readonly name: string;
      readonly key: readonly [number, number];
      readonly value: number;
    }[],
    cell: (food: string, column: string) => `${food}, ${column}`,
    answer: (price: string) => `Answer: ${price}`,
    hard: (name: string) => `A hard lookup: \u2018${name}\u2019 takes all.`,
    mostly: (name: string, share: string) => `Mostly \u2018${name}\u2019, with ${share}.`,
    mixed: (name: string, share: string) => `A mixture; \u2018${name}\u2019 has the most, ${share}.`,
  },
  vectors: {
    query: "query q",
    key: "key k",
    right: (name: string) => `${name}, right`,
    up: (name: string) => `${name}, up`,
    picture: (q: string, k: string) => `Two arrows from one point: q to ${q}, k to ${k}`,
    product: (parts: string, sum: string) => `q \u00b7 k = ${parts} = ${sum}`,
    angle: (degrees: string) => `Angle between them: ${degrees}\u00b0.`,
    noAngle: "One arrow has no length, so there is no angle.",
    verdict: {
      same: "They fit.",
      none: "They have nothing to say to each other.",
      opposite: "They point apart.",
    },
  },
  spread: {
    length: "Length of the lists, d",
    seed: "Seed",
    scaled: "divided by \u221ad",
    raw: "as they are",
    plot: "Spread of the dot products against the length of the lists",
    axisX: "length of the lists",
    axisY: "spread",
    measured: (d: string, raw: string, root: string, scaled: string) =>
      `At length ${d}: measured spread ${raw}, theory ${root}; divided, ${scaled}.`,
    shares: (kind: string) => `Softmax of eight scores, ${kind}`,
    largest: (kind: string, share: string) => `${kind}: the largest of eight takes ${share} on average.`,
    key: (i: number) => `key ${i}`,
  },
  softmax: {
    score: (name: string) => `Score of ${name}`,
    hide: (name: string) => `hide ${name}`,
    names: ["a", "b", "c", "d"] as readonly [string, string, string, string],
    plus: "Add 1 to every score",
    minus: "Take 1 from every score",
    reset: "Begin again",
    table: { word: "entry", score: "score s", exp: "e\u02e2", share: "share" },
    sum: "sum",
    hidden: "\u2212\u221e",
    all: "Every entry is hidden: there is nothing to share out.",
  },
  mix: {
    value: (word: string) => `value of \u2068${word}\u2069`,
    rest: (count: number) => (count === 1 ? "one other token" : `${count} other tokens`),
    context: (word: string) => `context of \u2068${word}\u2069`,
    times: (weight: string) => `\u00d7 ${weight}`,
    caption: (word: string) => `What \u2018\u2068${word}\u2069\u2019 takes, and what it adds up to`,
    legend: (most: string) => `Colours: \u2212${most} light blue, 0 dark, ${most} yellow.`,
  },
  concat: {
    choose: "Word",
    head: (head: number) => `head ${head}`,
    strip: (head: number, word: string) => `Head ${head}: 32 numbers for ${word}`,
    caption: (count: number, each: number) => `${count} heads \u00d7 ${each} numbers = ${count * each}`,
  },
};
