// What users of heed/models see: tokens, runs, models, and the options of each.

import type { CaptureName, Engine, OwnFloat32Array, WindowOptions } from "../types.js";

/** One token of a text. `text.slice(start, end)` is what it stands for (UTF-16 units). */
export interface Token {
  readonly id: number;
  /** The token as the vocabulary spells it: "##ing", "Ġthe". */
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** Added by the tokenizer, or a special token typed out: "[CLS]", "[MASK]". */
  readonly special: boolean;
  /** 0, or 1 for the tokens of the second text of a pair; then start and end count in that text. */
  readonly sequence: 0 | 1;
}

export type Architecture =
  | ("bert" | "camembert" | "distilbert" | "electra" | "roberta" | "xlm-roberta")
  | ("gpt2" | "gpt_neox" | "opt")
  | ("llama" | "mistral" | "qwen2" | "qwen3" | "gemma" | "gemma2" | "gemma3_text")
  | ("bart" | "m2m_100" | "marian" | "mbart" | "mt5" | "pegasus" | "t5");

/**
 * An encoder-decoder's three kinds of attention: of the source to itself, of the target to itself, and of the target to the
 * source. Other models have one, which is called "encoder" here.
 */
export type AttentionName = "encoder" | "decoder" | "cross";

/** One guess at a position, most probable first. */
export interface Prediction {
  readonly id: number;
  /** As the vocabulary spells it. */
  readonly token: string;
  /** Softmax over the whole vocabulary. */
  readonly probability: number;
}

/** A word and the half-open range of its tokens. */
export interface Word {
  readonly text: string;
  readonly tokens: readonly [from: number, to: number];
}

/** What a head measurably does on one text; every figure but entropy and meanDistance is a mean attention weight. */
export interface HeadStatistics {
  /** Mean entropy of the rows, in bits. */
  readonly entropy: number;
  /** Mean weight on the token before (rows that have one). */
  readonly previousToken: number;
  /** Mean weight on the token after (rows that have one; 0 for a causal model). */
  readonly nextToken: number;
  /** Mean weight on the token itself. */
  readonly self: number;
  /** Mean weight on the first token (rows after the first): the "attention sink". */
  readonly firstToken: number;
  /** Mean weight on separator tokens; 0 where there are none. */
  readonly separator: number;
  /** Mean weight on other occurrences of the same token (rows that have one visible); 0 where there are none. */
  readonly sameToken: number;
  /** Mean weight on the tokens that followed earlier occurrences of the row's token (Olsson et al. 2022); 0 where there are none. */
  readonly induction: number;
  /** Mean distance looked at, in tokens: the mean of Σ weight·|i − j|. */
  readonly meanDistance: number;
}

/** Bytes of one file read so far. */
export interface LoadProgress {
  readonly file: string;
  readonly loaded: number;
  /** Bytes of the file; as `loaded` where the server does not say. */
  readonly total: number;
  /**
   * Bytes of all files, from when the sizes of all are known: of a repository of the hub and of dropped files from the
   * first call on, of another folder from when the headers of its weights have been read.
   */
  readonly overall?: { readonly loaded: number; readonly total: number };
}

/** How a broken or busy connection is tried again: from the byte where it broke. */
export interface RetryOptions {
  /** Tries after the first one, counted anew whenever something new has arrived. Default 3. */
  times?: number;
  /** Milliseconds before the first of them, twice as many before each other, or as many as the server says. Default 300. */
  delay?: number;
  /** Milliseconds without a byte after which a connection counts as broken. Default 30,000. */
  timeout?: number;
}

