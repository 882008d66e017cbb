// config.json under heed's names, an architecture at a time: fetched when the first is read that no bundled model has. The
// keys and their defaults are those of Hugging Face transformers.

import { readBert, readGpt2 } from "./bundled_configs.js";
import type { ConfigReader } from "./config_reader.js";
import {
  readBart,
  readM2m100,
  readMarian,
  readMbart,
  readPegasus,
  readT5,
} from "./encoder_decoder_configs.js";
import { readDistilBert, readElectra, readRoberta } from "./encoder_configs.js";
import { readGptNeox, readOpt } from "./decoder_configs.js";
import { readGemma, readGemma2, readGemma3 } from "./gemma_config.js";
import { readLlama, readMistral, readQwen2, readQwen3 } from "./llama_config.js";
import type { NativeModelConfig } from "./native.js";
import type { Architecture } from "./types.js";

/** How to read a config.json, by its model_type. */
export const architectures: ReadonlyMap<string, (config: ConfigReader) => NativeModelConfig> = new Map<
  Architecture,
  (config: ConfigReader) => NativeModelConfig
>([
  ["bert", readBert],
  ["camembert", readRoberta],
  ["distilbert", readDistilBert],
  ["electra", readElectra],
  ["roberta", readRoberta],
  ["xlm-roberta", readRoberta],
  ["gpt2", readGpt2],
  ["llama", readLlama],
  ["mistral", readMistral],
  ["qwen2", readQwen2],
  ["qwen3", readQwen3],
  ["gemma", readGemma],
  ["gemma2", readGemma2],
  ["gemma3_text", readGemma3],
  ["gpt_neox", readGptNeox],
  ["opt", readOpt],
  ["bart", readBart],
  ["m2m_100", readM2m100],
  ["marian", readMarian],
  ["mbart", readMbart],
  ["mt5", readT5],
  ["pegasus", readPegasus],
  ["t5", readT5],
]);
