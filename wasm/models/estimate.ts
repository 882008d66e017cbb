// What a model will take, known from its config and the headers of its weights alone.

import { readConfig } from "./config.js";
import { likelyHeader } from "./safetensors.js";
import { openSource } from "./sources/source.js";
import { checkLoadOptions } from "./load_options.js";
import { fits, partSizes, shardsFor } from "./room.js";
import { measured, readHeaders } from "./weights.js";
import type { LoadOptions, ModelEstimate, ModelSource } from "./types.js";

/**
 * What loadModel() would take: config.json is read, and of the weights the headers, by requests for a part of the file
 * where the server knows how.
 *
 * Errors: as loadModel's.
 *
 * @example
 * import { estimateModel } from "heed/models";
 * const { architecture, numLayers, parameters, weightBytes, fits } = await estimateModel("heed-bert");
 * console.log(`${architecture}, ${numLayers} layers, ${parameters} parameters, ${weightBytes} bytes: ${fits}`);
 */
export async function estimateModel(source: ModelSource, options: LoadOptions = {}): Promise<ModelEstimate> {
  checkLoadOptions(options);
  const { signal } = options;
  // Only what is loaded is kept.
  const files = await openSource(source, { ...options, keep: false });
  const { architecture, native } = await readConfig(await files.config({ signal }));
  const weights = await readHeaders(await files.weights({ signal, range: likelyHeader }), signal);
  const { weightBytes, parameters } = measured(weights);
  const sizes = partSizes(weights, native);
  return {
    architecture,
    numLayers: native.numLayers,
    numHeads: native.numHeads,
    maxLength: native.maxLength,
    parameters,
    weightBytes,
    files: weights.map(({ name, size }) => ({ name, bytes: size })),
    fits: fits(sizes, native, shardsFor(sizes, native, options.workers), options.maxBytes),
  };
}
