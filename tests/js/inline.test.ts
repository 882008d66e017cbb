// How the WebAssembly is inlined: bytes as plain text, and one file told by another.

import { expect, test } from "@jest/globals";
import { readFileSync } from "node:fs";
// @ts-expect-error: a build script, untyped
import { encodeAscii } from "../../wasm/ascii.mjs";
// @ts-expect-error: a build script, untyped
import { makeDelta } from "../../wasm/delta.mjs";
import { decodeAscii } from "../../wasm/ascii.js";
import { applyDelta } from "../../wasm/delta.js";
import { fixturePath } from "../fixtures/read.js";
import { normal } from "./random.js";

const bytes = (seed: number, count: number) =>
  Uint8Array.from(normal(seed, count), (x) => Math.abs(x * 1e4) % 256);

test.each([0, 1, 255, 256, 5000])("%p bytes become text and bytes again", (count) => {
  const data = bytes(count, count);
  const text: string = encodeAscii(data);
  expect(text).toMatch(/^[ -~]*$/);
  expect(text).not.toMatch(/["$'<\\`]/);
  expect([...decodeAscii(text)]).toEqual([...data]);
});

test("every byte survives, however rare", () => {
  const data = Uint8Array.from({ length: 1000 }, (_, i) => (i < 256 ? i : 65));
  expect([...decodeAscii(encodeAscii(data))]).toEqual([...data]);
});

test("a changed, moved and grown file is told by the old one, shortly", () => {
  const base = bytes(1, 4000);
  const target = new Uint8Array([
    ...base.subarray(2000),
    1,
    2,
    3,
    ...base.subarray(0, 1990),
    ...bytes(2, 50),
  ]);
  const delta: Uint8Array = makeDelta(base, target);
  expect(delta.length).toBeLessThan(90);
  expect([...applyDelta(base, delta)]).toEqual([...target]);
});

test.each([
  ["nothing from nothing", 0, 0],
  ["nothing from something", 100, 0],
  ["something from nothing", 0, 100],
  ["something from something else", 100, 100],
])("%s", (_, baseSize, targetSize) => {
  const [base, target] = [bytes(3, baseSize), bytes(4, targetSize)];
  expect([...applyDelta(base, makeDelta(base, target))]).toEqual([...target]);
});

test.each([
  ["engine", "dist/heed"],
  ["models", "build/wasm/models"],
])("what is inlined of %s is what was built", (module, path) => {
  const file = (name: string) => readFileSync(fixturePath(`../../${name}`));
  const inlined = (variant: string) => decodeAscii(file(`build/wasm/${module}-${variant}.ascii`).toString());
  const simd = inlined("simd");
  expect(Buffer.compare(simd, file(`${path}-simd.wasm`))).toBe(0);
  const relaxed = applyDelta(simd, inlined("relaxed-simd"));
  expect(Buffer.compare(relaxed, file(`${path}-relaxed-simd.wasm`))).toBe(0);
});
