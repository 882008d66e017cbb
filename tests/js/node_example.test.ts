// examples/node runs, on a folder and on a bundled model, and says what the matrices say.

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "@jest/globals";
import { loadModel } from "heed/models";
import { fixturePath } from "../fixtures/read.js";
import { goldenFiles } from "./models/checkpoint.js";

const text = "The cat sat on the mat.";
const example = (...args: string[]) =>
  promisify(execFile)(process.execPath, [fixturePath("../../examples/node/strongest_head.mjs"), ...args]);

test("names the head that looks most from one word at another", async () => {
  const model = await loadModel(goldenFiles("bert"));
  const run = await model.run(text);
  const [cat, mat] = ["cat", "mat"].map((word) => run.words().find((one) => one.text === word)?.tokens);
  if (!cat || !mat) throw new Error(`no such words among ${run.words().map((one) => one.text)}`);
  const all = [];
  for (let layer = 0; layer < model.numLayers; ++layer) {
    for (let head = 0; head < model.numHeads; ++head) {
      // Of few rows the whole, of few columns the sum: a mean over pieces that add up.
      const part = run.window(layer, head, { rows: cat, cols: mat });
      all.push({ layer, head, weight: part.reduce((a, b) => a + b) / (cat[1] - cat[0]) });
    }
  }
  model.dispose();
  const { layer, head, weight } = all.reduce((a, b) => (b.weight > a.weight ? b : a));
  const { stdout } = await example(fixturePath("golden/models/bert"), text, "cat", "mat");
  expect(stdout).toBe(
    `bert: from "cat" to "mat" layer ${layer}, head ${head} looks most: ${(100 * weight).toFixed(1)} %\n`,
  );
});

test("takes a bundled name, and says which words there are", async () => {
  const { stdout } = await example("heed-bert", text, "cat", "mat");
  expect(stdout).toMatch(/^bert: from "cat" to "mat" layer \d, head \d looks most: \d+\.\d %\n$/);
  await expect(example("heed-bert", text, "cat", "dog")).rejects.toThrow(
    /"dog" is none of the words.*cat sat/,
  );
});
