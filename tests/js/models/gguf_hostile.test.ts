// GGUF files that are damaged, hostile, or of what is not implemented.

import { describe, expect, test } from "@jest/globals";
import { HeedError, loadModel, type Model, type ModelSource } from "heed/models";
import { uniform } from "../random.js";
import { rejection } from "./checkpoint.js";
import { asGguf, configValues, ggufTensors, goldenCheckpoint, vocabularyValues } from "./gguf_checkpoint.js";
import { array, float, formats, ggufFile, text, uint, type GgufValue } from "./gguf_file.js";
import { expectSame, using } from "./same.js";

const load = (source: ModelSource): Promise<Model> => loadModel(source, { workers: 0 });
const tiny = goldenCheckpoint("llama");
const sound = asGguf(tiny, "Q8_0");

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
    await using([load({ weights: sound }), load({ weights: sound })], expectSame);
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
