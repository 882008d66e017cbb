// Decoders once more, in plain double-precision loops over arrays of rows: what the engine is held against where there is no
// checkpoint that transformers has run. Written after the papers and the forward() methods of transformers 5
// (models/{llama,mistral,qwen2,qwen3,gemma,gemma2,gemma3,gpt_neox,opt}/modeling_*.py and modeling_rope_utils.py); it shares
// nothing with wasm/ and src/.

import type { Tensor } from "../../fixtures/read.js";

type Row = number[];
type Rows = Row[];
export type Config = Record<string, unknown>;
export type Tensors = Record<string, Tensor>;

/** As RunOptions. */
export interface WhatIf {
  isCausal?: boolean;
  scale?: number;
  temperature?: number;
  usePositions?: boolean;
  ablateHeads?: readonly (readonly [layer: number, head: number, ...rest: unknown[]])[];
  attnMask?: Uint8Array;
}

/** What transformers returns, under the names of expected.safetensors. */
export function runPlainly(
  config: Config,
  tensors: Tensors,
  ids: readonly number[],
  whatIf: WhatIf = {},
): Tensors {
  const pass: Pass = { config, tensors, whatIf, hidden: [], weights: [] };
  const decoders: Record<string, typeof rotaryDecoder> = { gpt_neox: gptNeox, opt };
  const logits = (decoders[String(config["model_type"])] ?? rotaryDecoder)(pass, ids);
  const flat = (values: unknown): Tensor => {
    const data = Float32Array.from((values as number[][]).flat(3));
    return { dtype: "F32", shape: [data.length], data };
  };
  return { attentions: flat(pass.weights), hidden_states: flat(pass.hidden), logits: flat(logits) };
}

interface Pass {
  config: Config;
  tensors: Tensors;
  whatIf: WhatIf;
  hidden: Rows[];
  weights: Rows[][];
}

const number = (value: unknown, fallback?: number): number => Number(value ?? fallback);
const range = (length: number): number[] => Array.from({ length }, (_, i) => i);
const dot = (a: Row, b: Row): number => a.reduce((sum, x, i) => sum + x * (b[i] as number), 0);
const plus = (a: Rows, b: Rows): Rows => a.map((row, i) => row.map((x, d) => x + (b[i]?.[d] as number)));
const split = (row: Row, size: number): Rows =>
  range(row.length / size).map((h) => row.slice(h * size, (h + 1) * size));

function rowsOf({ data, shape }: Tensor): Rows {
  return split([...data], shape.at(-1) as number);
}

function linear({ tensors }: Pass, name: string, x: Rows): Rows {
  const weight = rowsOf(tensors[`${name}.weight`] as Tensor);
  const bias = tensors[`${name}.bias`]?.data;
  return x.map((row) => weight.map((w, o) => dot(row, w) + (bias?.[o] ?? 0)));
}

const activations: Record<string, (x: number) => number> = {
  relu: (x) => Math.max(x, 0),
  silu: (x) => x / (1 + Math.exp(-x)),
  gelu: (x) => x * normalDistribution(x),
  gelu_pytorch_tanh: (x) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))),
};

/** The integral of the normal density up to x, by Simpson's rule. */
function normalDistribution(x: number): number {
  const steps = 200;
  const end = Math.min(Math.abs(x), 9);
  const density = (t: number): number => Math.exp((-t * t) / 2) / Math.sqrt(2 * Math.PI);
  let sum = density(0) + density(end);
  for (let k = 1; k < steps; ++k) sum += density((end * k) / steps) * (k % 2 === 1 ? 4 : 2);
  return 0.5 + (Math.sign(x) * sum * end) / (3 * steps);
}

/** Source: Ba et al. (2016), equation 3. */
function layerNorm({ config, tensors }: Pass, name: string, x: Rows): Rows {
  const [gain, bias] = [tensors[`${name}.weight`]?.data, tensors[`${name}.bias`]?.data];
  const epsilon = number(config["layer_norm_eps"], 1e-5);
  return x.map((row) => {
    const mean = row.reduce((a, b) => a + b) / row.length;
    const variance = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / row.length;
    const deviation = Math.sqrt(variance + epsilon);
    return row.map(
      (value, d) => ((value - mean) / deviation) * (gain?.[d] as number) + (bias?.[d] as number),
    );
  });
}

/** Source: Zhang and Sennrich (2019), equation 4. */
function rmsNorm({ config, tensors }: Pass, name: string, x: Rows): Rows {
  const gain = tensors[`${name}.weight`]?.data as Float32Array;
  const epsilon = number(config["rms_norm_eps"], 1e-6);
  const unit = isGemma(config) ? 1 : 0;
  return x.map((row) => {
    const rms = Math.sqrt(dot(row, row) / row.length + epsilon);
    return row.map((value, d) => (value / rms) * (unit + (gain[d] as number)));
  });
}

