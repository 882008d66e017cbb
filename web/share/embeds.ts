// The files that web/embed/build.mjs writes beside the page: a model each, and what a reader's browser has to load of it where
// the server compresses, as most do.
import type { ModelName } from "../runner/run_data.ts";

export const EMBEDS: Readonly<Record<ModelName, { readonly file: string; readonly megabytes: string }>> = {
  "heed-bert": { file: "embed.html", megabytes: "3.5" },
  "heed-gpt": { file: "embed-gpt.html", megabytes: "3.5" },
};
