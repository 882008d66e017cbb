// The same model for onnxruntime-web: a graph of ONNX's own operators over the weights' file that heed loads. Its optimiser
// fuses what it can (biases into Gelu, sums into LayerNormalization) and packs the weights of Gemm when the session is made.

import { normEpsilon, type Bert } from "./bert.js";
import { onnxModel, type OnnxNode, type OnnxShape, type OnnxWeight } from "./onnx_model.js";

export const weightsFile = "weights";

/** From "ids", int64 [length], to "hidden", [length, modelDim]. */
export function bertOnnx({ sizes, weights, ids: { length } }: Bert): Uint8Array<ArrayBuffer> {
  const { numLayers, numHeads, modelDim } = sizes;
  const nodes: OnnxNode[] = [];
  const constants: (OnnxWeight | OnnxShape)[] = [
    { name: "batched", sizes: [1, length, modelDim] },
    { name: "flat", sizes: [length, modelDim] },
  ];

  /** One node; gives its output's name. */
  function node(type: string, inputs: string[], attributes: OnnxNode["attributes"] = {}): string {
    const output = `${type}${nodes.length}`;
    nodes.push({ type, domain: "", attributes, inputs, outputs: [output] });
    return output;
  }
  /** A weight under its name, or its beginning in another shape. */
  function weight(name: string, shape = weights.get(name)?.shape): string {
    const place = weights.get(name);
    if (!place || !shape) throw new Error(`no weight ${name}`);
    constants.push({ name, shape, file: weightsFile, offset: place.offset });
    return name;
  }
  function linear(x: string, name: string): string {
    return node("Gemm", [x, weight(`${name}.weight`), weight(`${name}.bias`)], { transB: 1 });
  }
  function norm(x: string, name: string): string {
    const epsilon = { float: normEpsilon };
    return node("LayerNormalization", [x, weight(`${name}.weight`), weight(`${name}.bias`)], { epsilon });
  }
  function attention(x: string, name: string): string {
    const projected = ["query", "key", "value"].map((part) =>
      node("Reshape", [linear(x, `${name}.self.${part}`), "batched"]),
    );
    const context = node("Attention", projected, { q_num_heads: numHeads, kv_num_heads: numHeads });
    return linear(node("Reshape", [context, "flat"]), `${name}.output.dense`);
  }

  const words = node("Gather", [weight("embeddings.word_embeddings.weight"), "ids"]);
  const positions = weight("embeddings.position_embeddings.weight", [length, modelDim]);
  const type = weight("embeddings.token_type_embeddings.weight", [modelDim]);
  let x = norm(node("Add", [node("Add", [words, positions]), type]), "embeddings.LayerNorm");
  for (let l = 0; l < numLayers; l++) {
    const name = `encoder.layer.${l}`;
    x = norm(node("Add", [attention(x, `${name}.attention`), x]), `${name}.attention.output.LayerNorm`);
    const inner = node("Gelu", [linear(x, `${name}.intermediate.dense`)]);
    x = norm(node("Add", [linear(inner, `${name}.output.dense`), x]), `${name}.output.LayerNorm`);
  }
  nodes.push({ type: "Identity", domain: "", attributes: {}, inputs: [x], outputs: ["hidden"] });
  return onnxModel({
    nodes,
    constants,
    inputs: [{ name: "ids", type: "int64", shape: [length] }],
    outputs: [{ name: "hidden", type: "float", shape: [length, modelDim] }],
  });
}
