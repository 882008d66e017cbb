// The numbers behind the picture are those of transformers, on the sentences of the reference.

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { difference, readJson, readTensors } from "../fixtures/read.ts";
import { choose, numbers, ready, startSite, tokensAre, type, type Site, type Visit } from "./site.ts";

type Model = "heed-bert" | "heed-gpt";

/** f16 weights against f32 ones: within 0.0012 by measurement. */
const TOLERANCE = { atol: 2e-3, rtol: 0 };

interface Seed {
  text: string;
  tokens: string[];
}

let site: Site;
let visit: Visit;

beforeAll(async () => {
  site = await startSite();
  visit = await site.open();
  await ready(visit.page);
});

afterAll(async () => {
  await site.close();
  expect(visit.problems).toEqual([]);
});

const seed = (model: Model, i: number): Seed =>
  readJson<Record<string, Seed>>(`models/${model}/reference/seeds.json`)[`seed${i}`] as Seed;

/** As the page spells them: a visible mark for the space that a byte-level token begins with. */
const spelled = (tokens: readonly string[]): string[] =>
  tokens.map((token) => token.replace(/^\u0120/, "\u2423"));

function golden(model: Model, i: number): (layer: number, head: number) => Float32Array {
  const { attentions } = readTensors(`models/${model}/reference/seed${i}.safetensors`);
  const [, heads = 0, n = 0] = attentions?.shape ?? [];
  const size = n * n;
  return (layer, head) =>
    (attentions?.data as Float32Array).subarray(
      (layer * heads + head) * size,
      (layer * heads + head + 1) * size,
    );
}

describe.each(["heed-bert", "heed-gpt"] as const)("%s", (model) => {
  beforeAll(() => choose(visit.page, model));

  test("the animal sentence: every weight of every head", async () => {
    const { page } = visit;
    const { text, tokens } = seed(model, 0);
    expect(text).toBe("The animal didn't cross the street because it was too tired.");
    await page.getByLabel("Type a sentence").fill("");
    await page.getByText("Nothing to read yet").waitFor();
    await type(page, text, spelled(tokens));
    const expected = golden(model, 0);
    for (let layer = 0; layer < 4; layer++) {
      await choose(page, `Layer ${layer}`);
      for (let head = 0; head < 4; head++) {
        await choose(page, new RegExp(`L${layer}H${head}`));
        expect(difference(await numbers(page), expected(layer, head), TOLERANCE)).toBe("");
      }
    }
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8, 9])(
    "example %i: the weights of the head it is shown with",
    async (i) => {
      const { page } = visit;
      const { text, tokens } = seed(model, i);
      await page.getByLabel("or pick one").selectOption(text);
      await tokensAre(page, spelled(tokens));
      const name = (await page.getByRole("grid").getAttribute("aria-label")) ?? "";
      const [, layer, head] = /L(\d)H(\d)/.exec(name) ?? [];
      expect(difference(await numbers(page), golden(model, i)(Number(layer), Number(head)), TOLERANCE)).toBe(
        "",
      );
    },
  );
});

test("the picture's pixels are the scale's colours", async () => {
  const { page } = visit;
  await choose(page, "heed-bert");
  await page.getByLabel("or pick one").selectOption("0");
  await tokensAre(page, seed("heed-bert", 0).tokens);
  const pixels = await page.locator(".plate .cells").evaluate((canvas) => {
    const context = (canvas as HTMLCanvasElement).getContext("2d");
    return Array.from(context?.getImageData(0, 0, 16, 16).data ?? []);
  });
  const pixel = (row: number, col: number) => pixels.slice(4 * (16 * row + col), 4 * (16 * row + col) + 4);
  // it → animal has all the weight, it → street none: cividis' two ends.
  expect(pixel(10, 2)).toEqual([254, 232, 56, 255]);
  expect(pixel(10, 8)).toEqual([0, 34, 78, 255]);
});

test("the products divided by the root of 32 are the scores", async () => {
  const { page } = visit;
  await choose(page, "Products");
  const products = await numbers(page);
  await choose(page, "Scores");
  const scores = await numbers(page);
  expect(
    difference(
      scores,
      products.map((value) => value / Math.sqrt(32)),
      { atol: 1e-4, rtol: 1e-4 },
    ),
  ).toBe("");
  await choose(page, "Masked");
  expect(await numbers(page)).toEqual(scores);
  await choose(page, "Weights");
});
