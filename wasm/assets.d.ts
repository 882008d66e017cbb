// What the bundler makes of imports that are not TypeScript.

declare module "*.ascii" {
  /** The file's text. */
  const text: string;
  export default text;
}

declare module "*/build/wasm/glue.mjs" {
  import type { NativeModule } from "./native.js";
  /** Emscripten's factory; synchronous (-sWASM_ASYNC_COMPILATION=0). */
  export default function createNative(options: object): NativeModule;
}

declare module "*?inline" {
  /** The program that begins in this file, bundled, as text. */
  const program: string;
  export default program;
}
