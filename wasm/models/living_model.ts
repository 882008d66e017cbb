// The native side of a model that is in use: where a crash took it, it is made again, and its weights are read again.

import { checkAborted, failure } from "./errors.js";
import type { NativeModel } from "./native.js";

export class LivingModel {
  #native: NativeModel;
  readonly #reload: () => Promise<NativeModel>;
  #isDisposed = false;
  /** Weights are given once, whoever waits for it. */
  #restoring: Promise<void> | null = null;

  constructor(native: NativeModel, reload: () => Promise<NativeModel>) {
    this.#native = native;
    this.#reload = reload;
  }

  /** As it is, crashed or not. Errors: "disposed". */
  get now(): NativeModel {
    this.checkDisposed();
    return this.#native;
  }

  /** Alive. Errors: "disposed", "aborted", and those of loading. */
  async living(signal: AbortSignal | undefined): Promise<NativeModel> {
    const { alive, disposed } = this.now;
    if (disposed) throw failure("disposed", "the engine that the model was given has been disposed of");
    if (!alive) {
      this.#restoring ??= this.#restore().finally(() => {
        this.#restoring = null;
      });
      await this.#restoring;
      checkAborted(signal, "run()");
    }
    return this.now;
  }

  checkDisposed(): void {
    if (this.#isDisposed)
      throw failure("disposed", "the model has been disposed of: load it again with loadModel()");
  }

  dispose(): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    this.#native.dispose();
  }

  async #restore(): Promise<void> {
    const native = await this.#reload();
    if (this.#isDisposed) native.dispose();
    else this.#native = native;
  }
}
