// What each step says of the followed cell: sentences, and the calculation in numbers.
import { layerStream, partOf, partsOfOutput } from "../../runner/run_data.ts";
import { keyLabelsOf } from "../../reading/units.ts";
import {
  aside,
  bracketed,
  decimals,
  largestTerms,
  reckon,
  sharePlaces,
  writeSum,
  written,
} from "./reckoning.ts";
import { hidesNothing, isRootOf, strongest, type Facts } from "./facts.ts";
import type { StepName } from "./formulas.ts";
import { explained } from "../stages.ts";
import type { Scene } from "../view.ts";

export interface Said {
  readonly sentences: readonly string[];
  /** Lines of a calculation: see typeset(). */
  readonly reckoning: readonly string[];
}

/** Products written out. */
const TERMS = 3;

export function sayStep(name: StepName, scene: Scene, facts: Facts): Said {
  const { sentences, reckoning } = SAY[name](scene, facts);
  return { sentences, reckoning: reckoning.map(scene.strings.numbers.local) };
}

const SAY: Readonly<Record<StepName, (scene: Scene, facts: Facts) => Said>> = {
  input(scene, facts) {
    const { strings, run } = scene;
    const isCross = partOf(run) === "cross";
    const isNormalised = !isCross && !sameStart(run.attentionInput, run.hidden);
    const said = strings.stepsView.input;
    return {
      sentences: [
        said.say(...names(scene, facts), facts.modelDim),
        isNormalised ? said.normalised : "",
        isCross ? strings.parts.inputs : "",
      ],
      reckoning: [],
    };
  },
  project(scene, facts) {
    const said = scene.strings.stepsView.project;
    const { bias, norm, rotary } = scene.run.projections;
    return {
      sentences: [
        said.say(...names(scene, facts), facts.headDim),
        bias ? said.bias : "",
        norm ? said.normed : "",
        rotary && scene.run.whatIf.positions ? said.turned : "",
      ],
      reckoning: [],
    };
  },
  products(scene, facts) {
    const { products } = scene.strings.stepsView;
    const { local } = scene.strings.numbers;
    const { row, col } = facts.cell;
    const terms = largestTerms(facts.vector("query", row), facts.vector("key", col), TERMS);
    const product = facts.at("products");
    return {
      sentences: [products.say(...names(scene, facts), facts.headDim, local(decimals(product, 2)))],
      reckoning: [writeSum(terms, product, 2, scene.strings.stepsView.others)],
    };
  },
  scores(scene, facts) {
    const { scores } = scene.strings.stepsView;
    const { scaled, temperature } = scene.run.whatIf;
    const ownScale = explained(scene, "scores");
    return {
      sentences: [
        !scaled ? scores.unscaled : isRootOf(facts, scene.run.whatIf) ? scores.say(facts.headDim) : ownScale,
        temperature === 1 ? "" : scores.warm(scene.strings.numbers.local(String(temperature))),
      ],
      reckoning: [divide(facts, scene.run.whatIf)],
    };
  },
  mask(scene, facts) {
    const { mask } = scene.strings.stepsView;
    if (hidesNothing(scene)) return { sentences: [maskSaid(scene)], reckoning: [] };
    const score = decimals(facts.at("scores"), 2);
    const [query, key] = names(scene, facts);
    return {
      sentences: [
        facts.hidden
          ? mask[facts.hidden](query, key)
          : mask.seen(query, key, scene.strings.numbers.local(score)),
        maskSaid(scene),
      ],
      reckoning: [`${score} \u2192 ${decimals(facts.at("maskedScores"), 2)}`],
    };
  },
  softmax(scene, facts) {
    const { stepsView, reading } = scene.strings;
    const [query, key] = names(scene, facts);
    const weight = facts.at("weights");
    if (facts.largest === -Infinity) return { sentences: [stepsView.softmax.blind(query)], reckoning: [] };
    return {
      sentences: [
        stepsView.softmax.say(query, key, reading.percent(weight)),
        facts.hidden ? stepsView.softmax.hidden(key) : "",
      ],
      reckoning: [share(scene, facts, weight), rowSum(scene, facts.row("weights"))],
    };
  },
  context(scene, facts) {
    const { stepsView, reading } = scene.strings;
    const channel = strongest(facts.vector("context", facts.cell.row));
    const [query, key] = names(scene, facts);
    const total = facts.vector("context", facts.cell.row)[channel] ?? 0;
    const terms = largestTerms(facts.row("weights"), facts.valuesOf(channel), TERMS);
    if (facts.isAblated) return { sentences: [stepsView.context.ablated], reckoning: [] };
    return {
      sentences: [stepsView.context.say(query, key, reading.percent(facts.at("weights")), channel)],
      reckoning: [writeSum(terms, total, 3, stepsView.others)],
    };
  },
  concat: ({ strings, run }, { headDim, head }) => ({
    sentences: [strings.stepsView.concat.say(run.numHeads, headDim, run.numHeads * headDim, head)],
    reckoning: [],
  }),
  output(scene, facts) {
    const { layer, cell, modelDim } = facts;
    const { output } = scene.strings.stepsView;
    const row = layerStream(scene.run, "attentionOutput", layer).subarray(
      cell.row * modelDim,
      (cell.row + 1) * modelDim,
    );
    const channel = strongest(row);
    const parts = partsOfOutput(scene.run, layer, cell.row);
    return {
      sentences: [
        output.say(names(scene, facts)[0], modelDim),
        output.largest(channel, scene.strings.numbers.local(decimals(row[channel] ?? 0, 2))),
        parts ? output.heads : output.unparted,
        output.added,
      ],
      reckoning: parts ? [sumOfHeads(scene, facts, parts, channel, row[channel] ?? 0)] : [],
    };
  },
};

