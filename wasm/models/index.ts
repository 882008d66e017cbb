/**
 * heed/models: a transformer with its tokenizer, from a folder of Hugging Face files, and everything that happens in it
 * when a text goes through.
 *
 * @packageDocumentation
 */

export { HeedError, type HeedErrorCode } from "../errors.js";
export { loadModel } from "./load.js";
export type * from "./types.js";
