// What each architecture was checked against, measured here and now: the largest difference from transformers' own numbers
// where there is a checkpoint that it ran, else from a reference in double precision.

import { existsSync, readdirSync } from "node:fs";
import { createEngine } from "heed";
import { loadModel, type ModelFiles, type Run, type RunInput } from "heed/models";
import { fixturePath, readJson, readTensors } from "../../fixtures/read.js";
import { byteTokenizer, goldenFiles, wordTokenizer } from "./checkpoint.js";
import { byteIds, decoderCases, text } from "./decoder_cases.js";
import type { Golden } from "./golden.js";
import { decoderTensors, safetensorsOf } from "./made_decoder.js";
import { runPlainly } from "./plain_decoder.js";
import { bartSizes, madeBart, madeT5, t5Sizes } from "./made_encoder_decoders.js";
import { runBart, type BartSizes } from "./reference/bart.js";
import { madeCheckpoint } from "./reference/checkpoint.js";
import { electraConfig, electraShapes, runElectra } from "./reference/electra.js";
import type { EncoderDecoderRun } from "./reference/encoder_decoder.js";
import { runT5 } from "./reference/t5.js";

export interface Evidence {
  readonly against: string;
  /** Of attention weights, absolute. */
  readonly attention: number;
  /** Of hidden states, as a share of the largest of them. */
  readonly hidden: number;
}

/** What a reference says: [layers, heads, n, n] and [layers + 1, n, width], flat. */
interface Expected {
  readonly attentions: ArrayLike<number>;
  readonly hidden: ArrayLike<number>;
  /** The same of an encoder-decoder's other attentions, and where the run has them. */
  readonly besides?: readonly { readonly got: number[]; readonly attentions: number[] }[];
}

/** Names under which the same layers go, and the checkpoint's own name. */
const ALIASES: Readonly<Record<string, string>> = { camembert: "roberta", "xlm-roberta": "roberta" };

/** Everything there is for one model_type; none: nothing has been checked. */
export async function evidenceFor(type: string): Promise<Evidence[]> {
  const makers = [fromGolden, fromDecoders, fromElectra, fromEncoderDecoders];
  const found: (Evidence | undefined)[] = [];
  for (const measure of makers) found.push(await measure(type));
  return found.flatMap((one) => one ?? []);
}

function off(got: ArrayLike<number>, expected: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < expected.length; ++i)
    most = Math.max(most, Math.abs((got[i] as number) - (expected[i] as number)));
  return got.length === expected.length && Number.isFinite(most) ? most : Infinity;
}

function compared(
  run: Run,
  layers: number,
  heads: number,
  { attentions, hidden, besides = [] }: Expected,
): Omit<Evidence, "against"> {
  const each = <T>(count: number, of: (i: number) => T): T[] =>
    Array.from({ length: count }, (_, i) => of(i));
  const weights = each(layers * heads, (i) => [...run.attention(Math.floor(i / heads), i % heads)]).flat();
  const states = each(layers + 1, (layer) => [...run.hidden(layer)]).flat();
  let largest = 0;
  for (let i = 0; i < hidden.length; ++i) largest = Math.max(largest, Math.abs(hidden[i] as number));
  const others = besides.map((one) => off(one.got, one.attentions));
  return { attention: Math.max(off(weights, attentions), ...others), hidden: off(states, hidden) / largest };
}

type Case = readonly [input: RunInput, expected: (run: Run) => Expected];

/** The worst of all cases of all checkpoints, in the variant that gives the same bits on every host. */
async function worst(
  against: string,
  checkpoints: readonly { files: ModelFiles; cases: readonly Case[] }[],
): Promise<Evidence | undefined> {
  if (checkpoints.length === 0) return undefined;
  const engine = await createEngine({ variant: "simd", workers: 0 });
  let [attention, hidden] = [0, 0];
  for (const { files, cases } of checkpoints) {
    const model = await loadModel(files, { engine, workers: 0 });
    for (const [input, expected] of cases) {
      const run = await model.run(input);
      const now = compared(run, model.numLayers, model.numHeads, expected(run));
      [attention, hidden] = [Math.max(attention, now.attention), Math.max(hidden, now.hidden)];
    }
    model.dispose();
  }
  engine.dispose();
  return { against, attention, hidden };
}

