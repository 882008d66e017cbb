// The model that loadModel() makes.

import { HeedError } from "../errors.js";
import { readConfig, type ModelDescription } from "./config.js";
import { checkAborted, failure, shown } from "./errors.js";
import { fetched } from "./fetched.js";
import { checkLength, generate } from "./generate.js";
import type { GenerationRules } from "./generation.js";
import { checkLoadOptions } from "./load_options.js";
import type {
  HeadOutput,
  NativeAttentionOptions,
  NativeModel,
  NativeModelConfig,
  NativeWindow,
} from "./native.js";
import { ModelRun, TargetModelRun, type RunParts } from "./run.js";
import {
  checkInput,
  checkMask,
  forwardPlan,
  generationOptions,
  type CheckedGeneration,
  type CheckedInput,
  type ForwardPlan,
} from "./run_options.js";
import { partSizes, requireRoom, shardsFor } from "./room.js";
import { Progress } from "./sources/progress.js";
import { openSource, type Reading, type Source } from "./sources/source.js";
import { createTokenizer, type Encoding, type Tokenizer } from "./tokenizer/tokenizer.js";
import { openWeights, uploadWeights } from "./weights.js";
import type {
  Architecture,
  GenerateOptions,
  LoadOptions,
  Model,
  ModelSource,
  Run,
  RunInput,
  RunOptions,
  TargetRun,
  Token,
} from "./types.js";

/** Makes a native model without weights, over so many workers; null where the host lets none start. 0: on this thread. */
export type CreateNativeModel = (config: NativeModelConfig, numShards: number) => Promise<NativeModel | null>;

interface ModelParts {
  readonly description: ModelDescription;
  readonly tokenizer: Tokenizer;
  readonly native: NativeModel;
  /** The decoder's tokens are others than the tokenizer's, whose words they have not. */
  readonly hasOtherTarget: boolean;
  /** The native model once more, its weights read again from the source. */
  reload(): Promise<NativeModel>;
}

const idsOf = ({ tokens }: Encoding): Int32Array => Int32Array.from(tokens, ({ id }) => id);

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

class LoadedModel implements Model {
  readonly config: Readonly<Record<string, unknown>>;
  readonly architecture: Architecture;
  readonly numLayers: number;
  readonly numHeads: number;
  readonly decoder: { readonly numLayers: number; readonly numHeads: number } | null;
  readonly isCausal: boolean;
  readonly scale: number;
  readonly maxLength: number;
  readonly #parts: ModelParts;
  #native: NativeModel;
  #isDisposed = false;
  /** Work that must not overlap: giving weights again, and texts being generated, which share one cache. */
  #restoring: Promise<void> | null = null;
  #generating: Promise<unknown> = Promise.resolve();

  constructor(parts: ModelParts) {
    const { config, architecture, native } = parts.description;
    this.#parts = parts;
    this.#native = parts.native;
    this.config = config;
    this.architecture = architecture;
    this.numLayers = native.numLayers;
    this.numHeads = native.numHeads;
    const { numDecoderLayers } = native;
    this.decoder =
      numDecoderLayers === undefined
        ? null
        : Object.freeze({ numLayers: numDecoderLayers, numHeads: native.numHeads });
    this.maxLength = native.maxLength;
    this.isCausal = parts.native.isCausal;
    this.scale = native.attentionScale ?? 1 / Math.sqrt(native.headDim);
    Object.freeze(this);
  }

  get memory(): { heapBytes: number; usedBytes: number } {
    this.#checkDisposed();
    return this.#native.memory;
  }