/** What the mask hides of all the run. */
function maskSaid({ run, strings }: Scene): string {
  const { mask } = strings.stepsView;
  if (partOf(run) === "cross") return strings.parts.mask;
  if (run.isCausal) return mask.causal;
  return run.whatIf.hidden.length === 0 ? mask.nothing(run.model) : "";
}

/** The words of the followed cell: who looks, at whom. */
function names(scene: Scene, { cell }: Facts): readonly [query: string, key: string] {
  return [scene.labels[cell.row]?.plain ?? "", keyLabelsOf(scene)[cell.col]?.plain ?? ""];
}

/** "8.31 ÷ √32 = 1.47"; another scale than the root's is written as the number it is. */
function divide(facts: Facts, whatIf: Scene["run"]["whatIf"]): string {
  const { scaled, temperature } = whatIf;
  const isRoot = isRootOf(facts, whatIf);
  const { at, headDim, divisor } = facts;
  const { parts, result, sign } = reckon(
    [at("products")],
    at("scores"),
    2,
    ([product = 0]) => product / divisor,
  );
  const by = [scaled ? `\u221a${headDim}` : "", temperature === 1 ? "" : String(temperature)].filter(Boolean);
  const under = isRoot ? by.join(" \u00f7 ") : decimals(divisor, 4);
  return under === "" ? `${parts[0]} \u2192 ${result}` : `${parts[0]} \u00f7 ${under} ${sign} ${result}`;
}

/** "e^(1.47 − 3.02) ÷ 1.901 ⁨(the sum over the row)⁩ = 0.112" */
function share({ strings }: Scene, { at, largest, sum }: Facts, weight: number): string {
  const places = sharePlaces(weight);
  const { parts, result, sign } = reckon(
    [at("maskedScores"), largest, sum],
    weight,
    places,
    ([s = 0, most = 0, all = 1]) => Math.exp(s - most) / all,
    (value) => written(value, places),
  );
  return `e^(${parts[0]} \u2212 ${bracketed(parts[1])}) \u00f7 ${parts[2]} ${aside(strings.stepsView.wholeRow)} ${sign} ${result}`;
}

/** "0.998 + 0.001 + 0.001 ⁨from 13 others⁩ = 1.000": the largest shares, and all others together. */
function rowSum({ strings }: Scene, row: Float32Array): string {
  const ones = new Float32Array(row.length).fill(1);
  const { pairs, rest, others } = largestTerms(row, ones, TERMS);
  const shares = [...pairs.map(([weight]) => weight), ...(others > 0 ? [rest] : [])];
  const places = sharePlaces(shares[0] ?? 0);
  const { parts, result, sign } = reckon(shares, 1, places, (all) =>
    all.reduce((total, part) => total + part, 0),
  );
  return `${parts.join(" + ")}${others > 0 ? ` ${aside(strings.stepsView.others(others))}` : ""} ${sign} ${result}`;
}

/** "0.93 ⁨L0H2⁩ + (−0.31) ⁨L0H0⁩ + 0.2 ⁨from 3 others⁩ = 0.82": one number of the output, of the heads' parts and the bias. */
function sumOfHeads(
  { strings }: Scene,
  { layer, modelDim }: Facts,
  parts: Float32Array,
  channel: number,
  total: number,
): string {
  const { stepsView, reading } = strings;
  const all = Array.from({ length: parts.length / modelDim }, (_, head) => ({
    name: (head + 1) * modelDim < parts.length ? reading.head(layer, head) : stepsView.output.bias,
    value: parts[head * modelDim + channel] ?? 0,
  })).sort((a, b) => Math.abs(b.value) - Math.abs(a.value));
  const rest = all.splice(TERMS);
  if (rest.length > 0) {
    const value = rest.reduce((sum, part) => sum + part.value, 0);
    all.push({ name: stepsView.others(rest.length), value });
  }
  const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
  const {
    parts: written,
    result,
    sign,
  } = reckon(
    all.map(({ value }) => value),
    total,
    2,
    sum,
  );
  return `${written.map((text, i) => `${bracketed(text)} ${aside(all[i]?.name ?? "")}`).join(" + ")} ${sign} ${result}`;
}

/** Whether two arrays begin alike: an input that is the stream itself. */
function sameStart(a: Float32Array, b: Float32Array): boolean {
  return a.subarray(0, 8).every((value, i) => value === b[i]);
}
