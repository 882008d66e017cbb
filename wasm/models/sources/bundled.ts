// The models that come with the package. Each address is spelled out in full, for that is how bundlers (Vite, webpack,
// Parcel, Rollup) find the files to copy; the files lie in models/ beside the built module.

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

/** The files of a bundled model; undefined for any other name. */
export function bundledFiles(name: string): BundledFiles | undefined {
  const files = Object.hasOwn(bundled, name) ? bundled[name]?.() : undefined;
  return files && new Map(files);
}
