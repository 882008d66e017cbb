// onnxruntime-web on its CPU provider, one thread: what a page without cross-origin isolation gets. Attention of opset 23, and
// with a cache the operator that its exporters write for it, GroupQueryAttention.

import type { Addresses, Contender } from "./contender.js";
import { loadOrt, openSession } from "./ort.js";
import { onnxOperator, type OnnxOperator, type OnnxValue } from "./onnx_model.js";
import type { Problem, Task, Tensors } from "./problem.js";

/** An operator, and what goes in under its inputs' names; the model may leave open a shape that is given here. */
interface Call {
  operator: OnnxOperator;
  feeds: Record<string, { data: Float32Array | Int32Array; shape: readonly number[] }>;
}

export async function onnxruntime(addresses: Addresses): Promise<Contender<Task>> {
  const ort = await loadOrt(addresses);
  return {
    name: "onnxruntime-web",
    async prepare({ problem, tensors }) {
      const { operator, feeds } = problem.pastLength > 0 ? cached(problem, tensors) : plain(problem, tensors);
      const session = await openSession(ort, onnxOperator(operator));
      const inputs = Object.fromEntries(
        Object.entries(feeds).map(([name, { data, shape }]) => [
          name,
          new ort.Tensor(data instanceof Float32Array ? "float32" : "int32", data, shape),
        ]),
      );
      const run = () => session.run(inputs);
      return {
        run,
        async result() {
          const results = await run();
          return { output: results["output"]!.data, weights: results["weights"]?.data };
        },
        dispose: () => session.release(),
      };
    },
  };
}

function plain(problem: Problem, { query, key, value }: Tensors): Call {
  const { numHeads, numKvHeads, queryLength, keyLength, headDim, isCausal, weights } = problem;
  const queryShape = [1, numHeads, queryLength, headDim];
  const keyShape = [1, numKvHeads, keyLength, headDim];
  return {
    operator: {
      type: "Attention",
      domain: "",
      // Mode 3: the weights, not the products.
      attributes: { is_causal: Number(isCausal), ...(weights && { qk_matmul_output_mode: 3 }) },
      inputs: [floats("query", queryShape), floats("key", keyShape), floats("value", keyShape)],
      outputs: [
        floats("output", queryShape),
        ...(weights ? [null, null, floats("weights", [1, numHeads, queryLength, keyLength])] : []),
      ],
    },
    feeds: {
      query: { data: query, shape: queryShape },
      key: { data: key, shape: keyShape },
      value: { data: value, shape: keyShape },
    },
  };
}

/** As the page that generates text: the cache goes in, and comes back one token longer. */
function cached(problem: Problem, { query, key, value, pastKey, pastValue }: Tensors): Call {
  const { numHeads, numKvHeads, queryLength, keyLength, pastLength, headDim } = problem;
  if (queryLength !== 1 || keyLength - pastLength !== 1) throw new Error("one new token at a time");
  const queryShape = [1, 1, numHeads * headDim];
  const keyShape = [1, 1, numKvHeads * headDim];
  const pastShape = [1, numKvHeads, pastLength, headDim];
  // Open, as exporters leave it: the operator's shape inference would take the past's length for the present's, and every
  // call would log a warning.
  const open = [1, numKvHeads, -1, headDim];
  return {
    operator: {
      type: "GroupQueryAttention",
      domain: "com.microsoft",
      attributes: { num_heads: numHeads, kv_num_heads: numKvHeads },
      inputs: [
        ...[floats("query", queryShape), floats("key", keyShape), floats("value", keyShape)],
        ...[floats("pastKey", open), floats("pastValue", open)],
        { name: "lastKeys", type: "int32", shape: [1] },
        { name: "keyLength", type: "int32", shape: [] },
      ],
      outputs: [floats("output", queryShape), floats("presentKey", open), floats("presentValue", open)],
    },
    feeds: {
      query: { data: query, shape: queryShape },
      key: { data: key, shape: keyShape },
      value: { data: value, shape: keyShape },
      pastKey: { data: pastKey, shape: pastShape },
      pastValue: { data: pastValue, shape: pastShape },
      lastKeys: { data: Int32Array.of(keyLength - 1), shape: [1] },
      keyLength: { data: Int32Array.of(keyLength), shape: [] },
    },
  };
}

function floats(name: string, shape: readonly number[]): OnnxValue {
  return { name, type: "float", shape };
}
