// A living WebAssembly instance: made from a module that is compiled once, thrown away after a trap, made again for the
// next call.

import { HeedError, type HeedErrorCode } from "./errors.js";
import type { NativeModule, NativeStatus } from "./native.js";
// Written by the build: the JavaScript that Emscripten makes beside the .wasm, the same for every variant.
import createNative from "../build/wasm/glue.mjs";

/** In the order of StatusCode in src/status.h. */
const statusCodes: readonly (HeedErrorCode | null)[] = [
  null,
  "invalid-argument",
  "shape-mismatch",
  "out-of-memory",
  "invalid-model",
  "unsupported-model",
];

/** WebAssembly memory may grow to this and no further (-sMAXIMUM_MEMORY). */
export const maximumMemory = 2 ** 31;

export class Host {
  readonly #module: WebAssembly.Module;
  #native: NativeModule | null;
  #disposed = false;
  /** Counts instances: what lived in an earlier one is gone. */
  generation = 0;

  constructor(module: WebAssembly.Module) {
    this.#module = module;
    this.#native = instantiate(module);
  }

  get disposed(): boolean {
    return this.#disposed;
  }

  /**
   * Runs `work` on the instance. Whatever it throws that is not a HeedError has left the instance in an unknown state
   * (a trap never unwinds the C++ stack), so that the next call gets a fresh one.
   */
  call<T>(work: (native: NativeModule) => T): T {
    if (this.#disposed) throw disposed();
    this.#native ??= instantiate(this.#module);
    try {
      return work(this.#native);
    } catch (cause) {
      if (cause instanceof HeedError) throw cause;
      this.#native = null;
      this.generation += 1;
      throw failure(cause);
    }
  }

  /** As call(), for native functions that report a status. */
  checked<T extends NativeStatus>(work: (native: NativeModule) => T): T {
    const result = this.call(work);
    const code = statusCodes[result.code];
    if (code) throw new HeedError(code, describe(code, result.message));
    return result;
  }

  dispose(): void {
    this.#disposed = true;
    this.#native = null;
  }
}

export function disposed(): HeedError {
  return new HeedError("disposed", "the engine has been disposed of: make another with createEngine()");
}

function instantiate(module: WebAssembly.Module): NativeModule {
  try {
    return createNative({
      // Synchronous, so that a synchronous call can replace a crashed instance.
      instantiateWasm(imports: WebAssembly.Imports, receive: (instance: WebAssembly.Instance) => void) {
        const instance = new WebAssembly.Instance(module, imports);
        receive(instance);
        return instance.exports;
      },
      // Nothing is ever printed.
      print: () => undefined,
      printErr: () => undefined,
    });
  } catch (cause) {
    throw new HeedError(
      "unsupported-host",
      `the WebAssembly module could not be started: ${messageOf(cause)}`,
      { cause },
    );
  }
}

function describe(code: HeedErrorCode, message: string): string {
  return code === "out-of-memory"
    ? `WebAssembly memory is full: heed may use ${maximumMemory / 2 ** 20} MiB, and the call needed more`
    : message;
}

/** A RangeError is JavaScript's own memory running out while a result is copied; all else is a crash. */
function failure(cause: unknown): HeedError {
  return cause instanceof RangeError
    ? new HeedError("out-of-memory", `the result does not fit into memory: ${cause.message}`, { cause })
    : new HeedError("crashed", `the WebAssembly instance crashed and will be replaced: ${messageOf(cause)}`, {
        cause,
      });
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