  tokenize(text: string, pair?: string): Token[] {
    this.#checkDisposed();
    return [...this.#parts.tokenizer.encode(text, pair).tokens];
  }

  async run(input: RunInput, options: RunOptions = {}): Promise<Run> {
    this.#checkDisposed();
    const { native: config } = this.#parts.description;
    const plan = forwardPlan(options, config);
    const checked = checkInput(input, config);
    checkAborted(options.signal, "run()");
    const isIds = "ids" in checked;
    const source = isIds
      ? this.#encodeIds(checked.ids)
      : this.#parts.tokenizer.encode(checked.text, checked.pair);
    const target = isIds
      ? checked.targetIds && this.#encodeIds(checked.targetIds, true)
      : checked.target === undefined
        ? undefined
        : this.#encodeTarget(checked.target);
    const n = source.tokens.length;
    checkLength(n, this.maxLength, isIds ? "input.ids" : "the text");
    checkMask(plan.text, n);
    if (target) {
      checkLength(target.tokens.length, this.maxLength, isIds ? "input.targetIds" : "the target");
      checkMask(plan.target, target.tokens.length);
      checkMask(plan.target.cross, target.tokens.length, n);
    }

    const native = await this.#living(options.signal);
    const types = config.numTokenTypes > 1 ? { tokenTypes: Int32Array.from(source.typeIds) } : {};
    const result = await native.forward(idsOf(source), { ...plan.text, ...types }, options.signal);
    const targetRun =
      target && (await this.#runTarget(native, target, result.finalHidden, plan, checked, options));
    return new ModelRun({
      ...this.#runParts(source, plan.text, false),
      config,
      result,
      text: isIds ? undefined : checked.text,
      pair: isIds ? undefined : checked.pair,
      isCausal: plan.text.isCausal ?? this.isCausal,
      target: targetRun,
    });
  }

  async generate(text: string, options: GenerateOptions = {}): Promise<string> {
    this.#checkDisposed();
    const checked = generationOptions(options);
    if (!this.isCausal && !this.decoder) {
      throw failure(
        "invalid-argument",
        `a ${this.architecture} model fills gaps and does not continue texts; use run()`,
      );
    }
    checkAborted(options.signal, "generate()");
    this.#checkTarget();
    const changes = this.#changedRules(checked);
    const read = this.#parts.tokenizer.encode(text);
    checkLength(read.tokens.length, this.maxLength, "the text");
    const turn = this.#generating.then(async () => {
      checkAborted(options.signal, "generate()");
      const native = await this.#living(options.signal);
      this.#checkHead(native);
      const { endIds, rules, native: config } = this.#parts.description;
      const written = { ...config, numLayers: config.numDecoderLayers ?? config.numLayers };
      const { tokenizer } = this.#parts;
      const { maxLength } = this;
      const constraintFor =
        rules || Object.keys(changes).length > 0
          ? (await fetched(() => import("./generation.js"))).constraintOf(rules, changes, endIds)
          : undefined;
      const memory = this.decoder
        ? (await native.forward(idsOf(read), { trace: [] }, options.signal)).finalHidden
        : undefined;
      return generate(
        { native, tokenizer, config: written, maxLength, endIds, memory, constraintFor },
        this.decoder ? [rules?.startId ?? 0] : [...idsOf(read)],
        checked,
        options,
      );
    });
    this.#generating = turn.catch(() => undefined);
    return turn;
  }

  dispose(): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    this.#native.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  #checkDisposed(): void {
    if (this.#isDisposed)
      throw failure("disposed", "the model has been disposed of: load it again with loadModel()");
  }