interface Angles {
  frequencies: Row;
  factor: number;
}

/** modeling_rope_utils.py: inverse frequencies and the attention factor. */
function angles(rope: Config, dim: number, maxLength: number): Angles {
  const theta = number(rope["rope_theta"], 10_000);
  const plain = range(dim / 2).map((i) => 1 / theta ** ((2 * i) / dim));
  const factor = number(rope["factor"], 1);
  const trained = number(rope["original_max_position_embeddings"], maxLength);
  switch (rope["rope_type"] ?? rope["type"] ?? "default") {
    case "linear":
      return { frequencies: plain.map((f) => f / factor), factor: 1 };
    case "llama3": {
      const [low, high] = [number(rope["low_freq_factor"]), number(rope["high_freq_factor"])];
      const frequencies = plain.map((f) => {
        const wavelength = (2 * Math.PI) / f;
        if (wavelength > trained / low) return f / factor;
        if (wavelength < trained / high) return f;
        const smooth = (trained / wavelength - low) / (high - low);
        return ((1 - smooth) * f) / factor + smooth * f;
      });
      return { frequencies, factor: 1 };
    }
    case "yarn": {
      const correction = (rotations: number): number =>
        (dim * Math.log(trained / (rotations * 2 * Math.PI))) / (2 * Math.log(theta));
      const low = Math.max(Math.floor(correction(number(rope["beta_fast"], 32))), 0);
      const high = Math.min(Math.ceil(correction(number(rope["beta_slow"], 1))), dim - 1);
      const frequencies = plain.map((f, i) => {
        const ramp = Math.min(Math.max((i - low) / (high === low ? 0.001 : high - low), 0), 1);
        return (f / factor) * ramp + f * (1 - ramp);
      });
      return { frequencies, factor: number(rope["attention_factor"], 0.1 * Math.log(factor) + 1) };
    }
    default:
      return { frequencies: plain, factor: 1 };
  }
}

/** One head's row at a position: x cos + rotate_half(x) sin, of the first channels; the others as they are. */
function turn(row: Row, position: number, { frequencies, factor }: Angles): Row {
  const half = frequencies.length;
  return row.map((x, d) => {
    if (d >= 2 * half) return x;
    const angle = position * (frequencies[d % half] as number);
    const partner = d < half ? -(row[d + half] as number) : (row[d - half] as number);
    return factor * (x * Math.cos(angle) + partner * Math.sin(angle));
  });
}

interface Heads {
  query: Rows[]; // [heads][tokens][dim]
  key: Rows[]; // [kv heads][tokens][dim]
  value: Rows[];
}

/** Concat(head_1 … head_h), [tokens, heads · dim]; `window`: as transformers', the token itself counted. */
function attend(
  { whatIf, weights: all }: Pass,
  layer: number,
  { query, key, value }: Heads,
  { scale, window = Infinity, softcap = null }: { scale: number; window?: number; softcap?: unknown },
): Rows {
  const n = (query[0] as Rows).length;
  const isVisible = (i: number, j: number): boolean =>
    (!(whatIf.isCausal ?? true) || j <= i) && i - j < window && whatIf.attnMask?.[i * n + j] !== 0;
  const kvHead = (h: number): number => Math.floor((h * key.length) / query.length);
  const weights = query.map((rows, h) =>
    rows.map((q, i) => {
      const scores = (key[kvHead(h)] as Rows).map((k, j) => {
        return isVisible(i, j)
          ? capped((dot(q, k) * (whatIf.scale ?? scale)) / (whatIf.temperature ?? 1), softcap)
          : -Infinity;
      });
      const most = Math.max(...scores);
      const powers = scores.map((score) => (most === -Infinity ? 0 : Math.exp(score - most)));
      const total = powers.reduce((a, b) => a + b);
      return powers.map((power) => (total === 0 ? 0 : power / total));
    }),
  );
  all.push(weights);
  const isAblated = (h: number): boolean =>
    whatIf.ablateHeads?.some(([l, ablated]) => l === layer && ablated === h) ?? false;
  return range(n).map((i) =>
    weights.flatMap((rows, h) => {
      const v = value[kvHead(h)] as Rows;
      const context = range((v[0] as Row).length).map((d) =>
        (rows[i] as Row).reduce((sum, w, j) => sum + w * (v[j]?.[d] as number), 0),
      );
      return isAblated(h) ? context.map(() => 0) : context;
    }),
  );
}

function capped(x: number, softcap: unknown): number {
  return softcap === null ? x : number(softcap) * Math.tanh(x / number(softcap));
}

