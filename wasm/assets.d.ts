// What the bundler makes of imports that are not TypeScript.

declare module "*.ascii" {
  /** The file's text. */
  const text: string;
  export default text;
}

declare module "*/build/wasm/engine.mjs" {
  import type { EngineModule } from "./native.js";
  /** Emscripten's factory; synchronous (-sWASM_ASYNC_COMPILATION=0). */
  export default function createNative(options: object): EngineModule;
}

declare module "*/build/wasm/models.mjs" {
  import type { ModelsModule } from "./models/native.js";
  /** As the engine's. */
  export default function createNative(options: object): ModelsModule;
}

declare module "*?inline" {
  /** The program that begins in this file, bundled, as text. */
  const program: string;
  export default program;
}
