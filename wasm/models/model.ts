// The model that loadModel() makes: it runs texts, and continues them.

import type { ModelDescription } from "./config.js";
import { checkAborted, failure } from "./errors.js";
import { fetched } from "./fetched.js";
import { generate } from "./generate.js";
import { generationOptions } from "./generate_options.js";
import type { LivingModel } from "./living_model.js";
import type { NativeAttentionOptions, NativeModel } from "./native.js";
import type { Reader } from "./reader.js";
import { ModelRun, TargetModelRun, type RunParts } from "./run.js";
import { checkInput, checkMask, forwardPlan, type CheckedInput, type ForwardPlan } from "./run_options.js";
import type { Encoding, Tokenizer } from "./tokenizer/tokenizer.js";
import type {
  Architecture,
  GenerateOptions,
  Model,
  Projections,
  Run,
  RunInput,
  RunOptions,
  TargetRun,
  Token,
} from "./types.js";

interface ModelParts {
  readonly description: ModelDescription;
  readonly tokenizer: Tokenizer;
  readonly reader: Reader;
  readonly living: LivingModel;
}

const idsOf = ({ tokens }: Encoding): Int32Array => Int32Array.from(tokens, ({ id }) => id);

/** See the interface Model for the methods. */
export class LoadedModel implements Model {
  readonly config: Readonly<Record<string, unknown>>;
  readonly architecture: Architecture;
  readonly numLayers: number;
  readonly numHeads: number;
  readonly decoder: { readonly numLayers: number; readonly numHeads: number } | null;
  readonly isCausal: boolean;
  readonly scale: number;
  readonly projections: Projections;
  readonly maxLength: number;
  readonly #parts: ModelParts;
  /** Texts are generated one after another, for they share one cache. */
  #generating: Promise<unknown> = Promise.resolve();

  constructor(parts: ModelParts) {
    const { description, living } = parts;
    const { config, architecture, native } = description;
    const { numLayers, numHeads, numDecoderLayers } = native;
    this.config = config;
    this.architecture = architecture;
    this.numLayers = numLayers;
    this.numHeads = numHeads;
    this.decoder =
      numDecoderLayers === undefined ? null : Object.freeze({ numLayers: numDecoderLayers, numHeads });
    this.isCausal = living.now.isCausal;
    this.scale = native.attentionScale ?? 1 / Math.sqrt(native.headDim);
    const hasBias = architecture !== "t5";
    this.projections = Object.freeze({
      bias: native.queryKeyValueBias ?? hasBias,
      outputBias: native.attentionOutputBias ?? hasBias,
      norm: native.hasQueryKeyNorm ?? false,
      rotary: native.rotary !== undefined,
    });
    this.maxLength = native.maxLength;
    this.#parts = parts;
    Object.freeze(this);
  }

  get memory(): { heapBytes: number; usedBytes: number } {
    return this.#parts.living.now.memory;
  }

  tokenize(text: string, pair?: string): Token[] {
    const { tokenizer, living } = this.#parts;
    living.checkDisposed();
    return [...tokenizer.encode(text, pair).tokens];
  }

  async run(input: RunInput, options: RunOptions = {}): Promise<Run> {
    const { description, reader, living } = this.#parts;
    living.checkDisposed();
    const { native: config } = description;
    const plan = forwardPlan(options, config);
    const checked = checkInput(input, config);
    checkAborted(options.signal, "run()");
    const source = reader.source(checked);
    const target = reader.target(checked);
    const n = source.tokens.length;
    checkMask(plan.text, n);
    if (target) {
      checkMask(plan.target, target.tokens.length);
      checkMask(plan.target.cross, target.tokens.length, n);
    }

    const native = await living.living(options.signal);
    const types = config.numTokenTypes > 1 ? { tokenTypes: Int32Array.from(source.typeIds) } : {};
    const result = await native.forward(idsOf(source), { ...plan.text, ...types }, options.signal);
    const isIds = "ids" in checked;
    return new ModelRun({
      ...this.#runParts(source, plan.text, false),
      config,
      result,
      text: isIds ? undefined : checked.text,
      pair: isIds ? undefined : checked.pair,
      isCausal: plan.text.isCausal ?? this.isCausal,
      target: target && (await this.#runTarget(native, target, result.finalHidden, plan, checked, options)),
    });
  }

  async generate(text: string, options: GenerateOptions = {}): Promise<string> {
    const { description, tokenizer, reader, living } = this.#parts;
    living.checkDisposed();
    const checked = generationOptions(options);
    if (!this.isCausal && !this.decoder) {
      throw failure(
        "invalid-argument",
        `a ${this.architecture} model fills gaps and does not continue texts; use run()`,
      );
    }
    checkAborted(options.signal, "generate()");
    reader.requireTarget();
    const read = reader.text(text);
    const turn = this.#generating.then(async () => {
      checkAborted(options.signal, "generate()");
      const native = await living.living(options.signal);
      requireHead(native);
      const { endIds, native: config } = description;
      const isRuled = description.rules !== undefined || Object.keys(checked.rules).length > 0;
      const constraintFor = isRuled
        ? (await fetched(() => import("./generation.js"))).constraintOf(description, tokenizer, checked.rules)
        : undefined;
      const memory = this.decoder
        ? (await native.forward(idsOf(read), { trace: [] }, options.signal)).finalHidden
        : undefined;
      const written = { ...config, numLayers: config.numDecoderLayers ?? config.numLayers };
      return generate(
        { native, tokenizer, config: written, maxLength: this.maxLength, endIds, memory, constraintFor },
        this.decoder ? [reader.startId] : [...idsOf(read)],
        checked,
        options,
      );
    });
    this.#generating = turn.catch(() => undefined);
    return turn;
  }

  dispose(): void {
    this.#parts.living.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
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
    const { description, tokenizer, reader, living } = this.#parts;
    const isByLayer = description.native.scaleAttentionByLayer === true;
    return {
      tokens,
      words,
      separatorIds: tokenizer.separatorIds,
      tokenOf: (id) => reader.tokenOf(id, isDecoder),
      headOf: (finalHidden, output) => {
        if (isDecoder || !this.decoder) return requireHead(living.now).head(finalHidden, output);
        throw failure(
          "invalid-argument",
          "an encoder-decoder's logits are its target's: run({ text, target }).target.logits(position)",
        );
      },
      scaleOf: (layer) =>
        (options.scale ?? this.scale / (isByLayer ? layer + 1 : 1)) / (options.temperature ?? 1),
      windowOf: (head) => living.now.window({ ...head, isDecoder }, options),
    } satisfies Partial<RunParts>;
  }
}

function requireHead(native: NativeModel): NativeModel {
  if (native.hasHead) return native;
  throw failure("invalid-argument", "the checkpoint has no language-model head, so that there are no logits");
}