/** [tokens, heads · dim] as [heads][tokens][dim]. */
function headsOf(x: Rows, dim: number): Rows[] {
  const rows = x.map((row) => split(row, dim));
  return range((rows[0] as Rows).length).map((h) => rows.map((heads) => heads[h] as Row));
}

/** Llama, Mistral, Qwen2, Qwen3, Gemma, Gemma 2 and 3: LlamaModel.forward and what their own files change of it. */
function rotaryDecoder(pass: Pass, ids: readonly number[]): Rows {
  const { config, tensors, whatIf } = pass;
  const type = config["model_type"];
  const table = rowsOf(tensors["model.embed_tokens.weight"] as Tensor);
  const width = number(config["hidden_size"]);
  const dim = number(config["head_dim"], width / number(config["num_attention_heads"]));
  const rope = (config["rope_scaling"] ?? config["rope_parameters"] ?? {}) as Config;
  const theta = rope["rope_theta"] ?? config["rope_theta"];
  const maxLength = number(config["max_position_embeddings"]);
  const flat = type === "gemma3_text" ? ((rope["full_attention"] ?? rope) as Config) : rope;
  const global = type === "gemma3_text" ? 1e6 : 1e4;
  const turning = angles({ ...flat, rope_theta: flat["rope_theta"] ?? theta ?? global }, dim, maxLength);
  const localTheta = (rope["sliding_attention"] as Config | undefined)?.["rope_theta"];
  const turningLocally = angles({ rope_theta: localTheta ?? config["rope_local_base_freq"] }, dim, maxLength);
  const named = isGemma(config) ? (config["hidden_activation"] ?? "gelu_pytorch_tanh") : "silu";
  const activation = activations[String(named)] as (x: number) => number;
  const hasPostNorms = type === "gemma2" || type === "gemma3_text";
  const scale = 1 / Math.sqrt(hasPostNorms ? number(config["query_pre_attn_scalar"], 256) : dim);
  const softcap = config["attn_logit_softcapping"] ?? null;

  let x = ids.map((id) => (table[id] as Row).map((e) => (isGemma(config) ? e * Math.sqrt(width) : e)));
  for (const layer of range(number(config["num_hidden_layers"]))) {
    const at = `model.layers.${layer}`;
    pass.hidden.push(x);
    const normed = rmsNorm(pass, `${at}.input_layernorm`, x);
    const project = (name: string): Rows[] =>
      headsOf(linear(pass, `${at}.self_attn.${name}_proj`, normed), dim);
    const window = windowOf(config, layer);
    const way = type === "gemma3_text" && window < Infinity ? turningLocally : turning;
    const hasNorm = type === "qwen3" || type === "gemma3_text";
    const place = (heads: Rows[], norm: string): Rows[] =>
      heads
        .map((rows) => (hasNorm ? rmsNorm(pass, `${at}.self_attn.${norm}`, rows) : rows))
        .map((rows) => (whatIf.usePositions === false ? rows : rows.map((row, i) => turn(row, i, way))));
    const heads = {
      query: place(project("q"), "q_norm"),
      key: place(project("k"), "k_norm"),
      value: project("v"),
    };
    const context = attend(pass, layer, heads, { scale, window, softcap });
    const attended = linear(pass, `${at}.self_attn.o_proj`, context);
    x = plus(x, hasPostNorms ? rmsNorm(pass, `${at}.post_attention_layernorm`, attended) : attended);

    const inner = rmsNorm(pass, `${at}.${hasPostNorms ? "pre_feedforward" : "post_attention"}_layernorm`, x);
    const gate = linear(pass, `${at}.mlp.gate_proj`, inner);
    const up = linear(pass, `${at}.mlp.up_proj`, inner);
    const product = gate.map((row, i) => row.map((g, d) => activation(g) * (up[i]?.[d] as number)));
    const fed = linear(pass, `${at}.mlp.down_proj`, product);
    x = plus(x, hasPostNorms ? rmsNorm(pass, `${at}.post_feedforward_layernorm`, fed) : fed);
  }
  x = rmsNorm(pass, "model.norm", x);
  pass.hidden.push(x);
  const isTied = config["tie_word_embeddings"] ?? isGemma(config);
  const logits = isTied ? x.map((row) => table.map((w) => dot(row, w))) : linear(pass, "lm_head", x);
  return logits.map((row) => row.map((value) => capped(value, config["final_logit_softcapping"] ?? null)));
}