function fromGolden(type: string): Promise<Evidence | undefined> {
  const root = "golden/models";
  const folders = readdirSync(fixturePath(root)).filter((name) => {
    if (!existsSync(fixturePath(`${root}/${name}/expected.json`))) return false;
    return (
      readJson<{ model_type: string }>(`${root}/${name}/config.json`).model_type === (ALIASES[type] ?? type)
    );
  });
  const checkpoints = folders.map((name) => {
    const shards = readdirSync(fixturePath(`${root}/${name}`)).filter((file) =>
      /-of-\d+\.safetensors$/.test(file),
    );
    const tensors = readTensors(`${root}/${name}/expected.safetensors`);
    const config = { ...readJson<object>(`${root}/${name}/config.json`), model_type: type };
    const cases = readJson<Golden>(`${root}/${name}/expected.json`).texts.map(({ key, text, pair }): Case => [
      pair === undefined ? text : { text, pair },
      () => ({
        attentions: tensors[`${key}.attentions`]?.data ?? [],
        hidden: tensors[`${key}.hidden_states`]?.data ?? [],
      }),
    ]);
    return { files: { ...goldenFiles(name, shards.length), config }, cases };
  });
  const list = folders.map((name) => `\`${name}\``).join(", ");
  return worst(`transformers: ${list}${type in ALIASES ? ", under this name" : ""}`, checkpoints);
}

function fromDecoders(type: string): Promise<Evidence | undefined> {
  const checkpoints = decoderCases
    .filter(([, config]) => config["model_type"] === type)
    .map(([, config]) => {
      const tensors = decoderTensors(config);
      const { attentions, hidden_states: hidden } = runPlainly(config, tensors, byteIds(text));
      const expected = { attentions: attentions?.data ?? [], hidden: hidden?.data ?? [] };
      const files = { config, tokenizer: byteTokenizer(), weights: safetensorsOf(tensors) };
      return { files, cases: [[text, () => expected]] as Case[] };
    });
  return worst(`a double-precision reference, ${configurations(checkpoints.length)}`, checkpoints);
}

function fromElectra(type: string): Promise<Evidence | undefined> {
  if (type !== "electra") return Promise.resolve(undefined);
  const words = ["the", "cat", "sat", "on", "a", "mat"];
  const sizes = {
    ...{ layers: 2, heads: 2, width: 16, inner: 24 },
    ...{ embedding: 12, vocabulary: 5 + words.length, positions: 20 },
  };
  const checkpoints = (["discriminator", "generator"] as const).map((head) => {
    const made = madeCheckpoint(electraShapes(sizes, head), 1);
    const expected = ({ tokens }: Run): Expected => {
      const [ids, types] = [tokens.map(({ id }) => id), tokens.map(({ sequence }) => sequence)];
      const { attentions, hidden } = runElectra(made, sizes, head, ids, types);
      return { attentions: attentions.flat(3), hidden: hidden.flat(2) };
    };
    const name = head === "generator" ? "ElectraForMaskedLM" : "ElectraForPreTraining";
    const files = {
      config: electraConfig(sizes, name),
      tokenizer: wordTokenizer(words),
      weights: made.weights,
    };
    return { files, cases: [[{ text: "the cat sat", pair: "on a mat" }, expected]] as Case[] };
  });
  return worst(`a double-precision reference, ${configurations(checkpoints.length)}`, checkpoints);
}

function fromEncoderDecoders(type: string): Promise<Evidence | undefined> {
  const [source, target] = [
    [2, 5, 6, 7, 8, 9, 10, 5, 3],
    [3, 9, 10, 7, 5, 5],
  ];
  const bart = (kind: BartSizes["kind"]) => {
    const { files, made } = madeBart({ kind });
    return { files, expected: runBart(made, { ...bartSizes, kind }, source, target) };
  };
  const t5 = (model_type: "t5" | "mt5") => {
    const { files, made } = madeT5();
    const config = { ...(files.config as object), model_type };
    return { files: { ...files, config }, expected: runT5(made, t5Sizes, source, target) };
  };
  const makers: Readonly<Record<string, () => { files: ModelFiles; expected: EncoderDecoderRun }>> = {
    bart: () => bart("bart"),
    m2m_100: () => bart("m2m_100"),
    marian: () => bart("marian"),
    mbart: () => bart("mbart"),
    pegasus: () => bart("pegasus"),
    t5: () => t5("t5"),
    mt5: () => t5("mt5"),
  };
  const checkpoints = [makers[type]?.() ?? []].flat().map(({ files, expected }) => ({
    files,
    cases: [[{ ids: source, targetIds: target }, (run: Run) => threefold(run, expected)]] as Case[],
  }));
  return worst("a double-precision reference: encoder, decoder and cross-attention", checkpoints);
}

function threefold({ target }: Run, { encoder, decoder }: EncoderDecoderRun): Expected {
  if (!target) throw new Error("the run has no target");
  const ofAll = (of: (layer: number, head: number) => Float32Array): number[] =>
    decoder.attentions.flatMap((heads, layer) => heads.flatMap((_, head) => [...of(layer, head)]));
  return {
    attentions: encoder.attentions.flat(3),
    hidden: encoder.hidden.flat(2),
    besides: [
      { got: ofAll((l, h) => target.attention(l, h)), attentions: decoder.attentions.flat(3) },
      { got: ofAll((l, h) => target.crossAttention(l, h)), attentions: decoder.crossAttentions.flat(3) },
    ],
  };
}

function configurations(count: number): string {
  return count === 1 ? "1 configuration" : `${count} configurations`;
}
