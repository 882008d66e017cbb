// What each library is wrapped in, so that all are prepared, checked and timed alike.

export interface Contender<Task> {
  name: string;
  /** undefined: this one has no such operation, or is not to be asked for it. */
  prepare(task: Task): Promise<Prepared | undefined>;
}

export interface Prepared {
  /** One call, from arrays to arrays: results are copied out of WebAssembly memory, as a page needs them. */
  run(): unknown;
  /** What a call gives, [heads, length, headDim] and [heads, length, keys]. */
  result(): Promise<Computed>;
  /** Bytes of WebAssembly memory behind it, where it says. */
  memory?(): number;
  dispose?(): unknown;
}

export interface Computed {
  output: Float32Array;
  weights?: Float32Array | undefined;
}

/** Where things are, as module and folder addresses that the host's import() knows. */
export interface Addresses {
  heed: string;
  models: string;
  peers: Record<PeerName, string>;
  /** Folders of WebAssembly files; only pages need them. */
  wasm?: { onnxruntime: string; tfjs: string };
}

export type PeerName = "onnxruntime" | "tfjs" | "jax";
