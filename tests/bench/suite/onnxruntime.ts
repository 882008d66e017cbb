// onnxruntime-web on its CPU provider, one thread: what a page without cross-origin isolation gets. Attention of opset 23, and
// with a cache the operator that its exporters write for it, GroupQueryAttention.

import type { Addresses, Contender } from "./contender.js";
import { onnxModel, type OnnxOperator, type OnnxValue } from "./onnx_model.js";
import type { Problem, Tensors } from "./problem.js";

interface Onnxruntime {
  env: { wasm: { numThreads: number; wasmPaths?: string }; logLevel: string };
  Tensor: new (type: string, data: Float32Array | Int32Array, shape: readonly number[]) => Tensor;
  InferenceSession: { create(model: Uint8Array, options: object): Promise<Session> };
}

interface Tensor {
  data: Float32Array;
}

interface Session {
  run(feeds: Record<string, Tensor>): Promise<Record<string, Tensor>>;
  release(): Promise<void>;
}

/** An operator, and what goes in under its inputs' names. */
interface Task {
  operator: OnnxOperator;
  feeds: Record<string, Float32Array | Int32Array>;
}

export async function onnxruntime({ peers, wasm }: Addresses): Promise<Contender> {
  const ort = ((await import(peers.onnxruntime)) as { onnxruntime: Onnxruntime }).onnxruntime;
  ort.env.wasm.numThreads = 1;
  ort.env.logLevel = "error";
  if (wasm) ort.env.wasm.wasmPaths = wasm.onnxruntime;
  return {
    name: "onnxruntime-web",
    async prepare(problem, tensors) {
      const { operator, feeds } = problem.pastLength > 0 ? cached(problem, tensors) : plain(problem, tensors);
      const hadWorker = "Worker" in globalThis;
      const session = await ort.InferenceSession.create(onnxModel(operator), {
        executionProviders: ["wasm"],
      });
      // In Node it leaves a global Worker behind, which jax-js takes for a browser's, and fails.
      if (!hadWorker) delete (globalThis as { Worker?: unknown }).Worker;
      const inputs = Object.fromEntries(
        operator.inputs
          .filter((input) => input !== null)
          .map(({ name, type, shape }) => [
            name,
            new ort.Tensor(type === "float" ? "float32" : type, feeds[name]!, shape),
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

function plain(problem: Problem, { query, key, value }: Tensors): Task {
  const { numHeads, numKvHeads, queryLength, keyLength, headDim, isCausal, weights } = problem;
  const cacheShape = [1, numKvHeads, keyLength, headDim];
  return {
    operator: {
      type: "Attention",
      domain: "",
      // Mode 3: the weights, not the products.
      attributes: { is_causal: Number(isCausal), ...(weights && { qk_matmul_output_mode: 3 }) },
      inputs: [
        floats("query", [1, numHeads, queryLength, headDim]),
        floats("key", cacheShape),
        floats("value", cacheShape),
      ],
      outputs: [
        floats("output", [1, numHeads, queryLength, headDim]),
        ...(weights ? [null, null, floats("weights", [1, numHeads, queryLength, keyLength])] : []),
      ],
    },
    feeds: { query, key, value },
  };
}

/** As the page that generates text: the cache goes in, and comes back one token longer. */
function cached(problem: Problem, { query, key, value, pastKey, pastValue }: Tensors): Task {
  const { numHeads, numKvHeads, queryLength, keyLength, pastLength, headDim } = problem;
  if (queryLength !== 1 || keyLength - pastLength !== 1) throw new Error("one new token at a time");
  const past = [1, numKvHeads, pastLength, headDim];
  // Left open: the operator's shape inference takes the past's length for it.
  const present = [1, numKvHeads, -1, headDim];
  return {
    operator: {
      type: "GroupQueryAttention",
      domain: "com.microsoft",
      attributes: { num_heads: numHeads, kv_num_heads: numKvHeads },
      inputs: [
        floats("query", [1, 1, numHeads * headDim]),
        floats("key", [1, 1, numKvHeads * headDim]),
        floats("value", [1, 1, numKvHeads * headDim]),
        floats("pastKey", past),
        floats("pastValue", past),
        { name: "lastKeys", type: "int32", shape: [1] },
        { name: "keyLength", type: "int32", shape: [] },
      ],
      outputs: [
        floats("output", [1, 1, numHeads * headDim]),
        floats("presentKey", present),
        floats("presentValue", present),
      ],
    },
    feeds: {
      ...{ query, key, value, pastKey, pastValue },
      lastKeys: Int32Array.of(keyLength - 1),
      keyLength: Int32Array.of(keyLength),
    },
  };
}

function floats(name: string, shape: readonly number[]): OnnxValue {
  return { name, type: "float", shape };
}
