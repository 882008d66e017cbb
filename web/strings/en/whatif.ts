// What the panels of "What if?" say. Numbers in sentences are always those just measured.
import { ALMOST_NOTHING, type Lesson } from "../../panels/experiments.ts";
import type { LayerKind } from "../../panels/roads.ts";
import { count, numbers, plural, quoted } from "./words.ts";
const { percent } = numbers;
const head = (layer: number, index: number): string => `L${layer}H${index}`;
const root = (width: number): string => `\u221a${width} \u2248 ${Math.sqrt(width).toFixed(2)}`;

export const whatif = {
  quoted,
  percent,
  head,
  title: "What if?",
  intro:
    "Every switch runs the model again, with that one thing about it changed. Nothing here is drawn from memory: each number comes from such a run.",
  failed: (message: string) => `This could not be computed: ${message}`,
  working: "Computing \u2026",
  long: "This text is too long for that: whole matrices are needed. Shorten it.",
  onlyOneText:
    "Shuffling, distances between words, two sentences and attention followed through all layers are for one text that looks at itself: choose the encoder for them. A decoder looks at two texts, and between them none of these is defined.",

  switches: {
    title: "Switches",
    trained: "as trained",
    on: "on",
    off: "off",
    causal: {
      legend: "Causal mask: hide the future",
      said: (isCausal: boolean, wasCausal: boolean): string =>
        isCausal === wasCausal
          ? isCausal
            ? "As trained: no token sees what comes after it."
            : "As trained: every token sees all others, before and after it."
          : isCausal
            ? "Changed: no token sees what comes after it any more, which this model never had to do without."
            : "Changed: every token now sees what comes after it, which this model was never trained to use.",
    },
    scaled: {
      legend: "Divide by \u221ad\u2096",
      said: (isScaled: boolean, width: number) =>
        isScaled
          ? `As trained: products are divided by ${root(width)}.`
          : `Changed: products go into the softmax ${Math.sqrt(width).toFixed(2)} times as large, for nothing divides them by ${root(width)}. So it sharpens.`,
    },
    temperature: {
      label: "Temperature of the softmax",
      said: (temperature: number) =>
        temperature === 1
          ? "As trained: 1."
          : temperature > 1
            ? `Changed: scores are divided by ${temperature.toFixed(2)}, which evens the rows out.`
            : `Changed: scores are divided by ${temperature.toFixed(2)}, which sharpens the rows.`,
    },
    positions: {
      legend: "Positions",
      said: (isOn: boolean, isCausal: boolean): string =>
        isOn
          ? "As trained: each token knows where it stands."
          : isCausal
            ? "Changed: nothing tells a token where it stands, but for how much it may see."
            : "Changed: the text is a bag of words now; nothing tells which comes first.",
    },
    entropy: (before: number, after: number) =>
      `On average over all heads, a row\u2019s attention had ${before.toFixed(2)} bits of entropy; with the switches it has ${after.toFixed(2)}.`,
    entropySame: (before: number) =>
      `Everything is as trained. On average over all heads, a row\u2019s attention has ${before.toFixed(2)} bits of entropy.`,
  },

  heads: {
    title: "Turn heads off",
    intro: "A head that is off adds nothing: its context is zeroed before the output projection.",
    grid: "Heads: rows are layers, columns heads; pressed is on",
    column: (index: number) => `H${index}`,
    row: (layer: number) => `L${layer}`,
    isOn: "on",
    isOff: "off",
    alone: (layer: number, index: number) => `Only ${head(layer, index)}`,
    all: "All on",
    said: (off: readonly string[], count: number) =>
      off.length === 0
        ? "All heads are on."
        : off.length === count
          ? "All heads are off: what is left is what each token says by itself."
          : off.length > count / 2
            ? `${off.length} of ${count} heads are off.`
            : `Off: ${off.join(", ")}.`,
  },

  word: {
    title: (word: string) => `Change ${quoted(word)}`,
    none: "The chosen token stands in no text: choose a word.",
    replace: "Another word",
    put: "Put it there",
    delete: "Delete",
    mask: "Mask",
    maskWhy: "Masked, it is for the model to guess.",
  },

  /** Beside a title that is folded. */
  about: {
    shuffle: "Does order matter to attention? Try it.",
    two: "What it means changes from sentence to sentence, layer by layer.",
    road: "How far one word is from another, in steps.",
    rollout: "Where what reaches a word came from, through all layers.",
  },

  picture: {
    reset: "Everything as trained",
    title: (name: string) => `Where ${name} looks`,
    before: "As trained",
    after: "With switches",
    same: (asks: string, { word, share }: Look): string =>
      `${quoted(asks)} looks most at ${quoted(word)}: ${percent(share)}.`,
    said: (asks: string, before: Look, after: Look): string =>
      before.word === after.word
        ? `${quoted(asks)} looks most at ${quoted(before.word)}: ${percent(before.share)} as trained, ${percent(after.share)} now.`
        : `${quoted(asks)} looked most at ${quoted(before.word)}, ${percent(before.share)}; now at ${quoted(after.word)}, ${percent(after.share)}.`,
    off: (name: string) => `${name} is off: nothing that it sees goes on.`,
    /** On narrow screens, in place of where it looks. */
    outcome: (first: string, before: number, after: number, last: string) =>
      `${quoted(first)}: ${percent(before)} \u2192 ${percent(after)}${last === first ? "." : `; likeliest now: ${quoted(last)}.`}`,
    notWhy: "Attention is not explanation.",
  },

  change: {
    title: (word: string) => `The prediction at ${quoted(word)}`,
    titleNext: (word: string) => `The next token after ${quoted(word)}`,
    caption: "Most probable tokens, as trained and with the switches",
    token: "Token",
    before: "As trained",
    after: "With switches",
    difference: "Change",
    points: (change: number) =>
      Math.abs(change) < 0.0005
        ? "\u00b1 0"
        : `${change > 0 ? "+" : "\u2212"}\u00a0${Math.abs(100 * change).toFixed(1)}`,
    same: "Nothing is switched: both columns are the model as trained.",
    said: (distance: number, first: string, before: number, after: number, last: string) =>
      `${distance < ALMOST_NOTHING ? "Almost nothing changed" : distance < 0.1 ? "Little changed" : distance < 0.5 ? "Much changed" : "Nearly another prediction"}: ${percent(distance)} of the probability went to other tokens. ${quoted(first)} had ${percent(before)} and has ${percent(after)}${
        last === first ? "; it is still the likeliest." : `; the likeliest is now ${quoted(last)}.`
      }`,
    measure:
      "How much is measured by the total variation distance: half the sum, over the whole vocabulary, of how much each token\u2019s probability changed.",
    pronoun: "At a pronoun heed-bert names what the pronoun stands for: it was trained to.",
  },

  which: {
    title: "Which head does it?",
    from: "From",
    to: "to",
    ranking: (from: string, to: string) =>
      `Heads by the weight they put from ${quoted(from)} to ${quoted(to)}`,
    weight: "Weight there",
    headName: "Head",
    turnOff: (name: string) => `Turn ${name} off`,
    turnOn: (name: string) => `Turn ${name} on`,
    tryEach: "Try each: turn off every head, one by one",
    trying: (done: number, of: number) => `${done} of ${of} heads tried \u2026`,
    effects: (word: string) => `What turning off each head alone does to the prediction at ${quoted(word)}`,
    moved: "Probability moved",
    answer: "Likeliest then",
    stays: (first: string, after: number) => `${quoted(first)}, ${percent(after)}`,
    more: (count: number) => `Show all ${count}`,
    /** One head is off; `looking`: others that put more than half of their attention on the same pair. */
    without: (one: Verdict, lesson: Lesson, looking: number): string => {
      const fact = `${one.name}, which put ${percent(one.weight)} there, is off: ${quoted(one.first)} goes from ${percent(one.before)} to ${percent(one.after)}${one.last === one.first ? "" : `, and the likeliest is now ${quoted(one.last)}`}.`;
      const others =
        looking === 0
          ? ""
          : ` ${plural(looking, { one: "One other head puts", other: `${looking} other heads put` })} more than half of their attention there too.`;
      return {
        needless: `${fact} Almost nothing changed: the rest of the model carries the answer.${others} So that a head looks there does not explain the answer: attention is not explanation.`,
        needed: `${fact} It hardly looked there, and yet the answer hangs on it: attention is not explanation.`,
        none: fact,
      }[lesson];
    },
    next: "Which head does the answer need in this sentence? Try each.",
    /** `looks`: the head with the greatest weight; `most`: the one whose loss changes most. */
    verdict: (looks: Verdict, most: Verdict, rank: number, count: number, isFew: boolean) => {
      const looking = `${looks.name} puts the greatest weight there, ${percent(looks.weight)}. Turned off, it moves ${percent(looks.distance)} of the probability: ${quoted(looks.first)} goes from ${percent(looks.before)} to ${percent(looks.after)}${looks.last === looks.first ? "" : `, and the likeliest is ${quoted(looks.last)}`}. By what it changes it is number ${rank} of ${count}.`;
      const mattering = `${most.name} changes most: it moves ${percent(most.distance)}, ${quoted(most.first)} falls to ${percent(most.after)}${most.last === most.first ? "" : `, and the likeliest is now ${quoted(most.last)}`}. Its own weight there is ${percent(most.weight)}.`;
      if (looks.name === most.name)
        return `${looking} Here the head that looks is also the one that matters most, which is not always so.`;
      return isFew
        ? `${looking} So the head that seems to explain the answer changes almost nothing: the model answers without it. ${mattering} Attention is not explanation.`
        : `${looking} ${mattering}`;
    },
    sources:
      "Whether attention explains is argued about: Jain and Wallace 2019, \u201cAttention is not Explanation\u201d; Wiegreffe and Pinter 2019, \u201cAttention is not not Explanation\u201d. A head turned off also leaves the others with inputs that they never saw in training.",
    measure:
      "Ordered by the total variation distance between the prediction as trained and without the head: the share of probability that moves to other tokens. It holds for this sentence: in another, or on average over many, a different head may come first.",
  },

  shuffle: {
    title: "Shuffle the words",
    intro:
      "Without positions attention knows no order. Shuffle the words, undo the shuffle in the matrices, and compare with those of the sentence itself.",
    button: "Shuffle",
    shuffled: "Shuffled",
    caption: "Largest difference between two attention weights, over all heads",
    setting: "Setting",
    largest: "Largest",
    mean: "Mean",
    positionsOff: "Positions off",
    positionsOn: "Positions on",
    unmasked: "Positions off, causal mask off",
    zero: "0, up to rounding",
    number: (value: number) => (value === 0 ? "0" : value < 0.0005 ? numbers.power(value) : value.toFixed(3)),
    said: (off: number) =>
      `With positions off, attention shuffles along: no weight differs by more than ${numbers.power(off)}, which is rounding. With positions on, it does not.`,
    causal:
      "Positions off, and still the attention does not shuffle along: the causal mask itself tells order, because a token sees only what stands before it. With the mask off too, the difference is rounding.",
    different: "The attention does not shuffle along here.",
    impossible: "This text can\u2019t be shuffled without its tokens becoming others.",
  },

  two: {
    title: "The same word in two sentences",
    intro:
      "A word\u2019s own vector is the same wherever it stands; before the first layer heed-bert and heed-gpt add to it that of its place, so that the cosine starts at 1 only where both stand at the same place. Then each layer mixes in what its attention found, and two sentences pull the word apart.",
    first: "First sentence",
    second: "Second sentence",
    word: "Word of both",
    none: "The two sentences share no word.",
    caption: (word: string) => `Cosine of the two states of ${quoted(word)}, layer by layer`,
    layer: "After layer",
    embeddings: "embeddings",
    layerName: (layer: number) => String(layer - 1),
    cosine: "Cosine",
    said: (word: string, start: number, least: number, layer: string, end: number) =>
      start - least < 0.0005
        ? `The two states of ${quoted(word)} are the same in every layer: what makes the sentences differ comes after it, and this model reads only what comes before.`
        : `The two states of ${quoted(word)} begin with a cosine of ${start.toFixed(3)}, are furthest apart after layer ${layer} (${least.toFixed(3)}), and end at ${end.toFixed(3)}.`,
    rows: (name: string, word: string) => `Whom ${quoted(word)} looks at in each, by ${name}`,
    picture: (head: string, text: string) =>
      `Attention of ${head} in ${quoted(text)}; the word\u2019s row is framed`,
    difference: "Difference, points",
    /** Of a token that one sentence has and the other has not. */
    absent: "not in it",
    pieces:
      "A word of several tokens counts as the mean of their states; of its rows the first token\u2019s is shown.",
  },

  road: {
    title: "An RNN\u2019s road, and attention\u2019s",
    from: "From",
    to: "to",
    said: (from: string, to: string, steps: number, n: number) =>
      steps === 0
        ? `Choose two different words. An RNN reads the ${n} tokens in ${n} steps, one after the other.`
        : `For ${quoted(to)} to hear of ${quoted(from)}, an RNN carries it through ${steps} ${steps === 1 ? "step" : "steps"}, each of which must wait for the one before and may forget; reading all ${n} tokens takes ${n} steps in sequence. Attention goes there in one, whatever the distance, and all tokens do so at once.`,
    backwards:
      "The second word comes first: an RNN that reads forwards can\u2019t get there at all; one that reads backwards takes as many steps.",
    masked: "With a causal mask attention can\u2019t go there either: a token sees none that comes after it.",
    caption: (n: number, d: number, kernel: number) =>
      `Table 1 of Vaswani et al. 2017, with n = ${n} tokens, d = ${d}, k = ${kernel}`,
    kind: "Layer",
    operations: "Complexity of a layer",
    sequential: "Steps in sequence",
    longest: "Longest path",
    kinds: {
      attention: "Self-attention",
      recurrent: "Recurrent",
      convolutional: "Convolutional",
    } satisfies Record<LayerKind, string>,
    formulas: {
      attention: ["O(n\u00b2\u00b7d)", "O(1)", "O(1)"],
      recurrent: ["O(n\u00b7d\u00b2)", "O(n)", "O(n)"],
      convolutional: ["O(k\u00b7n\u00b7d\u00b2)", "O(1)", "O(log\u2096 n)"],
    } satisfies Record<LayerKind, readonly string[]>,
    value: count,
    orders:
      "Orders of growth, with the numbers of this run put in: not times. Self-attention costs less than recurrence as long as n is smaller than d. The convolution\u2019s path is that of dilated kernels. The paper\u2019s fourth row, self-attention restricted to a neighbourhood, is left out.",
  },

  rollout: {
    title: "Attention rollout",
    intro:
      "One head\u2019s weights say where one layer looks, not where what it found came from. Rollout follows the attention through all layers: in each, the heads\u2019 mean and, for what a token keeps of itself, the identity, half and half; then all layers multiplied (Abnar and Zuidema 2020).",
    limits:
      "It is an estimate from weights alone: values, the feed-forward networks and the output projections are left out of it.",
    picture: "Rollout: rows are where it arrives, columns where it came from",
    legend: (most: string) =>
      `Rows: where it arrives; columns: where it came from. The brightest is ${most}.`,
    unnamed: (tokens: number) =>
      `The names of ${count(tokens)} tokens have no room beside the picture; the table names those that give the chosen one most.`,
    said: (word: string, self: number, other: string, share: number) =>
      `What arrives at ${quoted(word)} comes ${percent(self)} from itself; the largest part of the rest, ${percent(share)}, from ${quoted(other)}.`,
    caption: (word: string) => `Where what arrives at ${quoted(word)} came from`,
    token: "Token",
    share: "Share",
  },
};

/** The word that is looked at most, and the weight there. */
export interface Look {
  readonly word: string;
  readonly share: number;
}

export interface Verdict {
  readonly name: string;
  readonly weight: number;
  readonly distance: number;
  readonly first: string;
  readonly before: number;
  readonly after: number;
  readonly last: string;
}