  #checkHead(native: NativeModel): void {
    if (native.hasHead) return;
    throw failure(
      "invalid-argument",
      "the checkpoint has no language-model head, so that there are no logits",
    );
  }

  #checkTarget(): void {
    if (!this.#parts.hasOtherTarget) return;
    throw failure(
      "unsupported-model",
      "the decoder's vocabulary is another than tokenizer.json's: give ids, run({ ids, targetIds })",
    );
  }

  /** What the caller asks of a text, which then counts instead of what the files ask. */
  #changedRules({
    forcedBos,
    repetitionPenalty,
    noRepeatNgramSize,
  }: CheckedGeneration): Partial<GenerationRules> {
    return {
      ...(repetitionPenalty !== undefined && { repetitionPenalty }),
      ...(noRepeatNgramSize !== undefined && { noRepeatNgramSize }),
      ...(forcedBos !== undefined && { firstId: this.#firstId(forcedBos) }),
    };
  }

  #firstId(forcedBos: string | number): number {
    if (!this.decoder) {
      throw failure(
        "invalid-argument",
        `forcedBos is for encoder-decoders; a ${this.architecture} model's texts begin with yours`,
      );
    }
    const { description, tokenizer } = this.#parts;
    const id = typeof forcedBos === "string" ? tokenizer.idOf(forcedBos) : forcedBos;
    if (id !== undefined && id < description.native.vocabularySize) return id;
    throw failure(
      "invalid-argument",
      `forcedBos is ${shown(forcedBos)}; expected a token of the vocabulary, or its id`,
    );
  }

  /** Ids as they are: no special tokens are added, and there is no text for them to stand for. */
  #encodeIds(ids: readonly number[], isTarget = false): Encoding {
    const { tokenizer, hasOtherTarget } = this.#parts;
    const isKnown = !(isTarget && hasOtherTarget);
    return {
      tokens: ids.map((id) =>
        Object.freeze({
          id,
          text: (isKnown && tokenizer.tokenOf(id)) || "",
          start: 0,
          end: 0,
          special: isKnown && tokenizer.isSpecial(id),
          sequence: 0,
        }),
      ),
      typeIds: ids.map(() => 0),
      words: ids.map(() => -1),
    };
  }

  /** transformers' shift_tokens_right: what the decoder reads to say the text. */
  #encodeTarget(text: string): Encoding {
    this.#checkTarget();
    const { tokens, typeIds, words } = this.#parts.tokenizer.encode(text);
    const start = this.#encodeIds([this.#parts.description.rules?.startId ?? 0]);
    return {
      tokens: [...start.tokens, ...tokens.slice(0, -1)],
      typeIds: [0, ...typeIds.slice(0, -1)],
      words: [-1, ...words.slice(0, -1)],
    };
  }

  async #runTarget(
    native: NativeModel,
    target: Encoding,
    memory: Float32Array,
    plan: ForwardPlan,
    input: CheckedInput,
    { signal }: RunOptions,
  ): Promise<TargetRun> {
    const { native: config } = this.#parts.description;
    const result = await native.forward(idsOf(target), { ...plan.target, memory }, signal);
    return new TargetModelRun(
      {
        ...this.#runParts(target, plan.target, true),
        config: { ...config, numLayers: config.numDecoderLayers ?? 0 },
        result,
        text: "target" in input ? input.target : undefined,
        pair: undefined,
        isCausal: plan.target.isCausal ?? true,
      },
      memory.length / config.modelDim,
    );
  }

  /** What runs of either stack have from the model. */
  #runParts({ tokens, words }: Encoding, options: NativeAttentionOptions, isDecoder: boolean) {
    const { tokenizer, description, hasOtherTarget } = this.#parts;
    const isByLayer = description.native.scaleAttentionByLayer === true;
    return {
      tokens,
      words,
      separatorIds: tokenizer.separatorIds,
      tokenOf: (id) => (isDecoder && hasOtherTarget ? undefined : tokenizer.tokenOf(id)),
      headOf: (finalHidden, output) => {
        if (isDecoder || !this.decoder) return this.#head(finalHidden, output);
        throw failure(
          "invalid-argument",
          "an encoder-decoder's logits are its target's: run({ text, target }).target.logits(position)",
        );
      },
      scaleOf: (layer) =>
        (options.scale ?? this.scale / (isByLayer ? layer + 1 : 1)) / (options.temperature ?? 1),
      windowOf: (head) => this.#window({ ...head, isDecoder }, options),
    } satisfies Partial<RunParts>;
  }

  #head(finalHidden: Float32Array, output: HeadOutput): Float32Array {
    this.#checkDisposed();
    this.#checkHead(this.#native);
    return this.#native.head(finalHidden, output);
  }

  #window(head: NativeWindow, options: NativeAttentionOptions): Float32Array {
    this.#checkDisposed();
    return this.#native.window(head, options);
  }

  /** The native model; made again, its weights read again from the source, where a crash took it. */
  async #living(signal: AbortSignal | undefined): Promise<NativeModel> {
    this.#checkDisposed();
    if (!this.#native.alive) {
      this.#restoring ??= this.#restore().finally(() => {
        this.#restoring = null;
      });
      await this.#restoring;
      checkAborted(signal, "run()");
      this.#checkDisposed();
    }
    return this.#native;
  }

  async #restore(): Promise<void> {
    const native = await this.#parts.reload();
    if (this.#isDisposed) native.dispose();
    else this.#native = native;
  }
}

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
    const native = await load(reading);
    await files.settle(true);
    // The caller's signal and progress are for loading, not for loading again.
    const hasOtherTarget = hasSeparateVocabularies(description.native, tokenizerConfig);
    return new LoadedModel({ description, tokenizer, native, hasOtherTarget, reload: () => load({}) });
  } catch (error) {
    // What is kept of a damaged model would be damaged the next time too.
    if (error instanceof HeedError && error.code === "invalid-model") await files.settle(false);
    throw error;
  }
}

/** Of a Marian with two tables of tokens: whether they are of two vocabularies, as its tokenizer says or their sizes show. */
function hasSeparateVocabularies(config: NativeModelConfig, tokenizerConfig: unknown): boolean {
  const { vocabularySize, decoderVocabularySize = vocabularySize } = config;
  const { separate_vocabs: areSeparate } = (tokenizerConfig ?? {}) as Record<string, unknown>;
  return decoderVocabularySize !== vocabularySize || areSeparate === true;
}

/** The small files, all at once; of several errors the first file's is told. */
async function readTogether(source: Source, reading: Reading): Promise<unknown[]> {
  const files = [
    ...[source.config(reading), source.tokenizer(reading)],
    ...[source.tokenizerConfig(reading), source.generationConfig(reading)],
  ];
  for (const file of files) file.catch(() => undefined);
  const read: unknown[] = [];
  for (const file of files) read.push(await file);
  return read;
}
