// loadModel(): a model on the WebAssembly module that this entry carries.

import createNative from "../../build/wasm/models.mjs";
import simd from "../../build/wasm/models-simd.ascii";
import relaxedSimdDelta from "../../build/wasm/models-relaxed-simd.ascii";
import { inlined } from "../compile.js";
import { Host } from "../host.js";
import { chooseVariant } from "../variant.js";
import { fetched } from "./fetched.js";
import { loadModelOn } from "./loading.js";
import { ModelInstance } from "./native_model.js";
import type { NativePart } from "./native.js";
import type { LoadOptions, Model, ModelSource } from "./types.js";

const moduleOf = inlined(simd, relaxedSimdDelta);

/**
 * Loads a transformer (BERT, DistilBERT, RoBERTa, ELECTRA, GPT-2, GPT-NeoX, OPT, Llama, Mistral, Qwen2, Qwen3, Gemma,
 * BART, mBART, Marian, PEGASUS, M2M-100, T5), Hugging Face files, weights
 * in F32, F16 or BF16, which are held in as many bits, in one file or in shards.
 *
 * `source`: "heed-bert" or "heed-gpt", which come with the package; a repository of the Hugging Face hub ("org/model",
 * "org/model@revision", or the address of its page); the URL of a folder (http, https, or file in Node; relative ones in a
 * page, "./model"); the files themselves; a dropped folder's Files; or a GGUF file: its address, its File, or its bytes as
 * `{ weights }`; of one in parts the address of any, or all Files or bytes. Of a GGUF file what is quantised (Q4_0 to Q8_0, Q2_K
 * to Q6_K) is widened to F16, in which the engine holds it; a config or tokenizer given with it is taken instead of what it says.
 *
 * Weights go to the engine as they arrive: besides what it holds of them there are a few MB in memory. A file is checked
 * against the size, and the SHA-256 where the server says it. estimateModel() says beforehand what it will take.
 *
 * What the bundled models do without (GGUF, addresses, other architectures, SentencePiece, shards) is in files beside this
 * entry, fetched when it is wanted. Bundlers take them along; in a worker of your own, Vite up to 7 wants
 * `worker: { format: "es" }` for it.
 *
 * Errors: "invalid-argument", "network" (`cause` has the `address` and, where there was an answer, its `status`), "invalid-model" (a damaged or hostile file;
 * the message names the place), "unsupported-model" (and what is missing), "out-of-memory" (with the figures, before the weights are asked for), "aborted", "unsupported-host".
 *
 * @example
 * import { loadModel } from "heed/models";
 * const model = await loadModel("heed-bert");
 * const run = await model.run("The animal didn't cross the street because it was too tired.");
 * const weights = run.attention(2, 1); // [n, n]: layer 2, head 1
 * model.dispose();
 */
export async function loadModel(source: ModelSource, options: LoadOptions = {}): Promise<Model> {
  const variant = options?.engine?.variant ?? chooseVariant(undefined);
  const model = loadModelOn(source, options, async (config, numShards) => {
    const { engine } = options;
    const module = await moduleOf(variant);
    const part = (which: NativePart | undefined): ModelInstance =>
      new ModelInstance(new Host(module, createNative), which ? { ...config, part: which } : config, engine);
    if (numShards === 0) return part(undefined);
    const { createSharded } = await fetched(() => import("./shards/sharded_model.js"));
    return createSharded(module, config, numShards, part);
  });
  // Compiled while the files arrive, which are asked for before its text is made into bytes.
  moduleOf(variant).catch(() => undefined);
  return model;
}
