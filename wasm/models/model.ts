// The model that loadModel() makes.

import { isDisposed } from "../disposed.js";
import type { Engine } from "../types.js";
import { readConfig, type ModelDescription } from "./config.js";
import { checkAborted, failure, shown } from "./errors.js";
import { checkLength, generate } from "./generate.js";
import type { NativeAttentionOptions, NativeModel, NativeModelConfig, NativeWindow } from "./native.js";
import { ModelRun } from "./run.js";
import { checkInput, checkMask, forwardOptions, generationOptions } from "./run_options.js";
import { openSource, type SourceFiles } from "./source.js";
import { createTokenizer, type Encoding, type Tokenizer } from "./tokenizer/tokenizer.js";
import { uploadWeights } from "./weights.js";
import type {
  Architecture,
  GenerateOptions,
  LoadOptions,
  Model,
  ModelSource,
  Run,
  RunInput,
  RunOptions,
  Token,
} from "./types.js";

/** Makes a native model without weights. */
export type CreateNativeModel = (config: NativeModelConfig) => Promise<NativeModel>;

interface ModelParts {
  readonly description: ModelDescription;
  readonly tokenizer: Tokenizer;
  readonly native: NativeModel;
  /** The native model once more, its weights read again from the source. */
  reload(): Promise<NativeModel>;
}

function checkEngine(engine: Engine): void {
  if (typeof (engine as (Engine & { [isDisposed]?: unknown }) | null)?.[isDisposed] === "boolean") return;
  throw failure(
    "invalid-argument",
    `options.engine is ${shown(engine)}; expected an engine made by createEngine()`,
  );
}

async function loadNative(
  createNative: CreateNativeModel,
  config: NativeModelConfig,
  source: SourceFiles,
  options: LoadOptions,
): Promise<NativeModel> {
  const native = await createNative(config);
  try {
    await uploadWeights(native, source, options);
    return native;
  } catch (error) {
    native.dispose();
    throw error;
  }
}

class LoadedModel implements Model {
  readonly config: Readonly<Record<string, unknown>>;
  readonly architecture: Architecture;
  readonly numLayers: number;
  readonly numHeads: number;
  readonly isCausal: boolean;
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
    this.maxLength = native.maxLength;
    this.isCausal = parts.native.isCausal;
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
    const { tokenizer } = this.#parts;
    const forward = forwardOptions(options, config);
    const checked = checkInput(input, config.vocabularySize);
    checkAborted(options.signal, "run()");
    const encoding =
      "ids" in checked ? this.#encodeIds(checked.ids) : tokenizer.encode(checked.text, checked.pair);
    checkLength(encoding.tokens.length, this.maxLength, "ids" in checked ? "input.ids" : "the text");

    checkMask(forward, encoding.tokens.length);

    const native = await this.#living(options.signal);
    const result = await native.forward(
      Int32Array.from(encoding.tokens, ({ id }) => id),
      {
        ...forward,
        ...(config.numTokenTypes > 1 ? { tokenTypes: Int32Array.from(encoding.typeIds) } : {}),
      },
      options.signal,
    );
    return new ModelRun({
      config,
      result,
      tokens: encoding.tokens,
      words: encoding.words,
      text: "text" in checked ? checked.text : undefined,
      pair: "text" in checked ? checked.pair : undefined,
      isCausal: forward.isCausal ?? this.isCausal,
      separatorIds: tokenizer.separatorIds,
      tokenOf: tokenizer.tokenOf,
      logitsOf: (finalHidden) => this.#logits(finalHidden),
      windowOf: (layer, head) => this.#window(layer, head, forward),
    });
  }

  async generate(text: string, options: GenerateOptions = {}): Promise<string> {
    this.#checkDisposed();
    const checked = generationOptions(options);
    if (!this.isCausal) {
      throw failure(
        "invalid-argument",
        `a ${this.architecture} model fills gaps and does not continue texts; use run()`,
      );
    }
    checkAborted(options.signal, "generate()");
    const prompt = this.#parts.tokenizer.encode(text).tokens.map(({ id }) => id);
    checkLength(prompt.length, this.maxLength, "the text");
    const turn = this.#generating.then(async () => {
      checkAborted(options.signal, "generate()");
      const native = await this.#living(options.signal);
      this.#checkHead(native);
      const { endIds, native: config } = this.#parts.description;
      const { tokenizer } = this.#parts;
      const { maxLength } = this;
      return generate(
        { native, tokenizer, modelDim: config.modelDim, maxLength, endIds },
        prompt,
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

  /** Ids as they are: no special tokens are added, and there is no text for them to stand for. */
  #encodeIds(ids: readonly number[]): Encoding {
    const { tokenizer } = this.#parts;
    return {
      tokens: ids.map((id) =>
        Object.freeze({
          id,
          text: tokenizer.tokenOf(id) ?? "",
          start: 0,
          end: 0,
          special: tokenizer.isSpecial(id),
          sequence: 0,
        }),
      ),
      typeIds: ids.map(() => 0),
      words: ids.map(() => -1),
    };
  }

  #logits(finalHidden: Float32Array): Float32Array {
    this.#checkDisposed();
    this.#checkHead(this.#native);
    return this.#native.logits(finalHidden);
  }

  #window(layer: number, head: NativeWindow, options: NativeAttentionOptions): Float32Array {
    this.#checkDisposed();
    return this.#native.window(layer, head, options);
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
  if (typeof options !== "object" || options === null) {
    throw failure("invalid-argument", `options is ${shown(options)}; expected an object`);
  }
  const { engine, workers } = options;
  if (engine !== undefined) checkEngine(engine);
  if (workers !== undefined && workers !== "auto" && !(Number.isSafeInteger(workers) && workers >= 0)) {
    throw failure(
      "invalid-argument",
      `options.workers is ${shown(workers)}; expected "auto" or an integer of at least 0`,
    );
  }
  const files = await openSource(source, options);
  const description = readConfig(files.config);
  const tokenizer = createTokenizer(
    files.tokenizer,
    description.native.vocabularySize,
    files.tokenizerConfig,
  );
  checkAborted(options.signal, "loadModel()");
  const load = (loadOptions: LoadOptions) => loadNative(createNative, description.native, files, loadOptions);
  // The caller's signal and progress are for loading, not for loading again.
  const again = options.fetch ? { fetch: options.fetch } : {};
  const native = await load(options);
  return new LoadedModel({ description, tokenizer, native, reload: () => load(again) });
}
