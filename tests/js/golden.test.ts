// PyTorch's numbers: every case of tests/fixtures/golden/attention and modules that is one call of the engine, with the
// tolerance that came with it, on both variants.

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { createEngine, type AttentionOptions, type CaptureName, type Engine } from "heed";
import { difference, readJson, readTensors, type Tensor, type Tolerance } from "../fixtures/read.js";

interface Case {
  id: string;
  kind: string;
  attrs: Record<string, any>;
  tolerance: Record<string, Tolerance>;
}

const cases = readJson<{ id: string; kind: string }[]>("golden/index.json");
const idsOf = (...kinds: string[]) => cases.filter(({ kind }) => kinds.includes(kind)).map(({ id }) => id);

function load(folder: "attention" | "modules", id: string): [Case, Record<string, Tensor>] {
  return [readJson<Case>(`golden/${folder}/${id}.json`), readTensors(`golden/${folder}/${id}.safetensors`)];
}

const floats = (tensor: Tensor | undefined) => tensor?.data as Float32Array;

/** Where the reference's stages are called otherwise. */
const stages: readonly [CaptureName, string][] = [
  ["products", "scores_raw"],
  ["scores", "scores_scaled"],
  ["cappedScores", "scores_softcapped"],
  ["maskedScores", "scores_masked"],
  ["weights", "weights"],
  ["logsumexp", "lse"],
];

function optionsOf({ attrs }: Case, t: Record<string, Tensor>): AttentionOptions {
  const options: AttentionOptions = {
    numHeads: attrs["heads_q"],
    numKvHeads: attrs["heads_kv"],
    headDim: attrs["dim_qk"],
    valueDim: attrs["dim_v"],
    batchSize: attrs["batch"] ?? 1,
    isCausal: attrs["causal"],
  };
  if (!attrs["scale_is_default"]) options.scale = attrs["scale"];
  if (attrs["window_left"] !== -1 || attrs["window_right"] !== -1) {
    options.window = [attrs["window_left"], attrs["window_right"]];
  }
  if (attrs["softcap"]) options.softcap = attrs["softcap"];
  if (attrs["q_offset"]) options.queryOffset = Int32Array.from(attrs["q_offset"]);
  if (t["mask"]) options.attnMask = { data: t["mask"].data as Uint8Array, shape: t["mask"].shape };
  if (t["key_lens"]) options.keyLengths = t["key_lens"].data as Int32Array;
  if (t["alibi_slopes"]) options.alibiSlopes = floats(t["alibi_slopes"]);
  if (t["sinks"]) options.sinks = floats(t["sinks"]);
  return options;
}

