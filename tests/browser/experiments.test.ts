// The experiments on the models themselves, without a browser: the numbers are those on the models' cards.

import { beforeAll, describe, expect, test } from "@jest/globals";
import { withWord, wordPlace } from "../../web/panels/edit_word.ts";
import {
  compareAt,
  cosinesOf,
  sharedWords,
  shuffled,
  shuffleWords,
  totalVariation,
  tryEachHead,
  weightsAt,
} from "../../web/panels/experiments.ts";
import { eachHead, type Trial } from "../../web/panels/each_head.ts";
import { toggled } from "../../web/panels/head_switches.ts";
import { roads } from "../../web/panels/roads.ts";
import { createLocalRunner } from "../../web/runner/local.ts";
import type { RunData } from "../../web/runner/run_data.ts";
import type { RunRequest } from "../../web/runner/runner.ts";
import { AS_TRAINED, DEFAULT_STATE } from "../../web/state.ts";
import { chosenIn, isStanding, worthLooking } from "../../web/reading/worth.ts";

const [IT, ANIMAL] = [10, 2];
const request: RunRequest = { model: "heed-bert", text: DEFAULT_STATE.text, pair: "", whatIf: AS_TRAINED };
const gpt: RunRequest = { ...request, model: "heed-gpt" };

const runner = createLocalRunner(async () => (await import("heed/models")).loadModel);
const ask = runner.run;

/** The same every time. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}

beforeAll(async () => {
  await runner.load("heed-bert");
  await runner.load("heed-gpt");
});

describe("every probability at a position", () => {
  test("sums to 1, agrees with the predictions, and comes only where it was asked for", async () => {
    for (const each of [request, gpt]) {
      const run = await ask({ ...each, position: 3 });
      expect(run.distribution?.length).toBe(8000);
      expect(run.distribution?.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5);
      for (const { id, probability } of run.predictions[3] ?? [])
        expect(run.distribution?.[id]).toBeCloseTo(probability, 6);
      expect((await ask(each)).distribution).toBeUndefined();
      expect((await ask({ ...each, position: 99 })).distribution).toBeUndefined();
    }
  });

  test("two runs compared: by token, and by how much of the probability moved", async () => {
    const before = await ask({ ...request, position: IT });
    expect(compareAt(before, before, IT)).toMatchObject({ distance: 0, first: { token: "animal" } });
    const whatIf = { ...AS_TRAINED, ablated: [[1, 3]] as const };
    const changed = compareAt(before, await ask({ ...request, position: IT, whatIf }), IT);
    expect(changed?.first).toMatchObject({ token: "animal", before: expect.closeTo(0.996, 3) });
    expect(changed?.last.token).toBe("street");
    expect(compareAt(before, await ask(request), IT)).toBeUndefined();
    expect(totalVariation(Float32Array.of(0.5, 0.5, 0), Float32Array.of(0, 0.5, 0.5))).toBe(0.5);
  });
});

describe("which head does it", () => {
  test("the head that looks changes almost nothing; the one that matters looks elsewhere", async () => {
    const told: number[] = [];
    const effects = await tryEachHead(ask, request, {
      position: IT,
      onProgress: (done) => told.push(done),
    });
    expect(told).toEqual(Array.from({ length: 16 }, (_, i) => i + 1));
    const weights = weightsAt(await ask(request), { row: IT, col: ANIMAL });
    expect(weights.indexOf(Math.max(...weights))).toBe(2 * 4 + 1);
    expect(weights[2 * 4 + 1]).toBeGreaterThan(0.999);

    const looks = effects.find(({ layer, head }) => layer === 2 && head === 1);
    expect(looks?.distance).toBeCloseTo(0.0104, 3);
    expect(looks?.first).toMatchObject({ token: "animal", after: expect.closeTo(0.986, 3) });

    const [most] = effects;
    expect(most).toMatchObject({ layer: 1, head: 3, last: { token: "street" } });
    expect(most?.distance).toBeCloseTo(0.693, 2);
    expect(most?.first.after).toBeCloseTo(0.304, 2);
    expect(weights[1 * 4 + 3]).toBeLessThan(0.01);

    const distances = effects.map(({ distance }) => distance);
    expect(distances).toEqual([...distances].sort((a, b) => b - a));
    expect(new Set(effects.map(({ layer, head }) => 4 * layer + head)).size).toBe(16);
  });

  test("stops when it is told to", async () => {
    const stop = new AbortController();
    const tried = tryEachHead(ask, request, {
      position: IT,
      signal: stop.signal,
      onProgress: () => stop.abort(),
    });
    await expect(tried).rejects.toMatchObject({ name: "AbortError" });
  });
});

describe("every head tried for a panel", () => {
  /** What each head does is of no matter here: as if none did anything. */
  const trial = async (more: Partial<RunRequest> = {}): Promise<Trial> => {
    const trained = await ask({ ...request, ...more, position: IT });
    const answer = (): Promise<RunData> => Promise.resolve(trained);
    return { ask: answer, trained, cell: { row: IT, col: ANIMAL }, state: { model: "heed-bert" } };
  };

  test("is of the question that was asked: another word to look at and other switches leave it", async () => {
    const [each, asked] = [eachHead(), await trial()];
    expect(each.follow(asked)).toBe(false);
    expect(await each.ask(asked, () => {})).toBe(true);
    expect(each.effects?.length).toBe(16);
    expect(each.follow({ ...asked, cell: { row: IT, col: 5 } })).toBe(false);
    expect(each.follow(await trial())).toBe(false);
    expect(each.effects?.length).toBe(16);
  });

  test.each([
    ["another word", async (asked: Trial) => ({ ...asked, cell: { row: 5, col: ANIMAL } })],
    ["another text", () => trial({ text: "A cat sat there because it was too tired, it said." })],
    ["another second sentence", () => trial({ pair: "It slept." })],
    ["another model", async (asked: Trial) => ({ ...asked, state: { model: "heed-gpt" } })],
  ])("is dropped for %s, whether under way or done", async (_, other) => {
    const [each, asked] = [eachHead(), await trial()];
    const next = await other(asked);
    const told: number[] = [];
    const underWay = each.ask(asked, (done) => {
      told.push(done);
      if (done === 2) expect(each.follow(next)).toBe(true);
    });
    expect(await underWay).toBe(false);
    expect([told, each.effects]).toEqual([[1, 2], undefined]);
    await each.ask(asked, () => {});
    expect(each.follow(next)).toBe(true);
    expect(each.effects).toBeUndefined();
  });

  test("fails aloud only for who still follows it, and can be asked again", async () => {
    const [each, asked] = [eachHead(), await trial()];
    const failing = { ...asked, ask: () => Promise.reject(new Error("gone")) };
    await expect(each.ask(failing, () => {})).rejects.toThrow("gone");
    const left = each.ask(failing, () => {});
    each.stop();
    expect(await left).toBe(false);
    expect(await each.ask(asked, () => {})).toBe(true);
  });
});

