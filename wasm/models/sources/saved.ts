// What is kept for the next visit.

import { fetched } from "../fetched.js";

/** A model that is kept. */
export interface SavedModel {
  /** What to give to loadModel, with `keep: true`: "org/model", or an address. */
  readonly name: string;
  /** To be given along as the option `hub`, where it came from another hub than Hugging Face's. */
  readonly hub?: string;
  /** Of all its files, as far as they are there. */
  readonly bytes: number;
  /** When it was last loaded from its source. */
  readonly date: Date;
  /** false: a download that was cut off, and goes on when the model is loaded again. */
  readonly complete: boolean;
  /** Idempotent. Errors: "invalid-argument" (it is being loaded at this moment). */
  delete(): Promise<void>;
}

/**
 * The models that loadModel(…, { keep: true }) has left in this browser, the latest first; none where the host has no
 * Origin Private File System, as in Node. They are this origin's own, and the browser may clear them when room gets short.
 *
 * @example
 * import { savedModels } from "heed/models";
 * for (const model of await savedModels()) {
 *   console.log(`${model.name}: ${model.bytes} bytes, ${model.date.toLocaleDateString()}`);
 *   if (!model.complete) await model.delete();
 * }
 */
export async function savedModels(): Promise<SavedModel[]> {
  return (await fetched(() => import("./addresses.js"))).keptModels();
}
