// Which head of a model of yours looks most from one word at another.
//
//   node strongest_head.mjs FOLDER "The animal was tired, so it slept." it animal
//
// FOLDER holds config.json, tokenizer.json and model.safetensors (or its shards); "org/model" is fetched from the hub, and
// heed-bert and heed-gpt are there already.

import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { loadModel } from "heed/models";

const [source = "", text = "", from = "", to = ""] = process.argv.slice(2);
const model = await loadModel(existsSync(source) ? pathToFileURL(resolve(source)) : source);
const run = await model.run(text);
const words = run.words();

/** The tokens of the first word that reads so. */
function tokensOf(/** @type {string} */ wanted) {
  const word = words.find((one) => one.text.trim() === wanted);
  if (!word) throw new Error(`"${wanted}" is none of the words ${words.map((one) => one.text).join(" ")}`);
  return word.tokens;
}

const [[rowsFrom, rowsTo], [colsFrom, colsTo]] = [tokensOf(from), tokensOf(to)];
const n = run.tokens.length;
let strongest = { layer: 0, head: 0, weight: -1 };
for (let layer = 0; layer < model.numLayers; layer++) {
  for (let head = 0; head < model.numHeads; head++) {
    const weights = run.attention(layer, head); // [n, n], row = the token that looks
    let sum = 0;
    for (let i = rowsFrom; i < rowsTo; i++)
      for (let j = colsFrom; j < colsTo; j++) sum += weights[i * n + j] ?? 0;
    // What the pieces of a word give is shared among them; what those of the other get adds up.
    const weight = sum / (rowsTo - rowsFrom);
    if (weight > strongest.weight) strongest = { layer, head, weight };
  }
}
const { layer, head, weight } = strongest;
console.log(
  `${model.architecture}: from "${from}" to "${to}" layer ${layer}, head ${head} looks most: ${(100 * weight).toFixed(1)} %`,
);
model.dispose();
