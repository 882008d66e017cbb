// Models that stand in the page, as web/embed/build.mjs wrote them there: JSON, in which the larger files are packed.
import { loadModel, type ModelSource } from "heed/models";
import { failureOf } from "../runner/runner.ts";

interface Packed {
  readonly config: object;
  readonly tokenizerConfig: object;
  readonly tokenizer: string;
  readonly weights: string;
}

const SELECTOR = "script[data-model]";

export function embeddedNames(): string[] {
  return [...document.querySelectorAll<HTMLElement>(SELECTOR)].map((node) => node.dataset["model"] ?? "");
}

export const loadEmbedded: typeof loadModel = async (source, options) => {
  const node = [...document.querySelectorAll<HTMLElement>(SELECTOR)].find(
    ({ dataset }) => dataset["model"] === source,
  );
  if (!node)
    throw failureOf(
      "unsupported-model",
      `this file holds ${embeddedNames().join(", ")}, and asks for no other`,
    );
  const { config, tokenizerConfig, tokenizer, weights } = JSON.parse(node.textContent ?? "") as Packed;
  const files: ModelSource = {
    config,
    tokenizerConfig,
    tokenizer: await unpacked(tokenizer),
    weights: await unpacked(weights),
  };
  return loadModel(files, options);
};

/** base64 of gzip of all even bytes, then all odd ones: numbers of 16 bits compress better with their halves apart. */
async function unpacked(text: string): Promise<ArrayBuffer> {
  const zipped = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  const stream = new Blob([zipped]).stream().pipeThrough(new DecompressionStream("gzip"));
  const halves = new Uint8Array(await new Response(stream).arrayBuffer());
  const bytes = new Uint8Array(halves.length);
  const middle = Math.ceil(halves.length / 2);
  for (let i = 0; i < halves.length; i++) bytes[i] = halves[(i & 1) * middle + (i >> 1)] ?? 0;
  return bytes.buffer;
}
