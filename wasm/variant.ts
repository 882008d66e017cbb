// Which build a host can run, asked of the host itself.

import { oneOf } from "./check.js";
import { HeedError } from "./errors.js";
import type { EngineOptions } from "./types.js";

export type Variant = "simd" | "relaxed-simd";

/** A module of one function () -> v128 made of `instructions`, which a host without them refuses. */
function moduleOf(...instructions: number[]): Uint8Array<ArrayBuffer> {
  const body = [0, ...instructions, 0x0b];
  // prettier-ignore
  return new Uint8Array([
    0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, // magic, version
    0x01, 0x05, 0x01, 0x60, 0x00, 0x01, 0x7b, // type: () -> v128
    0x03, 0x02, 0x01, 0x00, // function 0 has type 0
    0x0a, body.length + 2, 0x01, body.length, ...body,
  ]);
}

const zero = [0x41, 0x00, 0xfd, 0x11]; // i32.const 0, i32x4.splat
const simd = moduleOf(...zero);
const relaxedSimd = moduleOf(...zero, ...zero, ...zero, 0xfd, 0x85, 0x02); // f32x4.relaxed_madd

export function chooseVariant(options: EngineOptions | undefined): Variant {
  const wanted = oneOf("variant", options?.variant ?? "auto", ["auto", "simd", "relaxed-simd"]);
  if (typeof WebAssembly !== "object") throw unsupported("WebAssembly");
  if (!WebAssembly.validate(simd)) throw unsupported("WebAssembly SIMD");
  const relaxed = WebAssembly.validate(relaxedSimd);
  if (wanted === "relaxed-simd" && !relaxed) throw unsupported("WebAssembly relaxed SIMD");
  return wanted === "auto" ? (relaxed ? "relaxed-simd" : "simd") : wanted;
}

function unsupported(what: string): HeedError {
  return new HeedError(
    "unsupported-host",
    `this host has no ${what}: heed needs Chrome 91, Firefox 89, Safari 16.4, Node 20.16 or newer (relaxed SIMD: Chrome 114, Node 22)`,
  );
}
