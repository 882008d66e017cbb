/**
 * heed with the WebAssembly module handed in by the caller: for pages that stream it, cache it or share it compiled. The
 * module is `heed/heed-simd.wasm` or `heed/heed-relaxed-simd.wasm` of this package, of the same version.
 *
 * @packageDocumentation
 */

import { object, invalid } from "./check.js";
import { compile } from "./compile.js";
import { checkOptions, createEngineOf } from "./create.js";
import { HeedError } from "./errors.js";
import type { Engine, EngineOptions } from "./types.js";
import { chooseVariant, type Variant } from "./variant.js";

export { HeedError, type HeedErrorCode } from "./errors.js";
export type * from "./types.js";

/** EngineOptions, and where the module is. */
export interface ExternalOptions extends EngineOptions {
  wasm: URL | Response | ArrayBuffer | WebAssembly.Module;
}

/**
 * Makes an engine of the given module. Which variant it is, is read from the module; another one in `variant` is refused.
 * A file: URL is read from the disk in Node.
 *
 * Errors: "network" (the URL or Response failed), "unsupported-host", "invalid-argument" (not heed's WebAssembly; a page of
 * HTML, for one).
 *
 * @example
 * import { createEngine } from "heed/external";
 * const engine = await createEngine({ wasm: new URL("/assets/heed-simd.wasm", location.href) });
 */
export async function createEngine(options: ExternalOptions): Promise<Engine> {
  object("options", options);
  checkOptions(options);
  const { variant = "auto", wasm } = options;
  // What the module is counts, not what the host would choose.
  chooseVariant(variant === "relaxed-simd" ? undefined : { variant });
  const module = await toModule(wasm);
  const found = variantOf(module);
  if (variant !== "auto" && variant !== found) throw invalid("variant", variant, `"${found}", which wasm is`);
  return createEngineOf(module, found, options);
}

async function toModule(wasm: unknown): Promise<WebAssembly.Module> {
  if (wasm instanceof WebAssembly.Module) return wasm;
  if (wasm instanceof URL) return compiled(await bytesAt(wasm), wasm.href);
  if (typeof Response === "function" && wasm instanceof Response) {
    const name = wasm.url || "wasm (a Response)";
    return compiled(await bytesOf(wasm, name), name);
  }
  if (Object.prototype.toString.call(wasm) === "[object ArrayBuffer]" || ArrayBuffer.isView(wasm))
    return compiled(wasm as ArrayBuffer, "wasm");
  throw invalid("wasm", wasm, "a URL, a Response, an ArrayBuffer or a WebAssembly.Module");
}

/** What does not begin as WebAssembly is a wrong argument; what begins so and is refused, the host's affair. */
function compiled(bytes: BufferSource, name: string): Promise<WebAssembly.Module> {
  const { buffer, byteOffset, byteLength } = ArrayBuffer.isView(bytes) ? bytes : new Uint8Array(bytes);
  const begin = String.fromCharCode(...new Uint8Array(buffer, byteOffset, Math.min(byteLength, 9)));
  if (begin.startsWith("\0asm")) return compile(bytes);
  throw new HeedError(
    "invalid-argument",
    `${name} has ${byteLength} bytes that begin with ${JSON.stringify(begin)}, expected WebAssembly ("\\0asm")`,
  );
}

/** The part of Node's `process` that is used. */
interface NodeProcess {
  getBuiltinModule?(name: "node:fs/promises"): { readFile(path: URL): Promise<Uint8Array<ArrayBuffer>> };
}

async function bytesAt(url: URL): Promise<BufferSource> {
  const { process } = globalThis as { process?: NodeProcess };
  const failed = (cause: unknown): HeedError =>
    new HeedError("network", `${url.href} could not be fetched`, { cause });
  if (url.protocol === "file:" && process?.getBuiltinModule) {
    return process
      .getBuiltinModule("node:fs/promises")
      .readFile(url)
      .catch((cause: unknown) => {
        throw failed(cause);
      });
  }
  const response = await fetch(url).catch((cause: unknown) => {
    throw failed(cause);
  });
  return bytesOf(response, url.href);
}

async function bytesOf(response: Response, name: string): Promise<ArrayBuffer> {
  if (!response.ok)
    throw new HeedError("network", `${name} answered ${response.status} ${response.statusText}`.trimEnd());
  try {
    return await response.arrayBuffer();
  } catch (cause) {
    throw new HeedError("network", `${name} broke off`, { cause });
  }
}

/** The build writes the variant's name into a custom section. */
function variantOf(module: WebAssembly.Module): Variant {
  const [section] = WebAssembly.Module.customSections(module, "heed-variant");
  const name = section ? new TextDecoder().decode(section) : "";
  if (name !== "simd" && name !== "relaxed-simd") {
    throw invalid(
      "wasm",
      "another module",
      "heed-simd.wasm or heed-relaxed-simd.wasm of this version of heed",
    );
  }
  return name;
}
