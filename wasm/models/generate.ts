// Continuing a text, a token at a time: the prompt goes through the model once, and then each new token alone, which
// attends to the keys and values kept of those before it. An encoder-decoder's prompt is the token that begins its texts, and
// what its encoder made of the source is kept as keys and values too.

import { checkAborted } from "./errors.js";
import { chooseToken, randomNumbers } from "./probabilities.js";
import type { Constraint } from "./generation.js";
import type { NativeForwardResult, NativeModel, NativeModelConfig, TraceName } from "./native.js";
import type { CheckedGeneration } from "./generate_options.js";
import type { Tokenizer } from "./tokenizer/tokenizer.js";
import { TracedLayers } from "./traced.js";
import type { GeneratedToken, GenerateOptions } from "./types.js";

/** What generation needs of a model. */
export interface Generator {
  readonly native: NativeModel;
  readonly tokenizer: Tokenizer;
  /** Of the layers that write. */
  readonly config: NativeModelConfig;
  readonly maxLength: number;
  readonly endIds: ReadonlySet<number>;
  /** Of an encoder-decoder: the encoder's final hidden states. */
  readonly memory?: Float32Array | undefined;
  /** What may be said, in a text of so many new tokens at most; undefined: anything. */
  readonly constraintFor?: ((count: number) => Constraint) | undefined;
}

// One frame of a 60 Hz screen: the longest that a page's own work waits.
const maxBusyMilliseconds = 16;

/**
 * Continues `prompt` until an end token, options.maxTokens, the model's maxLength, or where nothing may follow; resolves to
 * the new text. A character that the end cuts apart becomes U+FFFD.
 * Errors: "aborted", and the native model's.
 */
export async function generate(
  { native, tokenizer, config, maxLength, endIds, memory, constraintFor }: Generator,
  prompt: readonly number[],
  checked: CheckedGeneration,
  { signal, onToken }: GenerateOptions,
): Promise<string> {
  const { modelDim } = config;
  const trace: readonly TraceName[] = checked.attention ? ["weights"] : [];
  const random = randomNumbers(checked.seed);
  const decoder = tokenizer.decoder(memory !== undefined);
  const count = Math.min(checked.maxTokens, maxLength - prompt.length);
  const constrain = constraintFor?.(count);
  const ids = [...prompt];
  let text = "";
  let next = prompt;
  let rested = performance.now();
  await native.resetCache(prompt.length + count, memory);
  try {
    for (let made = 0; made < count; ++made) {
      checkAborted(signal, "generate()");
      const pass = { useCache: true, trace, ...(memory && { cross: { trace } }) };
      const result = await native.forward(Int32Array.from(next), pass, signal);
      const logits = native.head(result.finalHidden.subarray(-modelDim), "logits");
      constrain?.(logits, ids, made);
      const id = chooseToken(logits, checked, random);
      if (endIds.has(id) || logits[id] === -Infinity) break;
      const looked = checked.attention ? lastRows(result, config, next.length, ids.length, memory) : {};
      ids.push(id);
      // The tokens that frame a translation are no part of it.
      const isFrame = memory !== undefined && tokenizer.isSpecial(id);
      const piece = isFrame ? "" : decoder.push(tokenizer.tokenOf(id) ?? "");
      text += piece;
      onToken?.({ id, text: piece, ...looked });
      next = [id];
      if (performance.now() - rested > maxBusyMilliseconds) {
        await new Promise((resolve) => setTimeout(resolve));
        rested = performance.now();
      }
    }
  } finally {
    // A crash or dispose() has freed it already.
    if (native.alive) await native.resetCache(0);
  }
  checkAborted(signal, "generate()");
  return text + decoder.end();
}

/** What the last of `queries` tokens looks at, of `keys` in all. */
function lastRows(
  result: NativeForwardResult,
  config: NativeModelConfig,
  queries: number,
  keys: number,
  memory: Float32Array | undefined,
): Pick<GeneratedToken, "attention" | "crossAttention"> {
  const row = (layers: TracedLayers) => (layer: number, head: number) =>
    layers.attention(layer, head, "weights").slice(-layers.keys);
  const source =
    memory && new TracedLayers(result.cross ?? {}, config, queries, memory.length / config.modelDim);
  return {
    attention: row(new TracedLayers(result, config, queries, keys)),
    ...(source && { crossAttention: row(source) }),
  };
}
