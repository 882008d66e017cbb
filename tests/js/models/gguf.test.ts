// GGUF files, whole: against transformers, and against the same weights as safetensors.

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { estimateModel, HeedError, loadModel, type Model, type ModelSource } from "heed/models";
import { readJson, readTensors, type Tensor } from "../../fixtures/read.js";
import { startHub, type Hub, type Trouble } from "../../hub.js";
import { normal, uniform } from "../random.js";
import { goldenFiles, rejection } from "./checkpoint.js";
import {
  asGguf,
  asLeft,
  configValues,
  ggufTensors,
  goldenCheckpoint,
  vocabularyValues,
  type HfCheckpoint,
} from "./gguf_checkpoint.js";
import type { Quantised } from "./gguf_blocks.js";
import { array, float, formats, ggufFile, text, uint, type GgufValue } from "./gguf_file.js";
import { decoderTensors, safetensorsOf } from "./made_decoder.js";
import { close, compare, type Golden, type ToleranceOf } from "./golden.js";

const load = (source: ModelSource): Promise<Model> => loadModel(source, { workers: 0 });

/** One model or two, and let go of. */
async function using(
  models: [Promise<Model>, Promise<Model>?],
  use: (first: Model, second: Model) => Promise<void>,
): Promise<void> {
  const loaded = await Promise.all(models);
  try {
    await use(loaded[0], loaded[1] ?? loaded[0]);
  } finally {
    for (const model of loaded) model?.dispose();
  }
}

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

const same = (a: Model, b: Model): Promise<void> => expectSame(a, b);

async function expectSame(a: Model, b: Model, hasHead = true): Promise<void> {
  const [left, right] = [await a.run("The cat sat on the mat."), await b.run("The cat sat on the mat.")];
  expect(left.tokens).toEqual(right.tokens);
  for (let layer = 0; layer < a.numLayers; ++layer) {
    for (let head = 0; head < a.numHeads; ++head) {
      expect(left.attention(layer, head)).toEqual(right.attention(layer, head));
    }
    expect(left.hidden(layer + 1)).toEqual(right.hidden(layer + 1));
  }
  if (hasHead) expect(left.logits(left.tokens.length - 1)).toEqual(right.logits(left.tokens.length - 1));
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

const tiny = goldenCheckpoint("llama");
const sound = asGguf(tiny, "Q8_0");

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
      same,
    );
  });
});

describe("where it comes from", () => {
  async function expectLlama(source: ModelSource): Promise<void> {
    await using([load(source), load({ weights: sound })], async (model, other) => {
      expect(model.architecture).toBe("llama");
      expect((model.config as { hidden_size: number }).hidden_size).toBe(32);
      await expectSame(model, other);
    });
  }
  const file = new File([sound], "tiny.Q8_0.gguf");

  test("a Blob", () => expectLlama(new Blob([sound])));
  test("a File", () => expectLlama(file));
  test("a dropped File", () => expectLlama([file]));
  test("a dropped folder with other files", () => expectLlama([new File(["#"], "README.md"), file]));
  test("bytes in the middle of a buffer", () => {
    const room = new Uint8Array(sound.byteLength + 7);
    room.set(new Uint8Array(sound), 3);
    return expectLlama({ weights: room.subarray(3, 3 + sound.byteLength) });
  });

  test("of two dropped files neither is chosen", async () => {
    const error = await rejection(load([file, new File([sound], "other.gguf")]));
    expect(error).toMatchObject({ code: "invalid-argument" });
    expect(error.message).toMatch(/2 GGUF files \("tiny.Q8_0.gguf", "other.gguf"\)/);
  });

  test("a tokenizer.json given beside it wins", async () => {
    const tokenizer = { ...tiny.tokenizer, post_processor: null };
    await using([load({ weights: sound, tokenizer }), load({ weights: sound })], async (given, own) => {
      expect(given.tokenize("The cat")).toEqual(own.tokenize("The cat").slice(1));
    });
    const beside = new File([JSON.stringify(tokenizer)], "tokenizer.json");
    await using([load([file, beside])], async (model) => {
      expect(model.tokenize("The cat")[0]?.special).toBe(false);
    });
  });

  test("what it will take: of what is quantised 16 bits a weight", async () => {
    const { parameters, weightBytes, files, fits } = await estimateModel({ weights: sound });
    const values = Object.values(tiny.tensors);
    const count = (tensors: Tensor[]): number => tensors.reduce((sum, { data }) => sum + data.length, 0);
    expect(parameters).toBe(count(values));
    const quantised = values.filter(({ shape }) => shape.length === 2 && (shape[1] ?? 0) % 32 === 0);
    expect(weightBytes).toBe(4 * count(values) - 2 * count(quantised));
    expect(files).toEqual([{ name: "model.gguf", bytes: sound.byteLength }]);
    expect(fits).toBe(true);
  });
});

