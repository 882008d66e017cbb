// ELECTRA in plain doubles, of Clark et al., "ELECTRA" (2020), section 3, and transformers 5.12's modeling_electra.py.

import { add, attention, gelu, layerNorm, linear, mapped, type Matrix } from "./maths.js";
import { dense, layered, norm } from "./shapes.js";
import type { MadeCheckpoint, Shapes } from "./checkpoint.js";

export interface ElectraSizes {
  layers: number;
  heads: number;
  width: number;
  inner: number;
  embedding: number;
  vocabulary: number;
  positions: number;
}

/** The config.json; `architecture` says which head the checkpoint has. */
export function electraConfig(size: ElectraSizes, architecture: string | undefined): object {
  return {
    model_type: "electra",
    ...(architecture === undefined ? {} : { architectures: [architecture] }),
    hidden_size: size.width,
    embedding_size: size.embedding,
    num_attention_heads: size.heads,
    num_hidden_layers: size.layers,
    intermediate_size: size.inner,
    max_position_embeddings: size.positions,
    vocab_size: size.vocabulary,
    type_vocab_size: 2,
    hidden_act: "gelu",
  };
}

export function electraShapes(size: ElectraSizes, head: "discriminator" | "generator"): Shapes {
  const { layers, width, inner, embedding, vocabulary, positions } = size;
  const layer = (name: string): Shapes => ({
    ...dense(`${name}.attention.self.query`, width, width),
    ...dense(`${name}.attention.self.key`, width, width),
    ...dense(`${name}.attention.self.value`, width, width),
    ...dense(`${name}.attention.output.dense`, width, width),
    ...norm(`${name}.attention.output.LayerNorm`, width),
    ...dense(`${name}.intermediate.dense`, width, inner),
    ...dense(`${name}.output.dense`, inner, width),
    ...norm(`${name}.output.LayerNorm`, width),
  });
  return {
    "electra.embeddings.word_embeddings.weight": [vocabulary, embedding],
    "electra.embeddings.position_embeddings.weight": [positions, embedding],
    "electra.embeddings.token_type_embeddings.weight": [2, embedding],
    ...norm("electra.embeddings.LayerNorm", embedding),
    ...(embedding === width ? {} : dense("electra.embeddings_project", embedding, width)),
    ...layered(layers, (l) => layer(`electra.encoder.layer.${l}`)),
    ...(head === "discriminator"
      ? {
          ...dense("discriminator_predictions.dense", width, width),
          ...dense("discriminator_predictions.dense_prediction", width, 1),
        }
      : {
          ...dense("generator_predictions.dense", width, embedding),
          ...norm("generator_predictions.LayerNorm", embedding),
          "generator_lm_head.bias": [vocabulary],
        }),
  };
}

export interface EncoderRun {
  /** [layers][heads][n][n] */
  attentions: Matrix[][];
  /** [layers + 1][n][width] */
  hidden: Matrix[];
  logits: Matrix;
}

export function runElectra(
  made: MadeCheckpoint,
  { layers, heads, width, embedding }: ElectraSizes,
  head: "discriminator" | "generator",
  ids: readonly number[],
  types: readonly number[],
): EncoderRun {
  const epsilon = 1e-12;
  const apply = (x: Matrix, name: string): Matrix =>
    linear(x, made.matrix(`${name}.weight`), made.vector(`${name}.bias`));
  const normalise = (x: Matrix, name: string): Matrix =>
    layerNorm(x, made.vector(`${name}.weight`), made.vector(`${name}.bias`), epsilon);
  const rows = (name: string, at: readonly number[]): Matrix => {
    const table = made.matrix(`electra.embeddings.${name}.weight`);
    return at.map((i) => table[i] ?? []);
  };

  const words = rows("word_embeddings", ids);
  const positions = rows("position_embeddings", [...ids.keys()]);
  let x = add(add(words, rows("token_type_embeddings", types)), positions);
  x = normalise(x, "electra.embeddings.LayerNorm");
  if (embedding !== width) x = apply(x, "electra.embeddings_project");

  const hidden = [x];
  const attentions: Matrix[][] = [];
  for (let l = 0; l < layers; l++) {
    const name = `electra.encoder.layer.${l}`;
    const [query, key, value] = ["query", "key", "value"].map((part) =>
      apply(x, `${name}.attention.self.${part}`),
    ) as [Matrix, Matrix, Matrix];
    const { weights, context } = attention({ query, key, value }, heads, Math.sqrt(heads / width));
    const attended = add(apply(context, `${name}.attention.output.dense`), x);
    x = normalise(attended, `${name}.attention.output.LayerNorm`);
    const inner = mapped(apply(x, `${name}.intermediate.dense`), gelu);
    x = normalise(add(apply(inner, `${name}.output.dense`), x), `${name}.output.LayerNorm`);
    attentions.push(weights);
    hidden.push(x);
  }

  if (head === "discriminator") {
    const y = mapped(apply(x, "discriminator_predictions.dense"), gelu);
    return { attentions, hidden, logits: apply(y, "discriminator_predictions.dense_prediction") };
  }
  const y = normalise(
    mapped(apply(x, "generator_predictions.dense"), gelu),
    "generator_predictions.LayerNorm",
  );
  const table = made.matrix("electra.embeddings.word_embeddings.weight");
  return { attentions, hidden, logits: linear(y, table, made.vector("generator_lm_head.bias")) };
}
