// ONNX's own node cases of Attention (opsets 23 to 25) and RotaryEmbedding, called through the public API: rtol 1e-5 and
// atol 1e-6 for f32.

import { readdirSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { createEngine, type AttentionOptions, type CaptureName, type Engine } from "heed";
import { difference, fixturePath, readJson } from "../fixtures/read.js";

type Scalar = number | string | boolean;
interface OnnxTensor {
  dtype: string;
  shape: number[];
  data: Scalar[];
}
interface OnnxCase {
  op: string;
  attributes: Record<string, number | undefined>;
  /** "" stands for an input left out. */
  node_inputs: string[];
  node_outputs: string[];
  inputs: OnnxTensor[];
  outputs: OnnxTensor[];
}

/** NaN and the infinities are strings in JSON. */
const number = (value: Scalar) =>
  typeof value === "string" ? Number(value.replace(/^([+-]?)inf(inity)?$/i, "$1Infinity")) : Number(value);
const floats = (tensor: OnnxTensor) => Float32Array.from(tensor.data, number);

function byName(names: string[], tensors: OnnxTensor[]): Record<string, OnnxTensor> {
  const present = names.filter((name) => name !== "");
  return Object.fromEntries(present.map((name, i) => [name, tensors[i] as OnnxTensor]));
}

/** What f16 can hold near a value of 1; the cases are computed in f16 and stored widened. */
const halfTolerance = { atol: 1e-3, rtol: 1e-3 };
const singleTolerance = { atol: 1e-6, rtol: 1e-5 };

function attentionOptions({ attributes: a }: OnnxCase, inputs: Record<string, OnnxTensor>) {
  const [q, k, v] = [inputs["Q"], inputs["K"], inputs["V"]] as [OnnxTensor, OnnxTensor, OnnxTensor];
  const is3d = q.shape.length === 3;
  const numHeads = (is3d ? a["q_num_heads"] : q.shape[1]) as number;
  const numKvHeads = (is3d ? a["kv_num_heads"] : k.shape[1]) as number;
  const last = (tensor: OnnxTensor) => tensor.shape.at(-1) as number;
  const options: AttentionOptions = {
    numHeads,
    numKvHeads,
    headDim: is3d ? last(q) / numHeads : last(q),
    valueDim: is3d ? last(v) / numKvHeads : last(v),
    batchSize: q.shape[0] as number,
    layout: is3d ? "blhd" : "bhld",
    isCausal: a["is_causal"] === 1,
  };
  if (a["scale"] !== undefined) options.scale = a["scale"];
  if (a["softcap"] !== undefined) options.softcap = a["softcap"];
  const left = a["left_window_size"] ?? -1;
  const right = a["right_window_size"] ?? -1;
  if (left !== -1 || right !== -1) options.window = [left, right];
  const mask = inputs["attn_mask"];
  if (mask) {
    const data = mask.dtype === "bool" ? Uint8Array.from(mask.data, Number) : floats(mask);
    options.attnMask = { data, shape: mask.shape };
  }
  const lengths = inputs["nonpad_kv_seqlen"];
  if (lengths) options.keyLengths = Int32Array.from(lengths.data, Number);
  if (inputs["past_key"] && inputs["past_value"]) {
    options.pastKey = floats(inputs["past_key"]);
    options.pastValue = floats(inputs["past_value"]);
  }
  return { q: floats(q), k: floats(k), v: floats(v), options };
}

const modes: readonly CaptureName[] = ["scores", "cappedScores", "maskedScores", "weights"];

function runAttention(engine: Engine, onnx: OnnxCase, inputs: Record<string, OnnxTensor>) {
  const { q, k, v, options } = attentionOptions(onnx, inputs);
  const stage = modes[onnx.attributes["qk_matmul_output_mode"] ?? 0] as CaptureName;
  const result = engine.attention(q, k, v, { ...options, capture: [stage] });
  // Without a captured matrix the tiled path answers: it must agree.
  const { output } = engine.attention(q, k, v, options);
  return {
    Y: [result.output, output],
    present_key: [result.presentKey],
    present_value: [result.presentValue],
    qk_matmul_output: [result[stage]],
  } as Record<string, Float32Array[]>;
}

function runRotary(engine: Engine, { attributes: a }: OnnxCase, inputs: Record<string, OnnxTensor>) {
  const [x, cos, sin] = [inputs["input"], inputs["cos_cache"], inputs["sin_cache"]] as [
    OnnxTensor,
    OnnxTensor,
    OnnxTensor,
  ];
  const [batchSize, heads, , headDim] = x.shape as [number, number, number, number];
  const ids = inputs["position_ids"];
  const options = {
    ...{ batchSize, numHeads: heads, headDim, interleaved: a["interleaved"] === 1 },
    ...{ cos: floats(cos), sin: floats(sin) },
    ...(a["rotary_embedding_dim"] ? { rotaryDim: a["rotary_embedding_dim"] } : {}),
    ...(ids ? { positionIds: Int32Array.from(ids.data, Number) } : {}),
  };
  return { output: [engine.rotaryEmbedding(floats(x), options)] };
}

const files = readdirSync(fixturePath("onnx")).filter((name) => name.endsWith(".json"));

describe.each(["simd", "relaxed-simd"] as const)("%s", (variant) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await createEngine({ variant });
  });
  afterAll(() => engine.dispose());

  test.each(files)("%s", (file) => {
    const onnx = readJson<OnnxCase>(`onnx/${file}`);
    const inputs = byName(onnx.node_inputs, onnx.inputs);
    const expected = byName(onnx.node_outputs, onnx.outputs);
    const got: Record<string, Float32Array[]> =
      onnx.op === "Attention" ? runAttention(engine, onnx, inputs) : runRotary(engine, onnx, inputs);
    const tolerance = onnx.inputs[0]?.dtype === "float16" ? halfTolerance : singleTolerance;
    for (const [name, tensor] of Object.entries(expected)) {
      for (const array of got[name] as Float32Array[]) {
        expect(`${name}: ${difference(array, floats(tensor), tolerance)}`).toBe(`${name}: `);
      }
    }
  });
});