describe("a server", () => {
  const name = "tiny.Q8_0.gguf";
  let hub: Hub;
  beforeAll(async () => {
    const one = { "README.md": "x", [name]: sound };
    hub = await startHub(
      { "org/one": one, "org/several": { ...one, "tiny.F32.gguf": sound } },
      { large: /\.gguf$/ },
    );
  });
  afterAll(() => hub.close());
  const from = (source: string): Promise<Model> =>
    loadModel(source, { workers: 0, hub: hub.url, retry: { delay: 1 } });
  const isSame = (model: Promise<Model>): Promise<void> => using([model, load({ weights: sound })], same);

  test("by its address", () => isSame(from(hub.folder("org/several") + name)));
  test("by its address, with a permission behind it", () =>
    isSame(from(`${hub.folder("org/one")}${name}?token=1`)));
  test.each(["resolve", "blob"])("by its address on the hub: %s", (verb) =>
    isSame(from(`https://huggingface.co/org/several/${verb}/main/${name}`)),
  );
  test("the only one of a repository", () => isSame(from("org/one")));

  test("of several none is chosen", async () => {
    expect(await rejection(from("org/several"))).toMatchObject({ code: "invalid-argument" });
  });

  test("that does not have it", async () => {
    const error = await rejection(from(`${hub.folder("org/one")}other.gguf`));
    expect(error).toMatchObject({ code: "network", message: expect.stringContaining("other.gguf") });
  });

  test.each<[string, ...(Trouble | undefined)[]]>([
    ["that knows no ranges", { ignoresRanges: true }, { ignoresRanges: true }],
    ["that breaks in the header", { cutAt: 1000 }],
    ["that breaks in the data", undefined, { cutAt: 30_000 }],
    ["that is busy", { status: 503 }, undefined, { status: 503 }],
  ])("%s", async (_, ...troubles) => {
    hub.trouble(name, ...troubles);
    await isSame(from(hub.folder("org/one") + name));
  });

  test("that damages it", async () => {
    // The header is asked for first, and then the whole file.
    hub.trouble(name, undefined, { damaged: true });
    expect(await rejection(from("org/one"))).toMatchObject({
      code: "invalid-model",
      message: expect.stringMatching(/tiny\.Q8_0\.gguf is damaged: its SHA-256/),
    });
  });

  test("that has another file meanwhile", async () => {
    hub.trouble(name, undefined, { version: "other" });
    expect(await rejection(from(hub.folder("org/one") + name))).toMatchObject({ code: "network" });
  });
});

