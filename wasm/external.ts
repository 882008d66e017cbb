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
 * Makes an engine of the given module. Which variant it is, is read from the module.
 *
 * Errors: "network" (the URL or Response failed), "unsupported-host", "invalid-argument".
 *
 * @example
 * import { createEngine } from "heed/external";
 * const engine = await createEngine({ wasm: new URL("/assets/heed-simd.wasm", location.href) });
 */
export async function createEngine(options: ExternalOptions): Promise<Engine> {
  object("options", options);
  checkOptions(options);
  chooseVariant(options);
  const module = await toModule(options.wasm);
  return createEngineOf(module, variantOf(module), options);
}

async function toModule(wasm: unknown): Promise<WebAssembly.Module> {
  if (wasm instanceof WebAssembly.Module) return wasm;
  if (wasm instanceof URL) return compile(await bytesOf(await fetched(wasm)));
  if (typeof Response === "function" && wasm instanceof Response) return compile(await bytesOf(wasm));
  const bytes = wasm as ArrayBuffer;
  if (Object.prototype.toString.call(wasm) === "[object ArrayBuffer]" || ArrayBuffer.isView(wasm))
    return compile(bytes);
  throw invalid("wasm", wasm, "a URL, a Response, an ArrayBuffer or a WebAssembly.Module");
}

async function fetched(url: URL): Promise<Response> {
  try {
    return await fetch(url);
  } catch (cause) {
    throw new HeedError("network", `${url.href} could not be fetched`, { cause });
  }
}

async function bytesOf(response: Response): Promise<ArrayBuffer> {
  if (!response.ok)
    throw new HeedError("network", `${response.url} answered ${response.status} ${response.statusText}`);
  try {
    return await response.arrayBuffer();
  } catch (cause) {
    throw new HeedError("network", `${response.url} broke off`, { cause });
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