describe("the words shuffled", () => {
  test("without positions heed-bert's attention goes with its words", async () => {
    for (const seed of [1, 2, 3]) {
      const result = await shuffleWords(ask, request, randomFrom(seed));
      // Sums in another order round otherwise: a few units in the last place of a float32.
      expect(result?.positionsOff.largest).toBeLessThan(2e-6);
      expect(result?.positionsOn.largest).toBeGreaterThan(0.5);
      expect(result?.unmasked).toBeUndefined();
      expect(result?.text.split(" ").sort()).toEqual(request.text.split(" ").sort());
    }
  });

  test("heed-gpt's does not, for its mask tells order; without the mask it does", async () => {
    const result = await shuffleWords(ask, gpt, randomFrom(1));
    expect(result?.positionsOff.largest).toBeGreaterThan(0.5);
    expect(result?.unmasked?.largest).toBeLessThan(2e-6);
  });

  test("every token has its own place, and what can't be shuffled is told", async () => {
    const run = await ask(request);
    const { places } = shuffled(run, randomFrom(5)) ?? {};
    expect([...(places ?? [])].sort((a, b) => a - b)).toEqual([...run.tokens.keys()]);
    expect([places?.[0], places?.[15]]).toEqual([0, 15]);
    for (const text of ["Animal", "dog dog dog", ""])
      expect(await shuffleWords(ask, { ...request, text }, randomFrom(1))).toBeUndefined();
  });
});

describe("one word in two sentences", () => {
  const cosines = async (model: string, second = "Apple pie is delicious."): Promise<number[]> => {
    const [a, b] = await Promise.all(
      ["Apple unveiled a new phone.", second].map((text) => ask({ ...request, model, text })),
    );
    if (!a || !b) throw new Error("no runs");
    const words = sharedWords(a, b);
    expect(words.map(({ text }) => text)).toEqual(["Apple"]);
    return words.flatMap((word) => cosinesOf(a, b, word));
  };

  test("the two apples of heed-bert part layer by layer", async () => {
    expect((await cosines("heed-bert")).map((value) => value.toFixed(3))).toEqual([
      "1.000",
      "0.944",
      "0.799",
      "0.736",
      "0.775",
    ]);
  });

  test.each(["heed-bert", "heed-gpt"])(
    "at another place the one of %s does not begin at 1",
    async (model) => {
      expect((await cosines(model, "Tired of phones, Apple bakes pie."))[0]).toBeLessThan(0.95);
    },
  );

  test("those of heed-gpt can't: nothing stands before them", async () => {
    for (const value of await cosines("heed-gpt")) expect(value).toBeCloseTo(1, 6);
  });
});