describe("a hostile file", () => {
  const codes = ["invalid-model", "unsupported-model", "out-of-memory"];
  const headerBytes = asGguf({ ...tiny, tensors: {} }, "F32").byteLength;

  test("100 mutations: each is refused by name, or runs", async () => {
    const next = uniform(11);
    let refused = 0;
    for (let k = 0; k < 100; ++k) {
      const mutant = new Uint8Array(sound.slice(0));
      const count = 1 + Math.floor(4 * next());
      // Three in four where it says what it is, one anywhere.
      const range = k % 4 === 0 ? mutant.length : headerBytes;
      for (let i = 0; i < count; ++i) mutant[Math.floor(range * next())] = Math.floor(256 * next());
      try {
        const model = await load({ weights: mutant });
        await model.run("The cat sat.");
        model.dispose();
      } catch (error) {
        ++refused;
        expect(error).toBeInstanceOf(HeedError);
        expect(codes).toContain((error as HeedError).code);
      }
    }
    expect(refused).toBeGreaterThan(20);
    await using([load({ weights: sound }), load({ weights: sound })], same);
  });

  test("cut anywhere", async () => {
    for (let k = 0; k < 20; ++k) {
      const error = await rejection(
        load({ weights: sound.slice(0, Math.floor((k * sound.byteLength) / 20)) }),
      );
      expect(codes.concat("invalid-argument")).toContain(error.code);
    }
  });

  const key = (name: string, value: GgufValue) => asGguf(tiny, "Q8_0", { [name]: value });
  const without = (name: string) => {
    const tensors = ggufTensors(tiny, "F32").filter((tensor) => tensor.name !== name);
    return ggufFile({ values: { ...configValues(tiny), ...vocabularyValues(tiny) }, tensors });
  };
  test.each<[string, ArrayBuffer, string, RegExp]>([
    ["no architecture", ggufFile({}), "invalid-model", /"general.architecture" is undefined/],
    [
      "an architecture that is none",
      key("general.architecture", text("mamba")),
      "unsupported-model",
      /"mamba" is not implemented; known: llama, qwen2/,
    ],
    [
      "an architecture in numbers",
      key("general.architecture", uint(1)),
      "invalid-model",
      /is 1; expected a text/,
    ],
    [
      "an architecture named like a part of Object.prototype",
      key("general.architecture", text("constructor")),
      "unsupported-model",
      /not implemented/,
    ],
    ["a mixture of experts", key("llama.expert_count", uint(8)), "unsupported-model", /expert_count" 8/],
    ["one part of several", key("split.count", uint(3)), "unsupported-model", /one of 3 parts/],
    ["0 heads", key("llama.attention.head_count", uint(0)), "invalid-model", /expected an integer from 1/],
    [
      "2^32 - 1 layers",
      key("llama.block_count", uint(2 ** 32 - 1)),
      "invalid-model",
      /expected an integer from 1/,
    ],
    [
      "heads that differ",
      key("llama.attention.head_count_kv", array("uint32", [2, 1])),
      "unsupported-model",
      /differs from layer to layer/,
    ],
    ["layers of which there is nothing", key("llama.block_count", uint(3)), "invalid-model", /layers\.2/],
    ["heads that don't fit the rows", key("llama.attention.head_count", uint(3)), "invalid-model", /head/],
    [
      "an epsilon that is no number",
      key("llama.attention.layer_norm_rms_epsilon", float(NaN)),
      "invalid-model",
      /finite number above 0/,
    ],
    [
      "an unknown way to stretch positions",
      key("llama.rope.scaling.type", text("su")),
      "invalid-model",
      /scaling.factor/,
    ],
    ["no table of tokens", without("token_embd.weight"), "invalid-model", /a tensor "token_embd.weight"/],
    ["no norm", without("output_norm.weight"), "invalid-model", /norm/],
    [
      "a tensor that nobody knows",
      asGguf(tiny, "F32", {}, [
        { name: "blk.0.attn_sinks.weight", format: 0, shape: [4], bytes: new Uint8Array(16) },
      ]),
      "unsupported-model",
      /no use is known for tensor "blk.0.attn_sinks.weight"/,
    ],
    [
      "factors of another length",
      asGguf(tiny, "F32", {}, [
        { name: "rope_freqs.weight", format: 0, shape: [3], bytes: new Uint8Array(12) },
      ]),
      "invalid-model",
      /array of 4 numbers/,
    ],
    [
      "no vocabulary",
      ggufFile({ values: configValues(tiny), tensors: ggufTensors(tiny, "F32") }),
      "unsupported-model",
      /no vocabulary; give the model's tokenizer.json/,
    ],
    [
      "another kind of vocabulary",
      key("tokenizer.ggml.model", text("t5")),
      "unsupported-model",
      /"t5" is not implemented; known: gpt2, llama, bert/,
    ],
    [
      "words that end nobody knows where",
      key("tokenizer.ggml.pre", text("default")),
      "unsupported-model",
      /"tokenizer.ggml.pre" "default"/,
    ],
    [
      "tokens that are numbers",
      key("tokenizer.ggml.tokens", array("uint32", [1])),
      "invalid-model",
      /an array of texts/,
    ],
    [
      "more kinds than tokens",
      key("tokenizer.ggml.token_type", array("int32", [1])),
      "invalid-model",
      /expected 400 numbers/,
    ],
    [
      "merges of nothing",
      key("tokenizer.ggml.merges", array("string", ["a b c"])),
      "invalid-model",
      /merges\[0\]/,
    ],
    [
      "merges of what is no token",
      key("tokenizer.ggml.merges", array("string", ["x \u{1f4a3}"])),
      "invalid-model",
      /not in model.vocab/,
    ],
    [
      "a first token that there is not",
      key("tokenizer.ggml.bos_token_id", uint(400)),
      "invalid-model",
      /a token from 0 to 399/,
    ],
    [
      "more tokens than rows",
      asGguf(tiny, "Q8_0", {
        "tokenizer.ggml.tokens": array(
          "string",
          [...new Array(401).keys()].map((id) => `t${id}`),
        ),
        "tokenizer.ggml.token_type": array("int32", new Array<number>(401).fill(1)),
        "tokenizer.ggml.merges": array("string", []),
      }),
      "invalid-model",
      /400/,
    ],
    ["a scale beyond F16", overflowing(), "unsupported-model", /a value beyond 65504/],
  ])("%s", async (_, file, code, message) => {
    const error = await rejection(load({ weights: file }));
    expect(error.message).toMatch(message);
    expect(error).toMatchObject({ code });
  });
});

/** A file whose last block has a scale of 60,000. */
function overflowing(): ArrayBuffer {
  const tensors = ggufTensors(tiny, "Q8_0").map((tensor) => {
    if (tensor.format !== formats.Q8_0) return tensor;
    const bytes = tensor.bytes.slice();
    bytes.set([0x53, 0x7b, 127], bytes.length - 34);
    return { ...tensor, bytes };
  });
  return ggufFile({ values: { ...configValues(tiny), ...vocabularyValues(tiny) }, tensors });
}