export interface LoadOptions {
  /** Run the same variant as this engine, and end with it. Memory is the model's own all the same. */
  engine?: Engine;
  /**
   * Workers over which the layers are split, each with its shard of the weights and no more: the calling thread stays free
   * while they compute. 0: none. "auto", the default: as many as there are cores, at most 8, for models large enough to
   * gain, and for those too large for one instance as many as hold them. Where the host refuses workers the calling thread computes. Sums are made in the shards' order: with the same
   * number of them results are the same, bit for bit; with another they differ by rounding.
   */
  workers?: "auto" | number;
  /** Of a repository of the hub: a branch, a tag or a commit. Default "main". */
  revision?: string;
  /** The address of another hub with the same interface. Default "https://huggingface.co". */
  hub?: string;
  /**
   * Keep what comes from an address for the next visit, in the browser's Origin Private File System, and load it from
   * there when it is: without a request, and also when the source has changed since (savedModels() lists and deletes).
   * A download that was cut off goes on where it was. Where there is no such file system, as in Node, or no room, the model
   * is loaded all the same. Default false: nothing is written, and nothing read.
   */
  keep?: boolean;
  /**
   * Bytes of weights that are taken at most: a larger model is "out-of-memory" before it is downloaded. Default: what the
   * engine holds, 2 GiB on the calling thread and 2 more in each worker.
   */
  maxBytes?: number;
  retry?: RetryOptions;
  onProgress?(progress: LoadProgress): void;
  signal?: AbortSignal;
  /** Instead of the global fetch; where a server wants a token, this is the place to send it. */
  fetch?: typeof fetch;
}

/** What a model will take. */
export interface ModelEstimate {
  readonly architecture: Architecture;
  readonly numLayers: number;
  readonly numHeads: number;
  readonly maxLength: number;
  /** Values in the checkpoint. */
  readonly parameters: number;
  /** Bytes of memory for them. */
  readonly weightBytes: number;
  /** The files of weights, and what has to be downloaded of each. */
  readonly files: readonly { readonly name: string; readonly bytes: number }[];
  /** Whether loadModel() would take it. */
  readonly fits: boolean;
}

/** Bytes: an ArrayBuffer, or a view of one, such as Node's Buffer. */
export type Bytes = ArrayBuffer | ArrayBufferView;

/** The files of a model, already in hand. */
export interface ModelFiles {
  /** config.json: its text, its bytes, or the parsed object. */
  config: string | Bytes | object;
  /** tokenizer.json, likewise. */
  tokenizer: string | Bytes | object;
  /** tokenizer_config.json, likewise. */
  tokenizerConfig?: string | Bytes | object;
  /** generation_config.json, likewise. */
  generationConfig?: string | Bytes | object;
  /** model.safetensors, or its shards in any order. */
  weights: Bytes | Blob | readonly (Bytes | Blob)[];
}

/** A GGUF file already in hand, which says everything. What is given with it is taken instead of what it says. */
export interface GgufFiles extends Partial<Omit<ModelFiles, "weights">> {
  /** The file, or all parts of it in any order. */
  weights: ModelFiles["weights"];
}

/**
 * "heed-bert", "heed-gpt" | a repository of the hub | the URL of a Hugging Face style folder, or of a GGUF file | the files |
 * a dropped folder, or what an <input type="file"> holds | a GGUF file.
 */
export type ModelSource = string | URL | ModelFiles | GgufFiles | ArrayLike<File> | Blob;

/**
 * A text, or token ids as they are. `target` is for encoder-decoders: the text that the decoder reads, behind the token that
 * begins it (decoder_start_token_id) and without its own last one, so that position i's logits are for the target's token i;
 * `targetIds`, transformers' decoder_input_ids, are read as they are.
 */
export type RunInput =
  | string
  | { text: string; pair?: string; target?: string }
  | { ids: readonly number[]; targetIds?: readonly number[] };

/** What a run can keep of every head: the stages of its attention, and its part in what the layer's attention gives. */
export type RunCaptureName = CaptureName | "headOutputs";

export interface RunOptions {
  /** What to keep of every head; default ["weights"]. */
  capture?: readonly RunCaptureName[];
  /** Heads whose context is zeroed before the output projection; of which attention, where there are three: default "encoder". */
  ablateHeads?: readonly (readonly [layer: number, head: number, attention?: AttentionName])[];
  /** Of an encoder-decoder: which attentions isCausal, scale, temperature and attnMask change; default ["encoder"]. */
  attentions?: readonly AttentionName[];
  /** What if: hide the future, or don't. Default: as the model was trained. */
  isCausal?: boolean;
  /** What if: another scale than 1/sqrt(head_dim), in every layer. */
  scale?: number;
  /**
   * What if: the scores divided by it, besides the scale of each layer, so that attention is more even (above 1) or sharper. Greater
   * than 0; default 1.
   */
  temperature?: number;
  /** What if: no positions (false), in the source and the target. Default true. */
  usePositions?: boolean;
  /**
   * What if: cell by cell, what may not be looked at, in every layer and head: [n, n], row = query token, 0 = hidden, besides
   * what the model hides itself; for cross-attention [target's tokens, source's]. "shape-mismatch" for another size. A row with nothing left to look at has weights and
   * context of 0.
   */
  attnMask?: Uint8Array;
  signal?: AbortSignal;
}

