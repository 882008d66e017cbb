// What a view shows that is more than heads' matrices, as named arrays: all heads; all steps; one word's query and every key.
import {
  hasSteps,
  headMatrix,
  headVectors,
  isLong,
  layerStream,
  stageWithin,
  STAGES,
} from "../runner/run_data.ts";
import { concatenated, factsOf } from "../views/steps/facts.ts";
import type { Scene } from "../views/view.ts";
import { wholeMatrix } from "./whole.ts";

export const AXES = ["layer", "head", "query", "key", "channel"] as const;
export type Axis = (typeof AXES)[number];

export interface Named {
  readonly shape: readonly number[];
  /** One an axis of the shape. */
  readonly layout: readonly Axis[];
  /** The one token that looks, where `layout` has no query but the numbers are one's. */
  readonly query?: number;
  readonly values: Float32Array;
}

export type Arrays = Readonly<Record<string, Named>>;

/** By name; undefined: the view shows the chosen heads' matrices alone. */
export async function arraysOf(scene: Scene): Promise<Arrays | undefined> {
  const { run, state } = scene;
  if (state.view === "model") return { [stageWithin(run, state.stage)]: await allHeads(scene) };
  if (!hasSteps(run)) return undefined;
  return state.view === "steps" ? steps(scene) : state.view === "neuron" ? oneQuery(scene) : undefined;
}

/** [layers, heads, n, m] */
async function allHeads(scene: Scene): Promise<Named> {
  const { run, state } = scene;
  const { n, m } = factsOf(scene);
  const { numLayers, numHeads } = run;
  const stage = stageWithin(run, state.stage);
  const layout = ["layer", "head", "query", "key"] as const;
  const shape = [numLayers, numHeads, n, m];
  if (!isLong(run)) return { shape, layout, values: run.stages[stage] };
  const all = numLayers * numHeads;
  const matrix = (at: number): Promise<Float32Array> =>
    wholeMatrix(
      { ...scene, state: { ...state, layer: Math.floor(at / numHeads) } },
      stage,
      at % numHeads,
      all,
    );
  // The first tells, before there is room for them all, whether they are too many.
  const first = await matrix(0);
  const values = new Float32Array(all * n * m);
  values.set(first);
  for (let at = 1; at < all; at++) values.set(await matrix(at), at * n * m);
  return { shape, layout, values };
}

/** All that becomes of the layer's input in the followed head; of a run without whole matrices the followed word's rows of them. */
function steps(scene: Scene): Arrays {
  const { run } = scene;
  const facts = factsOf(scene);
  const { layer, head, n, m, headDim, modelDim, cell } = facts;
  const heads = run.numHeads * n * modelDim;
  const rows = (axis: "query" | "key", width: number, values: Float32Array): Named => ({
    shape: [axis === "query" ? n : m, width],
    layout: [axis, "channel"],
    values,
  });
  const vectors = (name: keyof typeof run.vectors): Float32Array => headVectors(run, name, layer, head);
  const matrices = STAGES.map((stage): [string, Named] => [
    stage,
    isLong(run)
      ? { shape: [m], layout: ["key"], query: cell.row, values: facts.row(stage) }
      : { shape: [n, m], layout: ["query", "key"], values: headMatrix(run, stage, layer, head) },
  ]);
  return {
    input: rows("query", modelDim, layerStream(run, "attentionInput", layer)),
    ...(run.stacks?.part === "cross" && { memory: rows("key", modelDim, run.stacks.memory) }),
    query: rows("query", headDim, vectors("query")),
    key: rows("key", headDim, vectors("key")),
    value: rows("key", headDim, vectors("value")),
    ...Object.fromEntries(matrices),
    context: rows("query", headDim, vectors("context")),
    concat: rows("query", run.numHeads * headDim, concatenated(scene)),
    ...(run.headOutputs && {
      headOutputs: {
        shape: [run.numHeads, n, modelDim],
        layout: ["head", "query", "channel"] as const,
        values: run.headOutputs.subarray(layer * heads, (layer + 1) * heads),
      },
    }),
    output: rows("query", modelDim, layerStream(run, "attentionOutput", layer)),
  };
}

/** The followed word's query; every key; their products number by number, and what becomes of their sums. */
function oneQuery(scene: Scene): Arrays {
  const facts = factsOf(scene);
  const { layer, head, m, headDim, cell } = facts;
  const asks = facts.vector("query", cell.row);
  const keys = headVectors(scene.run, "key", layer, head);
  const query = cell.row;
  const row = (values: Float32Array): Named => ({ shape: [m], layout: ["key"], query, values });
  const wide = { shape: [m, headDim], layout: ["key", "channel"] } as const;
  return {
    query: { shape: [headDim], layout: ["channel"], query, values: asks },
    key: { ...wide, values: keys },
    queryTimesKey: { ...wide, query, values: keys.map((value, i) => value * (asks[i % headDim] ?? 0)) },
    ...Object.fromEntries(STAGES.map((stage) => [stage, row(facts.row(stage))])),
  };
}
