// A model's files, read and given to the engine.

import { HeedError } from "../errors.js";
import { readConfig } from "./config.js";
import { checkAborted, failure } from "./errors.js";
import { LivingModel } from "./living_model.js";
import { checkLoadOptions } from "./load_options.js";
import { LoadedModel } from "./model.js";
import type { NativeModel, NativeModelConfig } from "./native.js";
import { createReader } from "./reader.js";
import { partSizes, requireRoom, shardsFor } from "./room.js";
import { inParallel } from "./sources/parallel.js";
import { Progress } from "./sources/progress.js";
import { openSource, type Reading, type Source } from "./sources/source.js";
import { createTokenizer } from "./tokenizer/tokenizer.js";
import type { LoadOptions, Model, ModelSource } from "./types.js";
import { openWeights, uploadWeights } from "./weights.js";

/** Makes a native model without weights, over so many workers; null where the host lets none start. 0: on this thread. */
export type CreateNativeModel = (config: NativeModelConfig, numShards: number) => Promise<NativeModel | null>;

/** loadModel() with the native side handed in. */
export async function loadModelOn(
  source: ModelSource,
  options: LoadOptions,
  createNative: CreateNativeModel,
): Promise<Model> {
  checkLoadOptions(options);
  const files = await openSource(source, options);
  const { signal, onProgress } = options;
  const progress = new Progress(onProgress);
  const reading = { signal, progress };
  try {
    await files.announce(reading);
    const [config, definition, tokenizerConfig, generationConfig] = await readTogether(files, reading);
    const description = await readConfig(config, generationConfig);
    const tokenizer = await createTokenizer(definition, description.native.vocabularySize, tokenizerConfig);
    checkAborted(signal, "loadModel()");
    const load = (how: Reading) => loadNative(createNative, description.native, files, how, options);
    // The caller's signal and progress are for loading, not for loading again.
    const living = new LivingModel(await load(reading), () => load({}));
    await files.settle(true);
    const hasOtherTarget = hasSeparateVocabularies(description.native, tokenizerConfig);
    const reader = createReader(tokenizer, description, hasOtherTarget);
    return new LoadedModel({ description, tokenizer, reader, living });
  } catch (error) {
    // What is kept of a damaged model would be damaged the next time too.
    if (error instanceof HeedError && error.code === "invalid-model") await files.settle(false);
    throw error;
  }
}

const smallFiles = ["config", "tokenizer", "tokenizerConfig", "generationConfig"] as const;

/** The small files, all at once; of several errors the first file's is told, and then the others' reading ends. */
function readTogether(source: Source, reading: Reading): Promise<unknown[]> {
  let earlier: Promise<unknown> = Promise.resolve();
  return inParallel(smallFiles, smallFiles.length, reading.signal, (name, signal) => {
    const before = earlier;
    const file = source[name]({ ...reading, signal }).catch(async (error: unknown) => {
      await before;
      throw error;
    });
    earlier = Promise.allSettled([before, file]);
    return file;
  });
}

/** Makes a native model and gives it its weights, whose headers are looked at first. */
async function loadNative(
  createNative: CreateNativeModel,
  config: NativeModelConfig,
  source: Source,
  reading: Reading,
  { workers, maxBytes }: LoadOptions,
): Promise<NativeModel> {
  const weights = await openWeights(await source.weights(reading), reading);
  const sizes = partSizes(weights, config);
  const create = async (numShards: number): Promise<NativeModel | null> => {
    requireRoom(sizes, config, numShards, maxBytes);
    return createNative(config, numShards);
  };
  let native: NativeModel | null = null;
  try {
    native = (await create(shardsFor(sizes, config, workers))) ?? (await create(0));
    if (!native) throw failure("unsupported-host", "the host lets no model be made");
    await uploadWeights(native, weights, reading.signal);
    return native;
  } catch (error) {
    native?.dispose();
    for (const file of weights) await file.close();
    throw error;
  }
}

/** Of a Marian with two tables of tokens: whether they are of two vocabularies, as its tokenizer says or their sizes show. */
function hasSeparateVocabularies(config: NativeModelConfig, tokenizerConfig: unknown): boolean {
  const { vocabularySize, decoderVocabularySize = vocabularySize } = config;
  const { separate_vocabs: areSeparate } = (tokenizerConfig ?? {}) as Record<string, unknown>;
  return decoderVocabularySize !== vocabularySize || areSeparate === true;
}