/**
 * How a text is made. What else the model's files ask of its texts is done: of generation_config.json, or of config.json where
 * there is no such file or it has not the key, eos_token_id, decoder_start_token_id, forced_bos_token_id, forced_eos_token_id,
 * repetition_penalty, no_repeat_ngram_size, suppress_tokens, begin_suppress_tokens and bad_words_ids. What they say of chance
 * (do_sample, temperature, top_k, top_p), length and beams is not: a text is the most probable one, token by token, unless asked otherwise here.
 *
 * @example
 * import { loadModel } from "heed/models";
 *
 * const model = await loadModel(translator);           // an NLLB, mBART or M2M-100, say
 * const said = await model.generate("the cat sat", {
 *   forcedBos: "mat",                                  // of an NLLB the language to translate to: "fra_Latn"
 *   repetitionPenalty: 1.2,
 *   noRepeatNgramSize: 3,
 *   maxTokens: 8,
 * });
 * model.dispose();
 */
export interface GenerateOptions {
  /** Default 50. */
  maxTokens?: number;
  /** 0: always the most probable token. Default 0. */
  temperature?: number;
  topK?: number;
  topP?: number;
  /** Same seed, same text. Default 0. */
  seed?: number;
  /**
   * By what the logits of all tokens so far, the prompt's (of an encoder-decoder: the decoder's) too, are divided, or multiplied
   * where they are below 0 (Keskar et al. 2019, CTRL, section 4.1). Above 1 repeats become rarer. Default: the files', else 1.
   * "invalid-argument" if not above 0.
   */
  repetitionPenalty?: number;
  /**
   * So many tokens, counted like those above, never come twice in the same order (Paulus et al. 2017, section 2.5); 0: they may.
   * Where nothing else could follow the text ends. Default: the files', else 0. "invalid-argument" if not an integer of at least 0.
   */
  noRepeatNgramSize?: number;
  /**
   * The first token of an encoder-decoder's text, as the vocabulary spells it or its id: of mBART, M2M-100 and NLLB the language
   * to translate to ("fr_XX", "__fr__", "fra_Latn"). Default: the files', else none. "invalid-argument" for other models and unknown tokens.
   */
  forcedBos?: string | number;
  /** Gives onToken() the weights that each token was chosen by: some slower. Default false. */
  attention?: boolean;
  signal?: AbortSignal;
  onToken?(token: GeneratedToken): void;
}

/**
 * A token that generate() has just chosen. It was chosen at the one before it, the last that the model had read: with
 * options.attention, that one's row of weights is there to be asked for, now or later. Every array is a copy. Errors:
 * "invalid-argument" for a layer or head that there is not.
 *
 * @example
 * import { loadModel } from "heed/models";
 *
 * const model = await loadModel("heed-gpt");
 * await model.generate("Every effort moves", {
 *   maxTokens: 3,
 *   attention: true,
 *   onToken: ({ text, attention }) => console.log(text, attention?.(1, 0)), // layer 1, head 0: a weight for each token so far
 * });
 * model.dispose();
 */
export interface GeneratedToken {
  id: number;
  text: string;
  /** [tokens so far, without this one]; of an encoder-decoder the decoder's. */
  attention?(layer: number, head: number): OwnFloat32Array;
  /** Of an encoder-decoder: [source tokens]. */
  crossAttention?(layer: number, head: number): OwnFloat32Array;
}

/** A rectangle of a head's weights: as attentionWindow's. */
export type RunWindow = Pick<WindowOptions, "rows" | "cols" | "out" | "reduce">;

/**
 * A text that went through a model: frozen numbers. Every array is a copy that the caller owns. They outlive the model, but for
 * logits(), predictions() and window(), which ask it: "disposed" after its dispose().
 */
