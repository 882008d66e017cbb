// What loadModel's onProgress hears: bytes of a file, and of all files as soon as their sizes are known.

import type { LoadProgress } from "../types.js";
import type { ByteFile } from "./byte_file.js";

export class Progress {
  readonly #report: ((progress: LoadProgress) => void) | undefined;
  readonly #files = new Map<string, { loaded: number; total: number }>();
  #isWhole = false;

  constructor(report: ((progress: LoadProgress) => void) | undefined) {
    this.#report = report;
  }

  /** A file to come. */
  expect(name: string, size: number): void {
    const file = this.#files.get(name);
    if (file) file.total = Math.max(file.total, size);
    else this.#files.set(name, { loaded: 0, total: size });
  }

  /** Every file there will be has been named, with its size. */
  complete(): void {
    this.#isWhole = true;
  }

  /** A file whose bytes are counted as they arrive. */
  watch(file: ByteFile): ByteFile {
    const report = this.#report;
    if (!report) return file;
    return {
      name: file.name,
      open: async (options) => {
        const count = (at: number): void => {
          this.expect(file.name, at);
          const state = this.#files.get(file.name) ?? { loaded: 0, total: 0 };
          state.loaded = at;
          report({ file: file.name, ...state, ...(this.#isWhole && { overall: this.#overall() }) });
        };
        const reader = await file.open({ ...options, count });
        if (reader.size !== undefined) this.expect(file.name, reader.size);
        return reader;
      },
    };
  }

  #overall(): { loaded: number; total: number } {
    const overall = { loaded: 0, total: 0 };
    for (const { loaded, total } of this.#files.values()) {
      overall.loaded += loaded;
      overall.total += total;
    }
    return overall;
  }
}
