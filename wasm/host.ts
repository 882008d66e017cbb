// A living WebAssembly instance: made from a module that is compiled once, thrown away after a trap, made again for the
// next call.

import { HeedError, type HeedErrorCode } from "./errors.js";
import type { NativeMemory, NativeStatus } from "./native.js";

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

/** The JavaScript that Emscripten makes beside a module, the same for both variants: it makes the module's functions. */
export type CreateNative<Native> = (options: object) => Native;

export class Host<Native extends NativeMemory> {
  readonly #module: WebAssembly.Module;
  readonly #createNative: CreateNative<Native>;
  #native: Native | null;
  #disposed = false;
  #crashed = false;

  constructor(module: WebAssembly.Module, createNative: CreateNative<Native>) {
    this.#module = module;
    this.#createNative = createNative;
    this.#native = instantiate(module, createNative);
  }

  get disposed(): boolean {
    return this.#disposed;
  }

  /** An instance has crashed: what lived in it is gone. */
  get crashed(): boolean {
    return this.#crashed;
  }

  get memory(): { heapBytes: number; usedBytes: number } {
    return this.call((native) => ({ heapBytes: native.heapBytes(), usedBytes: native.usedBytes() }));
  }

  /**
   * Runs `work` on the instance. Whatever it throws that is not a HeedError has left the instance in an unknown state
   * (a trap never unwinds the C++ stack), so that the next call gets a fresh one.
   */
  call<T>(work: (native: Native) => T): T {
    if (this.#disposed) throw disposed();
    this.#native ??= instantiate(this.#module, this.#createNative);
    try {
      return work(this.#native);
    } catch (cause) {
      if (cause instanceof HeedError) throw cause;
      this.#native = null;
      this.#crashed = true;
      throw failure(cause);
    }
  }

  /** As call(), for native functions that report a status. */
  checked<T extends NativeStatus>(work: (native: Native) => T): T {
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

function instantiate<Native>(module: WebAssembly.Module, createNative: CreateNative<Native>): Native {
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
