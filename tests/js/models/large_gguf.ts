// A GGUF file as large as those in use, made while it is read: a Llama in Q8_0 whose blocks repeat.

import type { Made } from "../../hub.js";
import { byteTokenizer } from "./checkpoint.js";
import { configValues, vocabularyValues, type HfCheckpoint } from "./gguf_checkpoint.js";
import { formats, ggufFile, text } from "./gguf_file.js";

const width = 1024;
const inner = 2816;
const layers = 14;
const vocabulary = 32_000;
const blockBytes = 34;

const config = {
  model_type: "llama",
  vocab_size: vocabulary,
  hidden_size: width,
  intermediate_size: inner,
  num_attention_heads: 16,
  num_hidden_layers: layers,
  max_position_embeddings: 512,
  rms_norm_eps: 1e-6,
  tie_word_embeddings: true,
  rope_theta: 10_000,
};

const shapes: readonly [name: string, ...shape: number[]][] = [
  ...Array.from({ length: layers }, (_, l): [string, ...number[]][] => [
    [`blk.${l}.attn_norm`, width],
    ...["q", "k", "v", "output"].map((part): [string, ...number[]] => [
      `blk.${l}.attn_${part}`,
      width,
      width,
    ]),
    [`blk.${l}.ffn_norm`, width],
    [`blk.${l}.ffn_gate`, inner, width],
    [`blk.${l}.ffn_up`, inner, width],
    [`blk.${l}.ffn_down`, width, inner],
  ]).flat(),
  ["output_norm", width],
  // The largest comes when all the others are there.
  ["token_embd", vocabulary, width],
];

/** Blocks of a prime number with a scale of 2^-11, and gains of 1. */
function patterns(): { blocks: Buffer; ones: Buffer } {
  const blocks = Buffer.alloc(7919 * blockBytes);
  for (let i = 0, x = 1; i < blocks.length; ++i) {
    x = (Math.imul(x, 1664525) + 1013904223) >>> 0;
    blocks[i] = i % blockBytes > 1 ? x >>> 24 : i % blockBytes === 1 ? 0x10 : 0;
  }
  return { blocks, ones: Buffer.from(new Float32Array(width).fill(1).buffer) };
}

/** `heldBytes`: of its weights, as the engine holds them. */
export function largeGguf(): Made & { readonly heldBytes: number } {
  const { blocks, ones } = patterns();
  let end = 0;
  let heldBytes = 0;
  const tensors = shapes.map(([name, ...shape]) => {
    const count = shape.reduce((product, size) => product * size);
    const isVector = shape.length === 1;
    const begin = end;
    end += Math.ceil((isVector ? 4 * count : (count / 32) * blockBytes) / 32) * 32;
    heldBytes += (isVector ? 4 : 2) * count;
    const format = isVector ? formats.F32 : formats.Q8_0;
    return { name: `${name}.weight`, format, shape, bytes: new Uint8Array(0), begin, end, offset: begin };
  });
  const checkpoint = { config, tokenizer: byteTokenizer(), tensors: {} } as unknown as HfCheckpoint;
  const values = { ...configValues(checkpoint), ...vocabularyValues(checkpoint) };
  values["tokenizer.ggml.pre"] = text("gpt-2");
  const front = Buffer.from(ggufFile({ values, tensors }));
  const parts = [
    { begin: 0, end: front.length, from: front },
    ...tensors.map((one) => ({
      begin: front.length + one.begin,
      end: front.length + one.end,
      from: one.format === formats.F32 ? ones : blocks,
    })),
  ];
  return {
    heldBytes,
    size: front.length + end,
    bytes(begin, end) {
      const bytes = Buffer.alloc(end - begin);
      for (const part of parts) {
        const last = Math.min(end, part.end);
        for (let at = Math.max(begin, part.begin); at < last;) {
          const within = (at - part.begin) % part.from.length;
          at += part.from.copy(bytes, at - begin, within, within + last - at);
        }
      }
      return bytes;
    },
  };
}
