// The arithmetic of the lesson's hand-made figures, its formulas and its address, without a browser.

import { describe, expect, test } from "@jest/globals";
import { withFormulas } from "../../web/lesson/article.mjs";
import { LONGEST, readPlace, writePlace } from "../../web/lesson/address.ts";
import { contextsOf } from "../../web/lesson/figures/concat.ts";
import { lookup } from "../../web/lesson/figures/lookup.ts";
import { remaining, wordsOf } from "../../web/lesson/figures/memory.ts";
import { partsOf } from "../../web/lesson/figures/mix.ts";
import { normal } from "../../web/lesson/figures/normal.ts";
import { softmax } from "../../web/lesson/figures/softmax.ts";
import { largestShare, LENGTHS, sample, spreadOf } from "../../web/lesson/figures/spread.ts";
import { angleBetween, dot } from "../../web/lesson/figures/vectors.ts";
import { homeFragment } from "../../web/lesson/home_links.ts";
import { twins } from "../../web/lesson/looking.ts";
import type { RunData } from "../../web/runner/run_data.ts";
import { DEFAULT_STATE } from "../../web/state.ts";
import { pageEnglish } from "../../web/strings/page.ts";

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

describe("softmax", () => {
  test("is the textbook's", () => {
    const shares = softmax([2, 1, 0, -1]);
    expect(shares.map((share) => Number(share.toFixed(4)))).toEqual([0.6439, 0.2369, 0.0871, 0.0321]);
    expect(sum(shares)).toBeCloseTo(1, 15);
  });

  test("only differences count, and nothing overflows", () => {
    expect(softmax([1002, 1001])).toEqual(softmax([2, 1]));
  });

  test("what is hidden gets exactly nothing, and so do all where all are hidden", () => {
    expect(softmax([0, -Infinity, 0])).toEqual([0.5, 0, 0.5]);
    expect(softmax([-Infinity, -Infinity])).toEqual([0, 0]);
  });
});

describe("soft database", () => {
  const { rows } = pageEnglish.lesson.lookup;
  test("is hard when cold and even when hot", () => {
    const cold = lookup([1, 1], rows, 0.005);
    expect(cold.answer).toBeCloseTo(2, 10);
    expect(cold.weights[0]).toBeCloseTo(1, 10);
    const hot = lookup([1, 1], rows, 1e9);
    hot.weights.forEach((weight) => expect(weight).toBeCloseTo(1 / 4, 8));
    expect(hot.answer).toBeCloseTo((2 + 1 + 0.5 + 3) / 4, 8);
  });

  test("the best fit's share falls as the temperature rises", () => {
    const best = [0.01, 0.1, 1, 10].map((temperature) => lookup([1, 1], rows, temperature).weights[0] ?? 0);
    expect(best).toEqual([...best].sort((a, b) => b - a));
    expect(new Set(best).size).toBe(best.length);
  });
});

test("dot products and angles", () => {
  expect(dot([3, 1], [2, 2])).toBe(8);
  expect(angleBetween([1, 0], [0, 2])).toBeCloseTo(90, 12);
  expect(angleBetween([1, 1], [-2, -2])).toBeCloseTo(180, 5);
  expect(angleBetween([0, 0], [1, 1])).toBeUndefined();
});

describe("spread of dot products", () => {
  const dots = sample(2017);

  test("grows as the square root of the length", () => {
    // The standard error of a spread of 1,000 products of 125 queries: at most 6 % at length 1, falling with it.
    LENGTHS.forEach((length, i) => {
      expect(Math.abs(spreadOf(dots[i]!) / Math.sqrt(length) - 1)).toBeLessThan(0.2);
    });
    expect(Math.abs(spreadOf(dots.at(-1)!) / 32 - 1)).toBeLessThan(0.08);
  });

  test("undivided, a softmax of them gives nearly all to one; divided, it does not depend on the length", () => {
    expect(largestShare(dots.at(-1)!, 1)).toBeGreaterThan(0.9);
    const [short, long] = [largestShare(dots[6]!, 8), largestShare(dots.at(-1)!, 32)];
    expect(Math.abs(short - long)).toBeLessThan(0.05);
    expect(long).toBeLessThan(0.5);
  });

  test("the same seed, the same numbers; another, others", () => {
    const differing = (seed: number): number =>
      sample(seed).filter((values, i) => values.some((value, j) => value !== dots[i]![j])).length;
    expect(differing(2017)).toBe(0);
    expect(differing(2018)).toBe(LENGTHS.length);
  });

  test("normal numbers have mean 0 and variance 1", () => {
    const next = normal(1);
    const values = Array.from({ length: 20000 }, next);
    // Standard errors: 0.007 and 0.01.
    expect(Math.abs(sum(values) / values.length)).toBeLessThan(0.03);
    expect(Math.abs(sum(values.map((value) => value ** 2)) / values.length - 1)).toBeLessThan(0.04);
  });
});

test("a state keeps of a word what every later step keeps", () => {
  expect(remaining(3, 0.5)).toEqual([0.25, 0.5, 1]);
  expect(remaining(0, 0.5)).toEqual([]);
  expect(remaining(11, 0.8)[0]).toBeCloseTo(0.107, 3);
  expect(wordsOf(" The animal\tdidn't\n")).toEqual(["The", "animal", "didn't"]);
});