export interface Run {
  readonly tokens: readonly Token[];
  /** [n, n], row = query token. Default stage "weights"; "invalid-argument" for a stage not captured. "logsumexp": [n]. */
  attention(layer: number, head: number, stage?: CaptureName): OwnFloat32Array;
  /**
   * Weights of a rectangle of one head's matrix, [height, width], without ever holding the matrix: recomputed from queries,
   * keys and the rows' logsumexp, whatever was captured (Dao et al. 2022, section 3.1). With `out` smaller than the rectangle
   * each cell is the mean or max of those under it. For texts whose whole matrices would be too much: run them with
   * `capture: []`. Errors: "invalid-argument"; "disposed" and "crashed" as the model's.
   *
   * @example
   * import { loadModel } from "heed/models";
   *
   * const model = await loadModel("heed-bert");
   * const run = await model.run("The animal didn't cross the street because it was too tired.", { capture: [] });
   * const row = run.window(2, 1, { rows: [10, 11], cols: [0, 16] });       // whom "it" looks at, [1, 16]
   * const picture = run.window(2, 1, { rows: [0, 16], cols: [0, 16], out: [4, 4], reduce: "max" });   // [4, 4]
   * model.dispose();
   */
  window(layer: number, head: number, options: RunWindow): OwnFloat32Array;
  /** [n, head_dim] */
  query(layer: number, head: number): OwnFloat32Array;
  /** [n, head_dim] */
  key(layer: number, head: number): OwnFloat32Array;
  /** [n, head_dim] */
  value(layer: number, head: number): OwnFloat32Array;
  /** [n, head_dim]: weights·value, ablation applied. */
  context(layer: number, head: number): OwnFloat32Array;
  /** [n, model_dim]; 0 = embeddings. */
  hidden(layer: number): OwnFloat32Array;
  /**
   * [n, model_dim]: what a layer's queries, keys and values are made of. BERT's is hidden(layer), GPT-2's is LayerNorm of it.
   */
  attentionInput(layer: number): OwnFloat32Array;
  /** [n, model_dim]: Concat(head_1 … head_h) Wᴼ and its bias, before it is added to hidden(layer). */
  attentionOutput(layer: number): OwnFloat32Array;
  /**
   * [n, model_dim]: what Wᴼ makes of one head's context alone. All heads' and Wᴼ's bias add up to attentionOutput(layer), for
   * Concat(head_1 … head_h) Wᴼ is a sum of one product a head (Vaswani et al. 2017, section 3.2.2; Elhage et al. 2021, "A
   * Mathematical Framework for Transformer Circuits"). "invalid-argument" where `capture` had no "headOutputs".
   *
   * @example
   * import { loadModel } from "heed/models";
   *
   * const model = await loadModel("heed-bert");
   * const run = await model.run("The animal didn't cross the street because it was too tired.", {
   *   capture: ["weights", "headOutputs"],
   * });
   * const width = run.hidden(0).length / run.tokens.length;
   * const it = 10;                                         // whose row it is: how much each head of layer 2 says to "it"
   * const sizes = Array.from({ length: model.numHeads }, (_, head) =>
   *   Math.hypot(...run.headOutput(2, head).subarray(it * width, (it + 1) * width)));
   * model.dispose();
   */
  headOutput(layer: number, head: number): OwnFloat32Array;
  /**
   * [vocabulary], where the model has a language-model head (of an encoder-decoder: the target's); of an ELECTRA discriminator [1], above 0 where it takes the token
   * for a replaced one.
   */
  logits(position: number): OwnFloat32Array;
  /** The k most probable tokens at a position; default 5. "invalid-argument" for an ELECTRA discriminator, which has none. */
  predictions(position: number, k?: number): Prediction[];
  /** Sub-words joined to words; special tokens are words of their own. */
  words(): Word[];
  /** [n, n]: Abnar and Zuidema 2020, section 3: the product over layers of (mean head + identity) / 2. Needs "weights" captured. */
  rollout(): OwnFloat32Array;
  /** Needs "weights" captured, as by default; else "invalid-argument". */
  headStatistics(layer: number, head: number): HeadStatistics;
  /**
   * By what a layer's products of queries and keys were multiplied: the run's `scale` where it was given one, else the
   * model's, which some divide by the layer's number (GPT-2's scale_attn_by_inverse_layer_idx); over the run's
   * `temperature`. "invalid-argument".
   */
  scale(layer: number): number;
  /** Of an encoder-decoder that was given a target; the run itself is the source's way through the encoder. */
  readonly target?: TargetRun | undefined;
}

