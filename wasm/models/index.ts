/**
 * heed/models: a transformer with its tokenizer, from a folder of Hugging Face files, and everything that happens in it
 * when a text goes through.
 *
 * @packageDocumentation
 */

export { HeedError, type HeedErrorCode } from "../errors.js";
export { estimateModel } from "./estimate.js";
export { loadModel } from "./load.js";
export { savedModels, type SavedModel } from "./sources/saved.js";
export type * from "./types.js";