test("the roads of Table 1, with numbers", () => {
  expect(
    roads(16, 128).map(({ operations, sequential, longest }) => [operations, sequential, longest]),
  ).toEqual([
    [16 * 16 * 128, 1, 1],
    [16 * 128 * 128, 16, 16],
    [3 * 16 * 128 * 128, 1, 3],
  ]);
  // Logarithms say log₃ 243 = 4.999… or 5.000…1; the road is five layers long, and one more beyond it.
  expect([1, 3, 4, 243, 244].map((n) => roads(n, 1)[2]?.longest)).toEqual([1, 1, 2, 5, 6]);
});

describe("a word of the text", () => {
  test("is replaced, masked or deleted with one of its spaces", async () => {
    const run = await ask(request);
    const place = (token: number) => wordPlace(run, token)!;
    expect(place(IT)).toMatchObject({ text: "it", sequence: "text" });
    expect(withWord(run, place(IT), "[MASK]").text).toBe(request.text.replace(" it ", " [MASK] "));
    expect(withWord(run, place(IT), "").text).toBe(request.text.replace(" it ", " "));
    expect(withWord(run, place(1), "").text).toBe(request.text.slice("The ".length));
    expect(wordPlace(run, 0)).toBeUndefined();
    const masked = await ask({ ...request, text: "A [MASK] dog." });
    expect(withWord(masked, wordPlace(masked, 2)!, "big").text).toBe("A big dog.");
  });

  test("without the space that a byte-level token begins with, and of the second sentence", async () => {
    const run = await ask(gpt);
    expect(wordPlace(run, 1)).toMatchObject({ text: "animal", start: 4, end: 10 });
    expect(withWord(run, wordPlace(run, 1)!, "").text).toBe(request.text.replace("animal ", ""));
    const pair = await ask({ ...request, text: "A dog.", pair: "A cat." });
    const cat = pair.tokens.findIndex(({ text }) => text === "cat");
    expect(withWord(pair, wordPlace(pair, cat)!, "cow")).toEqual({ pair: "A cow." });
  });

  test("keeps what was too long for the model", async () => {
    const text = "The quick brown fox jumps over the lazy dog. ".repeat(30);
    const run = await ask({ ...request, text });
    expect(run.leftOut).not.toBe("");
    expect(withWord(run, wordPlace(run, 2)!, "slow").text).toBe(text.replace("quick", "slow"));
  });
});

test("a head turned off twice is on", () => {
  const off = toggled([[0, 1]], 2, 1);
  expect(off).toEqual([
    [0, 1],
    [2, 1],
  ]);
  expect(toggled(off, 2, 1)).toEqual([[0, 1]]);
});

describe("where to look in a sentence that nobody has spoken of", () => {
  const pairIn = async (text: string, model = "heed-bert", head = 1): Promise<string[]> => {
    const run = await ask({ ...request, model, text });
    const { row, col } = worthLooking({ run, state: { ...DEFAULT_STATE, layer: 2, heads: [head] } });
    return [row, col].map((token) => run.tokens[token]?.text ?? "");
  };

  test("a pronoun\u2019s strongest pair; without one the strongest pair of two words", async () => {
    expect(await pairIn(DEFAULT_STATE.text)).toEqual(["it", "animal"]);
    const [pronoun, meant] = await pairIn("My sister gave her dog a bone because she loves him.");
    expect(["she", "her", "him"]).toContain(pronoun);
    expect(meant).toBe("sister");
    const words = await pairIn("Dogs, cats and mice: all unveiled!");
    expect(words.every((word) => /\p{L}/u.test(word) && !word.startsWith("["))).toBe(true);
    expect(new Set(words).size).toBe(2);
    expect(await pairIn(DEFAULT_STATE.text, "heed-gpt", 2)).toEqual(["\u0120it", "\u0120animal"]);
  });

  test("of signs alone, or of one word, some cell that is there", async () => {
    for (const text of ["?!", "Dog", "."]) {
      const run = await ask({ ...request, text });
      const { row, col } = worthLooking({ run, state: DEFAULT_STATE });
      expect(Math.max(row, col)).toBeLessThan(run.tokens.length);
    }
  });

  test("a chosen word stands through edits elsewhere, and through its own", async () => {
    const run = await ask(request);
    const chosen = chosenIn(run, IT);
    const standsIn = async (text: string, row = IT): Promise<boolean> =>
      isStanding(chosen, chosenIn(await ask({ ...request, text }), row), text);
    expect(chosen.word).toBe("it");
    expect(await standsIn("The animal was sad because it was too tired.", 6)).toBe(true);
    expect(await standsIn("The animal didn't cross the street because [MASK] was too tired.")).toBe(true);
    expect(await standsIn("The animal didn't cross the street because was too tired.")).toBe(true);
    expect(await standsIn("My sister gave her dog a bone because she loves him.")).toBe(false);
    const alone = chosenIn(await ask({ ...request, text: "Dog" }), 1);
    expect(isStanding(alone, { before: "", word: "cat", after: "" }, "Cat")).toBe(false);
  });
});
