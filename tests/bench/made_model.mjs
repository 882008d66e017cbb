// The made checkpoint, as a folder that a page in Chromium can load: ./made/ beside it.
import { madeCheckpoint } from "../made_checkpoint.mjs";

/**
 * @param {import("playwright-core").Page} page @param {"gpt2" | "bert"} kind
 * @param {Parameters<typeof madeCheckpoint>[1]} [options]
 */
export async function serveMade(page, kind, options) {
  const { config, tokenizer, weights } = madeCheckpoint(kind, options);
  const json = (/** @type {object} */ value) => ({
    contentType: "application/json",
    body: JSON.stringify(value),
  });
  /** @type {Readonly<Record<string, object>>} */
  const files = {
    "config.json": json(config),
    "tokenizer.json": json(tokenizer),
    "model.safetensors": { contentType: "application/octet-stream", body: Buffer.from(weights) },
  };
  await page.route("**/made/*", (route) => {
    const name = new URL(route.request().url()).pathname.split("/").at(-1) ?? "";
    return route.fulfill(files[name] ?? { status: 404, body: "" });
  });
}

/** A text of so many tokens for it. @param {"gpt2" | "bert"} kind @param {number} tokens */
export function madeText(kind, tokens) {
  return kind === "gpt2"
    ? Array.from({ length: tokens }, (_, i) =>
        "abcdefghij klmnop, qrstuv.".charAt((i * 7 + (i >> 5)) % 26),
      ).join("")
    : Array.from({ length: tokens - 2 }, (_, i) => "abcd".charAt((i * 5 + (i >> 3)) % 4)).join(" ");
}
