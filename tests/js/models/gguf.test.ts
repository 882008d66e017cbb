// GGUF files, whole: against transformers, and against the same weights as safetensors.

import { describe, expect, test } from "@jest/globals";
import { loadModel, type Model, type ModelSource } from "heed/models";
import { readJson, readTensors, type Tensor } from "../../fixtures/read.js";
import { normal } from "../random.js";
import { goldenFiles } from "./checkpoint.js";
import type { Quantised } from "./gguf_blocks.js";
import { asGguf, asLeft, goldenCheckpoint, type HfCheckpoint } from "./gguf_checkpoint.js";
import { formats, text } from "./gguf_file.js";
import { close, compare, type Golden, type ToleranceOf } from "./golden.js";
import { decoderTensors, safetensorsOf } from "./made_decoder.js";
import { expectSame, using } from "./same.js";

const load = (source: ModelSource): Promise<Model> => loadModel(source, { workers: 0 });

describe("as transformers", () => {
  // The references of the checkpoint in BF16 were computed from its own weights: to 1e-3, as its safetensors file.
  const loose: ToleranceOf = (_, largest) => ({ atol: 1e-3 * largest, rtol: 0 });
  test.each([
    ["llama", "F32", close],
    ["llama-oldrope", "F32", close],
    ["mistral", "F32", close],
    ["qwen2", "F32", close],
    ["gpt2", "F32", close],
    ["bf16-llama", "BF16", loose],
  ] as const)("%s in %s", async (name, format, tolerance) => {
    const { texts } = readJson<Golden>(`golden/models/${name}/expected.json`);
    const expected = readTensors(`golden/models/${name}/expected.safetensors`);
    await using([load({ weights: asGguf(goldenCheckpoint(name), format) })], async (model) => {
      for (const { text, key, pair, ids } of texts) {
        const run = await model.run(pair === undefined ? text : { text, pair });
        expect(run.tokens.map(({ id }) => id)).toEqual(ids);
        compare(run, expected, key, model, tolerance);
      }
    });
  });

  test("llama-rope3, whose factors a tensor has", async () => {
    const checkpoint = goldenCheckpoint("llama-rope3");
    const file = asGguf(checkpoint, "F32", {}, [
      {
        name: "rope_freqs.weight",
        format: formats.F32,
        shape: [8],
        bytes: new Uint8Array(llama3Factors().buffer),
      },
    ]);
    const expected = readTensors("golden/models/llama-rope3/expected.safetensors");
    await using([load({ weights: file })], async (model) => {
      for (const { text, key } of readJson<Golden>("golden/models/llama-rope3/expected.json").texts) {
        compare(await model.run(text), expected, key, model, close);
      }
    });
  });
});

/** LlamaModel.generate_extra_tensors() of the converter, for the numbers of the golden checkpoint. */
function llama3Factors(): Float32Array<ArrayBuffer> {
  const [base, dim, factor, low, high, trained] = [10_000, 16, 8, 1, 4, 32];
  return Float32Array.from({ length: dim / 2 }, (_, i) => {
    const frequency = 1 / base ** ((2 * i) / dim);
    const wavelength = (2 * Math.PI) / frequency;
    if (wavelength < trained / high) return 1;
    if (wavelength > trained / low) return factor;
    const smooth = (trained / wavelength - low) / (high - low);
    return 1 / ((1 - smooth) / factor + smooth);
  });
}

/** A Llama whose rows are whole super-blocks, but for those that llama.cpp too leaves as they are. */
function wideLlama(): HfCheckpoint {
  const { tokenizer, config } = goldenCheckpoint("llama");
  const width = 256;
  const tensors: Record<string, Tensor> = {};
  let seed = 1;
  const add = (name: string, ...shape: number[]): void => {
    const count = shape.reduce((product, size) => product * size, 1);
    const spread = shape.length === 1 ? 1 : 1.5 / Math.sqrt(width);
    tensors[name] = { dtype: "F32", shape, data: normal(++seed, count).map((x) => x * spread) };
  };
  add("model.embed_tokens.weight", 400, width);
  add("model.norm.weight", width);
  add("lm_head.weight", 400, width);
  const layer = "model.layers.0";
  for (const norm of ["input_layernorm", "post_attention_layernorm"]) add(`${layer}.${norm}.weight`, width);
  add(`${layer}.self_attn.q_proj.weight`, 64, width);
  for (const part of ["k", "v"]) add(`${layer}.self_attn.${part}_proj.weight`, 32, width);
  add(`${layer}.self_attn.o_proj.weight`, width, 64);
  for (const part of ["gate", "up"]) add(`${layer}.mlp.${part}_proj.weight`, 64, width);
  add(`${layer}.mlp.down_proj.weight`, width, 64);
  const sizes = { hidden_size: width, intermediate_size: 64, head_dim: 16, num_hidden_layers: 1 };
  return { tokenizer, tensors, config: { ...config, ...sizes } };
}