/** GPTNeoXModel.forward. */
function gptNeox(pass: Pass, ids: readonly number[]): Rows {
  const { config, tensors, whatIf } = pass;
  const table = rowsOf(tensors["gpt_neox.embed_in.weight"] as Tensor);
  const dim = number(config["hidden_size"]) / number(config["num_attention_heads"]);
  const turned = Math.floor(dim * number(config["rotary_pct"], 0.25));
  const turning = angles({ rope_theta: config["rotary_emb_base"] }, turned, 0);
  const place = (rows: Rows): Rows =>
    whatIf.usePositions === false ? rows : rows.map((row, i) => turn(row, i, turning));

  let x = ids.map((id) => table[id] as Row);
  for (const layer of range(number(config["num_hidden_layers"]))) {
    const at = `gpt_neox.layers.${layer}`;
    pass.hidden.push(x);
    const fused = linear(
      pass,
      `${at}.attention.query_key_value`,
      layerNorm(pass, `${at}.input_layernorm`, x),
    );
    const heads = headsOf(fused, 3 * dim);
    const part = (k: number): Rows[] =>
      heads.map((rows) => rows.map((row) => row.slice(k * dim, (k + 1) * dim)));
    const placed = { query: part(0).map(place), key: part(1).map(place), value: part(2) };
    const context = attend(pass, layer, placed, { scale: 1 / Math.sqrt(dim) });
    const attended = plus(x, linear(pass, `${at}.attention.dense`, context));
    const read = config["use_parallel_residual"] === false ? attended : x;
    const inner = linear(
      pass,
      `${at}.mlp.dense_h_to_4h`,
      layerNorm(pass, `${at}.post_attention_layernorm`, read),
    );
    const gelu = activations["gelu"] as (value: number) => number;
    x = plus(
      attended,
      linear(
        pass,
        `${at}.mlp.dense_4h_to_h`,
        inner.map((row) => row.map(gelu)),
      ),
    );
  }
  x = layerNorm(pass, "gpt_neox.final_layer_norm", x);
  pass.hidden.push(x);
  return linear(pass, "embed_out", x);
}

/** OPTDecoder.forward. */
function opt(pass: Pass, ids: readonly number[]): Rows {
  const { config, tensors, whatIf } = pass;
  const at = "model.decoder";
  const table = rowsOf(tensors[`${at}.embed_tokens.weight`] as Tensor);
  const positions = rowsOf(tensors[`${at}.embed_positions.weight`] as Tensor);
  const dim = number(config["hidden_size"]) / number(config["num_attention_heads"]);
  const isBefore = config["do_layer_norm_before"] !== false;
  const isProjected = config["word_embed_proj_dim"] !== undefined;
  const relu = activations["relu"] as (value: number) => number;

  let x = ids.map((id) => table[id] as Row);
  if (isProjected) x = linear(pass, `${at}.project_in`, x);
  if (whatIf.usePositions !== false)
    x = plus(
      x,
      x.map((_, i) => positions[i + 2] as Row),
    );
  for (const layer of range(number(config["num_hidden_layers"]))) {
    const name = `${at}.layers.${layer}`;
    pass.hidden.push(x);
    const sublayer = (norm: string, work: (read: Rows) => Rows): Rows => {
      const normed = (rows: Rows): Rows => layerNorm(pass, `${name}.${norm}`, rows);
      return isBefore ? plus(x, work(normed(x))) : normed(plus(x, work(x)));
    };
    x = sublayer("self_attn_layer_norm", (read) => {
      const part = (key: string): Rows[] => headsOf(linear(pass, `${name}.self_attn.${key}_proj`, read), dim);
      const heads = { query: part("q"), key: part("k"), value: part("v") };
      const context = attend(pass, layer, heads, { scale: 1 / Math.sqrt(dim) });
      return linear(pass, `${name}.self_attn.out_proj`, context);
    });
    x = sublayer("final_layer_norm", (read) =>
      linear(
        pass,
        `${name}.fc2`,
        linear(pass, `${name}.fc1`, read).map((row) => row.map(relu)),
      ),
    );
  }
  if (isBefore) x = layerNorm(pass, `${at}.final_layer_norm`, x);
  pass.hidden.push(x);
  const narrow = isProjected ? linear(pass, `${at}.project_out`, x) : x;
  return narrow.map((row) => table.map((w) => dot(row, w)));
}

function isGemma(config: Config): boolean {
  return String(config["model_type"]).startsWith("gemma");
}

/** configuration_mistral.py, configuration_qwen2.py: the window of a layer, if it has one. */
function windowOf(config: Config, layer: number): number {
  const window = number(config["sliding_window"], Infinity);
  switch (config["model_type"]) {
    case "mistral":
      return window;
    case "qwen2":
    case "qwen3":
      return config["use_sliding_window"] && layer >= number(config["max_window_layers"], 28)
        ? window
        : Infinity;
    case "gemma2":
      return layer % 2 === 0 ? window : Infinity;
    case "gemma3_text":
      return (layer + 1) % number(config["sliding_window_pattern"], 6) !== 0 ? window : Infinity;
    default:
      return Infinity;
  }
}
