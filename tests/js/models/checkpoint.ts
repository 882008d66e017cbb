// Checkpoints for the tests: those of the fixtures, and small ones made up on the spot.

import { readFileSync } from "node:fs";
import { fixturePath } from "../../fixtures/read.js";
import { byteTokenizer, wordTokenizer } from "../../made_checkpoint.mjs";
import type { ModelFiles } from "heed/models";

export { byteTokenizer, wordTokenizer };

/** A safetensors file of a header (an object, or JSON text as it is) and so many bytes of data. */
export function safetensors(header: object | string, dataBytes = 0): ArrayBuffer {
  const json = new TextEncoder().encode(typeof header === "string" ? header : JSON.stringify(header));
  const file = new Uint8Array(8 + json.length + dataBytes);
  new DataView(file.buffer).setBigUint64(0, BigInt(json.length), true);
  file.set(json, 8);
  return file.buffer;
}

export function tinyConfig(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    model_type: "gpt2",
    vocab_size: 300,
    n_embd: 4,
    n_head: 2,
    n_layer: 2,
    n_positions: 16,
    eos_token_id: 0,
    ...changes,
  };
}

export function tinyBertConfig(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    model_type: "bert",
    vocab_size: 300,
    hidden_size: 4,
    num_attention_heads: 2,
    num_hidden_layers: 2,
    intermediate_size: 8,
    max_position_embeddings: 16,
    ...changes,
  };
}

export function tinyLlamaConfig(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    model_type: "llama",
    vocab_size: 300,
    hidden_size: 8,
    num_attention_heads: 2,
    num_hidden_layers: 2,
    intermediate_size: 6,
    max_position_embeddings: 16,
    ...changes,
  };
}

/** A made-up GPT-2 without weights, for engines that need none. */
export function tinyModel(changes: Partial<ModelFiles> = {}): ModelFiles {
  return { config: tinyConfig(), tokenizer: byteTokenizer(), weights: safetensors({}), ...changes };
}

/** Weights for a config of tinyConfig() with one layer, all 0. */
export function zeroWeights({ vocab_size, n_positions, n_embd }: Record<string, unknown>): ArrayBuffer {
  const d = n_embd as number;
  const vector = (name: string, size: number): [string, number[]] => [name, [size]];
  const linear = (name: string, inputs: number, outputs: number): [string, number[]][] => [
    [`${name}.weight`, [inputs, outputs]],
    vector(`${name}.bias`, outputs),
  ];
  const norm = (name: string) => [vector(`${name}.weight`, d), vector(`${name}.bias`, d)];
  let end = 0;
  const header = Object.fromEntries(
    [
      ["wte.weight", [vocab_size as number, d]] as [string, number[]],
      ["wpe.weight", [n_positions as number, d]] as [string, number[]],
      ...norm("h.0.ln_1"),
      ...linear("h.0.attn.c_attn", d, 3 * d),
      ...linear("h.0.attn.c_proj", d, d),
      ...norm("h.0.ln_2"),
      ...linear("h.0.mlp.c_fc", d, 4 * d),
      ...linear("h.0.mlp.c_proj", 4 * d, d),
      ...norm("ln_f"),
    ].map(([name, shape]) => {
      const begin = end;
      end += 4 * shape.reduce((a, b) => a * b);
      return [name, { dtype: "F32", shape, data_offsets: [begin, end] }];
    }),
  );
  return safetensors(header, end);
}

function bytesOf(path: string): ArrayBuffer {
  return new Uint8Array(readFileSync(fixturePath(path))).buffer;
}

/** The files of tests/fixtures/golden/models/<name>; shards last to first, for their order must not matter. */
export function goldenFiles(name: string, shards = 0): ModelFiles {
  const folder = `golden/models/${name}`;
  const shardName = (k: number): string =>
    `${folder}/model-${String(k).padStart(5, "0")}-of-${String(shards).padStart(5, "0")}.safetensors`;
  return {
    config: bytesOf(`${folder}/config.json`),
    tokenizer: bytesOf(`${folder}/tokenizer.json`),
    tokenizerConfig: bytesOf(`${folder}/tokenizer_config.json`),
    weights:
      shards === 0
        ? bytesOf(`${folder}/model.safetensors`)
        : Array.from({ length: shards }, (_, k) => new Blob([bytesOf(shardName(shards - k))])),
  };
}

/** The error a promise rejects with. */
export async function rejection(promise: Promise<unknown>): Promise<Error & { code?: string }> {
  try {
    await promise;
  } catch (error) {
    return error as Error & { code?: string };
  }
  throw new Error("expected a rejection");
}