describe("bit for bit what safetensors of the same values are", () => {
  const wide = wideLlama();
  // As in llama.cpp's own mixtures, only more.
  const mixture = (name: string): Quantised => {
    const [, part] = /(\w+?)(?:_proj)?\.weight$/.exec(name) ?? [];
    const formatOf: Record<string, Quantised> = {
      ...{ embed_tokens: "Q3_K", lm_head: "Q6_K", q: "Q2_K", k: "Q4_K", v: "Q5_K", o: "Q5_0" },
      ...{ gate: "Q4_1", up: "Q5_1", down: "Q4_0" },
    };
    return formatOf[part as string] as Quantised;
  };
  test.each([
    ["a wide Llama in F16", "F16", wide],
    ["a wide Llama in Q8_0", "Q8_0", wide],
    ["a wide Llama in Q4_K", "Q4_K", wide],
    ["a wide Llama in all formats", mixture, wide],
    ["llama in Q8_0", "Q8_0", goldenCheckpoint("llama")],
    ["qwen2 in Q4_0", "Q4_0", goldenCheckpoint("qwen2")],
    ["gpt2 in Q8_0", "Q8_0", goldenCheckpoint("gpt2")],
    ["gpt2 in F16", "F16", goldenCheckpoint("gpt2")],
  ] as const)("%s", async (_, format, checkpoint) => {
    const { config, tokenizer } = checkpoint;
    const weights = asLeft(checkpoint, format);
    await using(
      [load({ weights: asGguf(checkpoint, format) }), load({ config, tokenizer, weights })],
      expectSame,
    );
  });

  test.each(["bert", "f16-bert"])("%s, which has no head then", async (name) => {
    const checkpoint = goldenCheckpoint(name);
    const format = name === "bert" ? "F32" : "F16";
    const folder = { config: checkpoint.config, tokenizer: checkpoint.tokenizer };
    const weights = asLeft(checkpoint, "F16");
    const plain = format === "F16" ? { ...folder, weights } : goldenFiles("bert");
    await using([load({ weights: asGguf(checkpoint, format) }), load(plain)], async (gguf, other) => {
      await expectSame(gguf, other, false);
      const run = await gguf.run("a");
      expect(() => run.logits(0)).toThrow(/no language-model head/);
    });
  });
});

describe("what the converter turns of other decoders, turned back", () => {
  const { tokenizer, config: llama } = goldenCheckpoint("llama");
  const common = {
    vocab_size: 400,
    hidden_size: 32,
    intermediate_size: 48,
    num_attention_heads: 4,
    num_hidden_layers: 2,
  };
  const ends = { bos_token_id: llama["bos_token_id"], eos_token_id: llama["eos_token_id"] };
  const plain = { ...common, ...ends, max_position_embeddings: 64, rope_theta: 10_000, rms_norm_eps: 1e-6 };
  const gemma = { ...plain, num_key_value_heads: 2, head_dim: 8, tie_word_embeddings: true };
  test.each<[string, Record<string, unknown>]>([
    [
      "Qwen3",
      { ...plain, model_type: "qwen3", num_key_value_heads: 2, head_dim: 8, tie_word_embeddings: true },
    ],
    ["Gemma", { ...gemma, model_type: "gemma" }],
    [
      "Gemma 2",
      {
        ...gemma,
        model_type: "gemma2",
        query_pre_attn_scalar: 8,
        sliding_window: 4,
        attn_logit_softcapping: 20,
      },
    ],
    [
      "Gemma 3",
      {
        ...gemma,
        model_type: "gemma3_text",
        num_hidden_layers: 7,
        query_pre_attn_scalar: 8,
        sliding_window: 4,
      },
    ],
    [
      "GPT-NeoX",
      {
        ...common,
        ...ends,
        model_type: "gpt_neox",
        max_position_embeddings: 64,
        layer_norm_eps: 1e-5,
        rotary_pct: 0.5,
      },
    ],
    [
      "GPT-NeoX, one after the other",
      {
        ...common,
        ...ends,
        model_type: "gpt_neox",
        max_position_embeddings: 64,
        layer_norm_eps: 1e-5,
        rotary_pct: 0.25,
        use_parallel_residual: false,
      },
    ],
  ])("%s", async (_, config) => {
    // In steps of 2^-12 a norm's gain is the same after 1 was added to it and taken away.
    const tensors = Object.fromEntries(
      Object.entries(decoderTensors(config)).map(([name, tensor]) => [
        name,
        { ...tensor, data: (tensor.data as Float32Array).map((x) => Math.round(x * 4096) / 4096) },
      ]),
    );
    const checkpoint = { config, tokenizer, tensors };
    const pre = { "tokenizer.ggml.pre": text("llama-bpe") };
    const weights = safetensorsOf(tensors);
    await using(
      [load({ weights: asGguf(checkpoint, "F32", pre) }), load({ config, tokenizer, weights })],
      expectSame,
    );
  });
});
