// Models without WebAssembly: they record what heed/models asks of them and answer what a test says.

import type { OwnFloat32Array } from "heed";
import type { LoadOptions, Model, ModelSource } from "heed/models";
import { loadModelOn } from "../../../wasm/models/loading.js";
import type {
  NativeForwardOptions,
  NativeForwardResult,
  NativeModel,
  NativeModelConfig,
  WeightPiece,
} from "../../../wasm/models/native.js";

export interface FakeWeight {
  name: string;
  dtype: string;
  shape: readonly number[];
  bytes: Uint8Array;
}

export class FakeNative implements NativeModel {
  alive = true;
  memory = { heapBytes: 0, usedBytes: 0 };
  hasHead = true;
  timesDisposed = 0;
  readonly weights: FakeWeight[] = [];
  readonly forwards: { tokenIds: number[]; options: NativeForwardOptions }[] = [];
  readonly caches: number[] = [];
  finishError: Error | undefined;

  constructor(
    readonly config: NativeModelConfig,
    readonly isCausal: boolean,
    private readonly answers: FakeAnswers,
  ) {}

  get disposed(): boolean {
    return this.timesDisposed > 0;
  }

  setWeight({ name, dtype, shape, bytes }: WeightPiece): void {
    this.weights.push({ name, dtype, shape, bytes: bytes.slice() });
    this.answers.onWeight?.(name);
  }

  finish(): void {
    if (this.answers.finishError) throw this.answers.finishError;
  }

  forward(tokenIds: Int32Array, options: NativeForwardOptions): NativeForwardResult {
    this.forwards.push({ tokenIds: [...tokenIds], options });
    return (
      this.answers.forward?.(tokenIds, options, this) ?? {
        finalHidden: new Float32Array(tokenIds.length * this.config.modelDim),
      }
    );
  }

  /** Whose largest logit is its most probable token. */
  head(finalHidden: Float32Array): OwnFloat32Array {
    return this.answers.logits?.(finalHidden, this) ?? new Float32Array(this.config.vocabularySize);
  }

  window(): OwnFloat32Array {
    return new Float32Array();
  }

  resetCache(capacity: number): void {
    this.caches.push(capacity);
  }

  dispose(): void {
    this.alive = false;
    ++this.timesDisposed;
  }
}

export interface FakeAnswers {
  forward?(tokenIds: Int32Array, options: NativeForwardOptions, native: FakeNative): NativeForwardResult;
  logits?(finalHidden: Float32Array, native: FakeNative): OwnFloat32Array;
  onWeight?(name: string): void;
  onCreate?(numShards: number): void;
  /** The host lets none start. */
  noWorkers?: boolean;
  finishError?: Error;
}

/** What makes fakes: `natives` are those made so far. */
export interface Fakes {
  natives: FakeNative[];
  loadModel(source: ModelSource, options?: LoadOptions): Promise<Model>;
}

/** A loadModel() whose native models answer as told. */
export function fakeModels(answers: FakeAnswers = {}): Fakes {
  const natives: FakeNative[] = [];
  const create = async (config: NativeModelConfig, numShards: number) => {
    if (answers.noWorkers && numShards > 0) return null;
    answers.onCreate?.(numShards);
    const native = new FakeNative(config, config.architecture === "gpt2", answers);
    natives.push(native);
    return native;
  };
  return { natives, loadModel: (source, options = {}) => loadModelOn(source, options, create) };
}