/**
 * A target text that went through an encoder-decoder's decoder. What a Run says of a text's attention to itself this says of
 * the decoder's (transformers' decoder_attentions), and of its attention to the source besides (cross_attentions): n target
 * tokens to m source tokens. Layers are the decoder's. Every array is a copy that the caller owns.
 *
 * @example
 * import { loadModel } from "heed/models";
 *
 * const model = await loadModel(translator);           // a T5, BART or Marian: its address, or its files
 * const run = await model.run({ text: "the cat sat", target: "a mat" });
 * const source = run.attention(0, 1);                   // [m, m]: the encoder's layer 0, head 1
 * const { target } = run;
 * const read = target.tokens.map(({ text }) => text);   // the token that begins a text, then the target's
 * const own = target.attention(1, 0);                   // [n, n]: the target's to itself, the decoder's layer 1
 * const cross = target.crossAttention(1, 0);            // [n, m]: row = target token, column = source token
 * const next = target.predictions(target.tokens.length - 1, 3);
 * const without = await model.run(
 *   { text: "the cat sat", target: "a mat" },
 *   { ablateHeads: [[1, 0, "cross"]], attentions: ["decoder"], isCausal: false },
 * );
 * const said = await model.generate("the cat sat", { maxTokens: 8 });
 * model.dispose();
 */
export interface TargetRun extends Omit<Run, "target"> {
  /** [n, m], row = target token. Default stage "weights"; "logsumexp": [n]. Errors: as attention()'s. */
  crossAttention(layer: number, head: number, stage?: CaptureName): OwnFloat32Array;
  /** [n, head_dim] */
  crossQuery(layer: number, head: number): OwnFloat32Array;
  /** [m, head_dim], of the source. */
  crossKey(layer: number, head: number): OwnFloat32Array;
  /** [m, head_dim], of the source. */
  crossValue(layer: number, head: number): OwnFloat32Array;
  /** [n, head_dim] */
  crossContext(layer: number, head: number): OwnFloat32Array;
  /** [n, model_dim]. Errors: as headOutput()'s. */
  crossHeadOutput(layer: number, head: number): OwnFloat32Array;
  /** [n, model_dim]: what cross-attention's queries are made of. */
  crossAttentionInput(layer: number): OwnFloat32Array;
  /** [n, model_dim]: what cross-attention adds to the stream. */
  crossAttentionOutput(layer: number): OwnFloat32Array;
}

/** What a model's queries, keys and values are beside products of the layer's input (Vaswani et al. 2017, section 3.2.2). */
export interface Projections {
  /** A learned number is added to each: q = xW + b. */
  readonly bias: boolean;
  /** And to each of what Wᴼ gives. */
  readonly outputBias: boolean;
  /** Each head's queries and keys are normalised (Qwen3, Gemma 3). */
  readonly norm: boolean;
  /** And turned by their positions (Su et al. 2021, RoFormer). */
  readonly rotary: boolean;
}

/** A transformer that has been loaded. */
export interface Model {
  /** config.json as read. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly architecture: Architecture;
  readonly numLayers: number;
  readonly numHeads: number;
  /** An encoder-decoder's second stack; numLayers and numHeads are the encoder's. null: there is none. */
  readonly decoder: { readonly numLayers: number; readonly numHeads: number } | null;
  readonly isCausal: boolean;
  /** By which products of queries and keys are multiplied, in the first layer at least: 1/sqrt(head_dim) of most models. */
  readonly scale: number;
  /** What its attention adds to the paper's xW: see Projections. */
  readonly projections: Projections;
  /** The longest input in tokens. */
  readonly maxLength: number;
  tokenize(text: string, pair?: string): Token[];
  /** Runs one text. A text longer than maxLength is "invalid-argument" and the message says by how much. */
  run(input: RunInput, options?: RunOptions): Promise<Run>;
  /**
   * Continues a text (causal models), or translates or summarises it (encoder-decoders). Resolves to the new text only,
   * which of an encoder-decoder is without special tokens.
   */
  generate(text: string, options?: GenerateOptions): Promise<string>;
  /** Bytes of the model's WebAssembly memory, and of them in use: the weights, mostly. "disposed" after dispose(). */
  readonly memory: { readonly heapBytes: number; readonly usedBytes: number };
  /** Gives the memory back. Idempotent; any later call throws "disposed". */
  dispose(): void;
  [Symbol.dispose](): void;
}
