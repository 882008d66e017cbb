// Libraries that have no fused attention in WebAssembly: TensorFlow.js, and jax-js. Both are asked for the plain case alone, up to
// 1024 tokens: they are an order of magnitude slower, and longer ones would take the whole run's time.

import type { Addresses, Contender } from "./contender.js";
import { swapHeads, type Problem, type Task } from "./problem.js";

const longest = 1024;

function asked({ numHeads, numKvHeads, queryLength, isCausal, weights }: Problem): boolean {
  return numHeads === numKvHeads && queryLength <= longest && !isCausal && !weights;
}

interface Tfjs {
  core: {
    env(): { set(flag: string, value: boolean): void };
    setBackend(name: string): Promise<boolean>;
    tensor(data: Float32Array, shape: readonly number[]): TfjsTensor;
    tidy<T>(work: () => T): T;
    matMul(a: TfjsTensor, b: TfjsTensor, transposeA?: boolean, transposeB?: boolean): TfjsTensor;
    mul(a: TfjsTensor, b: number): TfjsTensor;
    softmax(x: TfjsTensor): TfjsTensor;
  };
  wasm: { setWasmPaths(prefix: string): void };
}

interface TfjsTensor {
  dataSync(): Float32Array;
  dispose(): void;
}

export async function tfjs({ peers, wasm }: Addresses): Promise<Contender<Task>> {
  const library = (await import(peers.tfjs)) as Tfjs;
  if (wasm) library.wasm.setWasmPaths(wasm.tfjs);
  const tf = library.core;
  // One thread in Node too, as in a page without isolation.
  tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
  if (!(await tf.setBackend("wasm"))) throw new Error("its WebAssembly backend does not start");
  return {
    name: "tfjs-backend-wasm",
    async prepare({ problem, tensors: { query, key, value } }) {
      if (!asked(problem)) return undefined;
      const { numHeads, queryLength, keyLength, headDim } = problem;
      const q = tf.tensor(query, [numHeads, queryLength, headDim]);
      const [k, v] = [key, value].map((x) => tf.tensor(x, [numHeads, keyLength, headDim])) as [
        TfjsTensor,
        TfjsTensor,
      ];
      const scale = 1 / Math.sqrt(headDim);
      const run = () =>
        tf.tidy(() => tf.matMul(tf.softmax(tf.mul(tf.matMul(q, k, false, true), scale)), v).dataSync());
      return {
        run,
        result: async () => ({ output: run() }),
        dispose: () => [q, k, v].forEach((x) => x.dispose()),
      };
    },
  };
}

interface Jax {
  init(device: string): Promise<unknown>;
  defaultDevice(device: string): void;
  jit<F>(work: F): F;
  nn: { dotProductAttention(query: JaxArray, key: JaxArray, value: JaxArray): JaxArray };
  numpy: { array(data: Float32Array, options: { shape: readonly number[] }): JaxArray };
}

interface JaxArray {
  /** Every use consumes an array; this counts one more. */
  ref: JaxArray;
  data(): Promise<Float32Array>;
  dispose(): void;
}

export async function jax({ peers }: Addresses): Promise<Contender<Task>> {
  const library = (await import(peers.jax)) as Jax;
  await library.init("wasm");
  library.defaultDevice("wasm");
  return {
    name: "jax-js",
    async prepare({ problem, tensors: { query, key, value } }) {
      if (!asked(problem)) return undefined;
      const { numHeads, queryLength, keyLength, headDim } = problem;
      const array = (x: Float32Array, length: number) =>
        library.numpy.array(swapHeads(x, numHeads, length), { shape: [1, length, numHeads, headDim] });
      const [q, k, v] = [array(query, queryLength), array(key, keyLength), array(value, keyLength)];
      const attention = library.jit((a: JaxArray, b: JaxArray, c: JaxArray) =>
        library.nn.dotProductAttention(a, b, c),
      );
      const run = () => attention(q.ref, k.ref, v.ref).data();
      return {
        run,
        result: async () => ({ output: swapHeads(await run(), queryLength, numHeads) }),
        dispose: () => [q, k, v].forEach((x) => x.dispose()),
      };
    },
  };
}