describe.each(["simd", "relaxed-simd"] as const)("%s", (variant) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await createEngine({ variant });
  });
  afterAll(() => engine.dispose());

  function expectClose(
    name: string,
    got: ArrayLike<number>,
    tensor: Tensor | undefined,
    { tolerance }: Case,
  ) {
    expect(`${name}: ${difference(got, floats(tensor), tolerance[name] as Tolerance)}`).toBe(`${name}: `);
  }

  /** Softmax over any axis: the engine's is over the last, so that the axis is moved there and back. */
  function softmaxOver(axis: number, shape: number[], x: Float32Array): Float32Array {
    const length = shape.at(axis) as number;
    const inner = shape.slice(axis).reduce((a, b) => a * b, 1) / length;
    const at = (n: number) =>
      Math.floor(n / (length * inner)) * length * inner +
      (n % length) * inner +
      (Math.floor(n / length) % inner);
    const moved = engine.softmax(
      x.map((_, n) => x[at(n)] as number),
      length,
    );
    const back = new Float32Array(x.length);
    moved.forEach((weight, n) => (back[at(n)] = weight));
    return back;
  }

  test.each(idsOf("attention"))("attention %s", (id) => {
    const [golden, t] = load("attention", id);
    const options = optionsOf(golden, t);
    const [q, k, v] = [floats(t["q"]), floats(t["k"]), floats(t["v"])] as const;
    const captured = stages.filter(([, name]) => t[name]);
    const result = engine.attention(q, k, v, { ...options, capture: captured.map(([stage]) => stage) });
    expectClose("out", result.output, t["out"], golden);
    for (const [stage, name] of captured) expectClose(name, result[stage] as Float32Array, t[name], golden);
    // The tiled path, which never holds the matrix.
    const tiled = engine.attention(q, k, v, { ...options, capture: ["logsumexp"] });
    expectClose("out", tiled.output, t["out"], golden);
    expectClose("lse", tiled.logsumexp as Float32Array, t["lse"], golden);
    // The weights once more, from logsumexp alone.
    if (t["weights"]) {
      const [, heads = 0, rows = 0, cols = 0] = t["weights"].shape;
      const head = heads - 1;
      const window = engine.attentionWindow(q, k, tiled.logsumexp as Float32Array, {
        ...options,
        ...{ head, rows: [0, rows], cols: [0, cols] },
      });
      const expected = floats(t["weights"]).subarray(head * rows * cols, (head + 1) * rows * cols);
      // exp(s − logsumexp) carries the rounding of a logsumexp of up to |s|: its tolerance is added.
      const { atol, rtol } = golden.tolerance["weights"] as Tolerance;
      const lse = golden.tolerance["lse"] as Tolerance;
      const largest = floats(t["lse"]).reduce(
        (most, x) => (Number.isFinite(x) ? Math.max(most, Math.abs(x)) : most),
        1,
      );
      expect(difference(window, expected, { atol: atol + lse.atol + lse.rtol * largest, rtol })).toBe("");
    }
  });

  test.each(idsOf("kv_cache"))("attention with a past %s", (id) => {
    const [golden, t] = load("attention", id);
    const options = optionsOf(golden, t);
    delete options.queryOffset; // the default is what is tested
    const result = engine.attention(floats(t["q"]), floats(t["k_new"]), floats(t["v_new"]), {
      ...options,
      ...{ pastKey: floats(t["k_past"]), pastValue: floats(t["v_past"]), capture: ["logsumexp"] },
    });
    expectClose("out", result.output, t["out"], golden);
    expectClose("lse", result.logsumexp as Float32Array, t["lse"], golden);
    const { batch, heads_kv: heads, len_past: past, len_new: added, dim_qk: dim } = golden.attrs;
    for (let n = 0; n < batch * heads; n++) {
      const present = (result.presentKey as Float32Array).subarray(
        n * (past + added) * dim,
        (n + 1) * (past + added) * dim,
      );
      expect([...present.subarray(0, past * dim)]).toEqual([
        ...floats(t["k_past"]).subarray(n * past * dim, (n + 1) * past * dim),
      ]);
      expect([...present.subarray(past * dim)]).toEqual([
        ...floats(t["k_new"]).subarray(n * added * dim, (n + 1) * added * dim),
      ]);
    }
  });

  test.each(idsOf("kv_cache_trace"))("a growing cache %s", (id) => {
    const [golden, t] = load("attention", id);
    const { heads_q: heads, heads_kv: kvHeads, len, steps, dim_qk: dim, dim_v: valueDim } = golden.attrs;
    const rows = (
      tensor: Tensor | undefined,
      h: number,
      from: number,
      to: number,
      count: number,
      d: number,
    ) =>
      Array.from({ length: h }, (_, n) => [
        ...floats(tensor).subarray((n * count + from) * d, (n * count + to) * d),
      ]).flat();
    let pastKey = new Float32Array(0);
    let pastValue = new Float32Array(0);
    let from = 0;
    for (const step of steps as number[]) {
      const to = from + step;
      const cut = (name: string, h: number, d: number) =>
        new Float32Array(rows(t[name], h, from, to, len, d));
      const result = engine.attention(
        cut("q", heads, dim),
        cut("k", kvHeads, dim),
        cut("v", kvHeads, valueDim),
        {
          ...optionsOf(golden, t),
          ...{ pastKey, pastValue },
        },
      );
      expect(
        difference(
          result.output,
          rows(t["out"], heads, from, to, len, valueDim),
          golden.tolerance["out"] as Tolerance,
        ),
      ).toBe("");
      pastKey = result.presentKey as Float32Array<ArrayBuffer>;
      pastValue = result.presentValue as Float32Array<ArrayBuffer>;
      from = to;
    }
    expect(from).toBe(len);
  });

  test.each(idsOf("varlen"))("packed sequences, one call each %s", (id) => {
    const [golden, t] = load("attention", id);
    const {
      lens_q: lensQ,
      lens_k: lensK,
      heads_q: heads,
      heads_kv: kvHeads,
      dim_qk: dim,
      dim_v: valueDim,
    } = golden.attrs;
    const totalQ = lensQ.reduce((sum: number, n: number) => sum + n, 0);
    let [q0, k0] = [0, 0];
    for (const [s, lenQ] of (lensQ as number[]).entries()) {
      const lenK = lensK[s] as number;
      const cut = (name: string, from: number, n: number, width: number) =>
        floats(t[name]).subarray(from * width, (from + n) * width);
      const { output, logsumexp } = engine.attention(
        cut("q", q0, lenQ, heads * dim),
        cut("k", k0, lenK, kvHeads * dim),
        cut("v", k0, lenK, kvHeads * valueDim),
        { ...optionsOf(golden, t), layout: "blhd", queryOffset: lenK - lenQ, capture: ["logsumexp"] },
      );
      expect(
        difference(output, cut("out", q0, lenQ, heads * valueDim), golden.tolerance["out"] as Tolerance),
      ).toBe("");
      const lse = Array.from(
        { length: heads * lenQ },
        (_, n) => floats(t["lse"])[Math.floor(n / lenQ) * totalQ + q0 + (n % lenQ)],
      );
      expect(
        difference(logsumexp as Float32Array, lse as number[], golden.tolerance["lse"] as Tolerance),
      ).toBe("");
      q0 += lenQ;
      k0 += lenK;
    }
  });

  test.each(idsOf("softmax", "layernorm", "rmsnorm", "gelu_erf", "gelu_tanh", "silu", "sinusoidal"))(
    "%s",
    (id) => {
      const [golden, t] = load("modules", id);
      const x = floats(t["x"]);
      const shape = t["x"]?.shape ?? [];
      const row = shape.at(-1) ?? 0;
      const weight = floats(t["w.weight"]) ?? floats(t["weight"]) ?? null;
      const bias = floats(t["w.bias"]) ?? floats(t["bias"]) ?? null;
      const results: Record<string, () => Float32Array> = {
        softmax: () => softmaxOver(golden.attrs["dim"], shape, x),
        layernorm: () => engine.layerNorm(x, row, weight, bias, golden.attrs["eps"]),
        rmsnorm: () => engine.rmsNorm(x, row, weight, golden.attrs["eps"]),
        gelu_erf: () => engine.gelu(x),
        gelu_tanh: () => engine.gelu(x, "tanh"),
        silu: () => engine.silu(x),
        sinusoidal: () => {
          const { start, len, dim } = golden.attrs;
          return engine.sinusoidalPositions(start + len, dim).subarray(start * dim);
        },
      };
      expectClose("out", (results[golden.kind] as () => Float32Array)(), t["out"], golden);
    },
  );

  test.each(idsOf("rope"))("rotary embedding %s", (id) => {
    const [golden, t] = load("modules", id);
    const { batch, heads, head_dim: headDim, rotary_dim: rotaryDim, theta, scaling, layout } = golden.attrs;
    const common = {
      batchSize: batch,
      numHeads: heads,
      headDim,
      rotaryDim,
      interleaved: layout === "interleaved",
    };
    const x = floats(t["x"]);
    const cos = floats(t["cos"]);
    const sin = floats(t["sin"]);
    expectClose("out", engine.rotaryEmbedding(x, { ...common, cos, sin }), t["out"], golden);
    if (scaling) return;
    // The tables made by the engine itself.
    const positionIds = t["positions"]?.data as Int32Array;
    expectClose("out", engine.rotaryEmbedding(x, { ...common, positionIds, base: theta }), t["out"], golden);
  });

  test.each(idsOf("mha"))("multi-head attention %s", (id) => {
    const [golden, t] = load("modules", id);
    const {
      embed_dim: dim,
      num_heads: heads,
      batch,
      len_q: lenQ,
      len_k: lenK,
      self_attention: self,
    } = golden.attrs;
    const stacked = floats(t["w.in_proj_weight"]);
    const part = (n: number, name: string) =>
      stacked ? stacked.subarray(n * dim * dim, (n + 1) * dim * dim) : floats(t[`w.${name}_proj_weight`]);
    const bias = floats(t["w.in_proj_bias"]);
    const linear = (n: number, name: string) => ({
      weight: part(n, name),
      ...(bias ? { bias: bias.subarray(n * dim, (n + 1) * dim) } : {}),
    });
    const outBias = floats(t["w.out_proj.bias"]);
    const query = floats(t["query"]);
    const [key, value] = self ? [query, query] : [floats(t["key"]), floats(t["value"])];
    // torch.nn's masks say what to ignore.
    const padding = t["key_padding_mask"];
    const mask = t["attn_mask"];
    const keep = (ignored: Tensor) => Uint8Array.from(ignored.data, (ignore) => 1 - ignore);
    const attnMask = padding
      ? { data: keep(padding), shape: [batch, 1, 1, lenK] }
      : mask && { data: mask.dtype === "U8" ? keep(mask) : floats(mask), shape: mask.shape };
    const result = engine.multiHeadAttention(
      query,
      key,
      value,
      {
        query: linear(0, "q"),
        key: linear(1, "k"),
        value: linear(2, "v"),
        output: { weight: floats(t["w.out_proj.weight"]), ...(outBias ? { bias: outBias } : {}) },
      },
      {
        ...{ numHeads: heads, headDim: dim / heads, batchSize: batch, capture: ["weights", "heads"] },
        ...(attnMask ? { attnMask } : {}),
      },
    );
    expectClose("out", result.output, t["out"], golden);
    expectClose("weights", result.weights as Float32Array, t["weights"], golden);
    expect(result.heads).toHaveLength(batch * lenQ * dim);
  });
});
