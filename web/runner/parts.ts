// An encoder-decoder's three attentions, each read by the same words.
import type { HeadStatistics, Model, Run, TargetRun } from "heed/models";
import type { Part } from "../state.ts";
import type { Stage } from "./run_data.ts";

/** One kind of attention of a run: n tokens that look, at m. */
export interface Attention {
  /** Of the tokens that look. */
  readonly run: Run;
  readonly numLayers: number;
  readonly numHeads: number;
  /** As trained. */
  readonly isCausal: boolean;
  weights(layer: number, head: number, stage: Stage): Float32Array;
  query(layer: number, head: number): Float32Array;
  key(layer: number, head: number): Float32Array;
  value(layer: number, head: number): Float32Array;
  context(layer: number, head: number): Float32Array;
  input(layer: number): Float32Array;
  output(layer: number): Float32Array;
  /** Where it was captured. */
  headOutput(layer: number, head: number): Float32Array;
  statistics(layer: number, head: number): Partial<HeadStatistics>;
}

/** How many layers and heads a part has, and whether it hides the future. */
export function sizesOf(model: Model, part: Part): Pick<Attention, "numLayers" | "numHeads" | "isCausal"> {
  const { numLayers, numHeads } = (part === "encoder" ? undefined : model.decoder) ?? model;
  return { numLayers, numHeads, isCausal: part === "decoder" || (part === "encoder" && model.isCausal) };
}

/** The part of a run that was asked for; of a run without a target the encoder's. */
export function attentionOf(model: Model, run: Run, part: Part): Attention {
  const { target } = run;
  if (part === "encoder" || !target) return { ...sizesOf(model, "encoder"), ...toItself(run) };
  return { ...sizesOf(model, part), ...(part === "decoder" ? toItself(target) : toSource(run, target)) };
}

type Read = Omit<Attention, "numLayers" | "numHeads" | "isCausal">;

function toItself(run: Run | TargetRun): Read {
  return {
    run: run as Run,
    weights: (layer, head, stage) => run.attention(layer, head, stage),
    query: (layer, head) => run.query(layer, head),
    key: (layer, head) => run.key(layer, head),
    value: (layer, head) => run.value(layer, head),
    context: (layer, head) => run.context(layer, head),
    input: (layer) => run.attentionInput(layer),
    output: (layer) => run.attentionOutput(layer),
    headOutput: (layer, head) => run.headOutput(layer, head),
    statistics: (layer, head) => run.headStatistics(layer, head),
  };
}

function toSource(source: Run, run: TargetRun): Read {
  const special = source.tokens.map((token) => token.special);
  return {
    run,
    weights: (layer, head, stage) => run.crossAttention(layer, head, stage),
    query: (layer, head) => run.crossQuery(layer, head),
    key: (layer, head) => run.crossKey(layer, head),
    value: (layer, head) => run.crossValue(layer, head),
    context: (layer, head) => run.crossContext(layer, head),
    input: (layer) => run.crossAttentionInput(layer),
    output: (layer) => run.crossAttentionOutput(layer),
    headOutput: (layer, head) => run.crossHeadOutput(layer, head),
    statistics: (layer, head) => crossStatistics(run.crossAttention(layer, head), special),
  };
}

/**
 * What HeadStatistics means where a text looks at another: neither text has a place in the other, so that nothing is said of
 * the token before or after, the token itself, the same token, or a distance. `special`: of each token looked at; those after
 * the first end texts.
 */
export function crossStatistics(
  weights: Float32Array,
  special: readonly boolean[],
): Pick<HeadStatistics, "entropy" | "firstToken" | "separator"> {
  const m = special.length;
  const rows = weights.length / m;
  let [entropy, firstToken, separator] = [0, 0, 0];
  weights.forEach((weight, at) => {
    const j = at % m;
    if (weight > 0) entropy -= (weight * Math.log2(weight)) / rows;
    if (j === 0) firstToken += weight / rows;
    else if (special[j]) separator += weight / rows;
  });
  return { entropy, firstToken, separator };
}
