// The models that come with the package. Each address is spelled out in full, for that is how bundlers (Vite, webpack,
// Parcel, Rollup) find the files to copy; the files lie in models/ beside the built module.

import { failure } from "../errors.js";

/** The addresses of a bundled model's files, by name. */
export type BundledFiles = ReadonlyMap<string, URL>;

const bundled: Readonly<Record<string, () => [string, URL][]>> = {
  "heed-bert": () => [
    ["config.json", new URL("./models/heed-bert/config.json", import.meta.url)],
    ["tokenizer.json", new URL("./models/heed-bert/tokenizer.json", import.meta.url)],
    ["tokenizer_config.json", new URL("./models/heed-bert/tokenizer_config.json", import.meta.url)],
    ["model.safetensors", new URL("./models/heed-bert/model.safetensors", import.meta.url)],
  ],
  "heed-gpt": () => [
    ["config.json", new URL("./models/heed-gpt/config.json", import.meta.url)],
    ["tokenizer.json", new URL("./models/heed-gpt/tokenizer.json", import.meta.url)],
    ["tokenizer_config.json", new URL("./models/heed-gpt/tokenizer_config.json", import.meta.url)],
    ["model.safetensors", new URL("./models/heed-gpt/model.safetensors", import.meta.url)],
  ],
};

/** What helps where a bundler has left the files behind (esbuild copies none). */
export const besideBundle = "copy the folder node_modules/heed/dist/models beside the bundle";

/**
 * The files of a bundled model; undefined for any other name.
 * Errors: "unsupported-host" (a bundle that is no module and does not know its own address).
 */
export function bundledFiles(name: string): BundledFiles | undefined {
  if (!Object.hasOwn(bundled, name)) return undefined;
  try {
    return new Map(bundled[name]?.());
  } catch (cause) {
    throw failure(
      "unsupported-host",
      `"${name}" is looked for beside the module, which has no address here (import.meta.url): bundle as an ES module and ` +
        `${besideBundle}, or give loadModel() the address of its copy of models/${name}/`,
      cause,
    );
  }
}