describe("parts of a context vector", () => {
  const weights = [0.1, 0.5, 0.05, 0.3, 0.05];
  const values = Float32Array.from({ length: 10 }, (_, i) => Math.sin(i));
  const whole = [0, 1].map((i) => sum(weights.map((weight, token) => weight * values[2 * token + i]!)));

  test.each([2, 3, 5, 9])("at most %i, and they add up to the whole", (most) => {
    const parts = partsOf(weights, values, most);
    expect(parts.length).toBe(Math.min(most, weights.length));
    expect(parts[0]?.tokens).toEqual([1]);
    expect(parts.flatMap(({ tokens }) => tokens).sort()).toEqual([0, 1, 2, 3, 4]);
    [0, 1].forEach((i) => {
      expect(sum(parts.map(({ weight, value }) => weight * value[i]!))).toBeCloseTo(whole[i]!, 6);
    });
  });

  test("what has no weight is no number either", () => {
    expect(partsOf([1, 0, 0], new Float32Array(3), 2)[1]).toEqual({
      tokens: [1, 2],
      weight: 0,
      value: new Float32Array(1),
    });
  });
});

test("all heads' contexts of a token, in the order of the heads", () => {
  const run = {
    tokens: [{}, {}, {}],
    numHeads: 2,
    headDim: 2,
    vectors: { context: Float32Array.from({ length: 24 }, (_, i) => i) },
  } as unknown as RunData;
  expect(contextsOf(run, 1, 2).map((values) => [...values])).toEqual([
    [16, 17],
    [22, 23],
  ]);
});

describe("address", () => {
  const usual = DEFAULT_STATE.text;
  test.each([
    ["", "#softmax"],
    ["", ""],
  ])("a section alone is a link as HTML makes it", (_, hash) => {
    expect(writePlace(readPlace(hash))).toBe(hash);
  });

  test.each(["A & b = c # 100 %", "\u05e9\u05dc\u05d5\u05dd", "\u{1f642} + +", "", "text=1"])(
    "the sentence %j comes back, with and without a section",
    (text) => {
      for (const section of ["", "one-head"]) {
        expect(readPlace(writePlace({ section, text }))).toEqual({ section, text });
      }
    },
  );

  test("the usual sentence is not written; a longer one than any is cut; nonsense is no section", () => {
    expect(writePlace({ section: "", text: usual })).toBe("");
    expect(readPlace(`#text=${"a".repeat(9999)}`).text).toHaveLength(LONGEST);
    expect(readPlace("#%E0%A4%A")).toEqual({ section: "", text: undefined });
  });

  test("a sentence is said as in every link, and links from before links had a version are read", () => {
    expect(writePlace({ section: "softmax", text: "A dog." })).toBe("#softmax&text=A+dog.&v=1");
    expect(readPlace("#softmax&text=A+dog.")).toEqual({ section: "softmax", text: "A dog." });
    expect(readPlace("#text=A+dog.")).toEqual({ section: "", text: "A dog." });
    expect(readPlace("#view=heads&text=A+dog.&v=1")).toEqual({ section: "", text: "A dog." });
  });
});

describe("formulas", () => {
  test("become MathML without styles or scripts, on one line with what follows", () => {
    const html = withFormulas('so <math data-tex="\\sqrt{d_k}"></math>, and', "");
    expect(html).toMatch(/^so <span class="unbroken"><math>.*<msqrt>.*<\/math>,<\/span> and$/);
    const block = withFormulas(
      '<math display="block" data-tex="a &lt; b \\begin{cases} 0 \\\\ 1 \\end{cases}"></math>',
      "F&amp;rmula",
    );
    expect(block).toMatch(/ aria-label="F&amp;rmula"><math display="block"/);
    expect(block).not.toMatch(/style=|<script/);
  });

  test("a formula that can't be read is an error", () => {
    expect(() => withFormulas('<math data-tex="\\frac{1}"></math>', "")).toThrow();
  });
});

test("the main page is given the sentence, and a language that it would not speak by itself", () => {
  expect(homeFragment(DEFAULT_STATE.text, "")).toBe("");
  expect(homeFragment("A dog.", "")).toBe("#text=A+dog.&v=1");
  expect(homeFragment(DEFAULT_STATE.text, "ar")).toBe("#layer=2&heads=1&lang=ar&v=1");
});

test("a token of one model is found in another's by where its letters stand", () => {
  const run = (model: string, tokens: readonly (readonly [number, number])[]): RunData =>
    ({
      model,
      text: "The cat.",
      tokens: tokens.map(([start, end]) => ({ start, end, special: start === end })),
    }) as unknown as RunData;
  const bert = run("bert", [
    [0, 0],
    [0, 3],
    [4, 7],
    [7, 8],
    [8, 8],
  ]);
  const gpt = run("gpt", [
    [0, 3],
    [3, 7],
    [7, 8],
  ]);
  expect([0, 1, 2, 3, 4].map(twins(bert, gpt))).toEqual([-1, 0, 1, 2, -1]);
  expect([0, 1, 2].map(twins(gpt, bert))).toEqual([1, 2, 3]);
});
