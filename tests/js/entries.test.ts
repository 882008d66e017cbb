// How an engine is had from each entry, and that all entries speak of the same errors.

import { describe, expect, jest, test } from "@jest/globals";
import { createEngine, HeedError } from "heed";
import { createEngine as createExternal, HeedError as ExternalError } from "heed/external";
import { HeedError as ModelsError } from "heed/models";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { fixturePath } from "../fixtures/read.js";

describe("createEngine", () => {
  test.each([
    [{ variant: "avx" }, /variant is "avx"/],
    [{ workers: -1 }, /workers is -1/],
    [{ workers: "many" }, /workers is "many"/],
    ["fast", /options is "fast"/],
  ])("refuses %p", async (options, says) => {
    await expect(createEngine(options as never)).rejects.toMatchObject({
      code: "invalid-argument",
      message: expect.stringMatching(says),
    });
  });

  test("names what a host lacks, and can be called again", async () => {
    const validate = jest.spyOn(WebAssembly, "validate").mockReturnValue(false);
    await expect(createEngine()).rejects.toMatchObject({
      code: "unsupported-host",
      message: expect.stringMatching(/SIMD/),
    });
    validate.mockRestore();
    (await createEngine()).dispose();
  });

  test("says why compilation was refused, and can be called again", async () => {
    jest.resetModules();
    const fresh = await import("heed");
    const compile = jest
      .spyOn(WebAssembly, "compile")
      .mockRejectedValueOnce(new WebAssembly.CompileError("blocked by CSP"));
    await expect(fresh.createEngine()).rejects.toMatchObject({
      code: "unsupported-host",
      message: expect.stringMatching(/blocked by CSP/),
    });
    compile.mockRestore();
    (await fresh.createEngine()).dispose();
  });
});

describe("heed/external", () => {
  const bytes = (variant: string) => readFileSync(fixturePath(`../../dist/heed-${variant}.wasm`));

  test.each(["simd", "relaxed-simd"])("takes %s as bytes, module, Response or file", async (variant) => {
    const file = Uint8Array.from(bytes(variant));
    const url = pathToFileURL(fixturePath(`../../dist/heed-${variant}.wasm`));
    for (const wasm of [file.buffer, await WebAssembly.compile(file), new Response(file), url]) {
      const external = await createExternal({ wasm });
      expect(external.variant).toBe(variant);
      expect([...external.softmax(Float32Array.of(2, 2), 2)]).toEqual([0.5, 0.5]);
      external.dispose();
    }
  });

  test.each([
    ["simd", "relaxed-simd"],
    ["relaxed-simd", "simd"],
  ] as const)("refuses %s as %s, whatever the host has", async (found, variant) => {
    const wasm = await WebAssembly.compile(Uint8Array.from(bytes(found)));
    const validate = jest.spyOn(WebAssembly, "validate");
    for (const hasRelaxed of [true, false]) {
      // The probe of relaxed SIMD is the longer one.
      validate.mockImplementation((probe) => hasRelaxed || probe.byteLength < 44);
      await expect(createExternal({ wasm, variant })).rejects.toMatchObject({
        code: "invalid-argument",
        message: `variant is "${variant}", expected "${found}", which wasm is`,
      });
    }
    validate.mockRestore();
  });

  test("refuses what is no such module", async () => {
    await expect(createExternal({ wasm: "heed.wasm" as never })).rejects.toMatchObject({
      code: "invalid-argument",
    });
    const page = "<!doctype html>";
    for (const [wasm, says] of [
      [new ArrayBuffer(10), /^wasm has 10 bytes that begin with /],
      [new TextEncoder().encode(page), /^wasm has 15 bytes that begin with "<!doctype"/],
      [new Response(page), /^wasm \(a Response\) has 15 bytes that begin with "<!doctype"/],
      [
        pathToFileURL(fixturePath("../../README.md")),
        /^file:.*README\.md has \d+ bytes that begin with "# heed/,
      ],
    ] as const) {
      await expect(createExternal({ wasm: wasm as ArrayBuffer })).rejects.toMatchObject({
        code: "invalid-argument",
        message: expect.stringMatching(says),
      });
    }
    const empty = new WebAssembly.Module(new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]));
    await expect(createExternal({ wasm: empty })).rejects.toMatchObject({
      code: "invalid-argument",
      message: expect.stringMatching(/heed-simd.wasm/),
    });
    await expect(createExternal({ wasm: new Response("", { status: 404 }) })).rejects.toMatchObject({
      code: "network",
      message: "wasm (a Response) answered 404",
    });
    const nowhere = pathToFileURL(fixturePath("nowhere.wasm"));
    await expect(createExternal({ wasm: nowhere })).rejects.toMatchObject({
      code: "network",
      message: `${nowhere.href} could not be fetched`,
    });
  });
});

describe("instanceof HeedError", () => {
  const require = createRequire(import.meta.url);
  const commonJs = ["heed", "external", "models"].map((name) => require(`../../dist/${name}.cjs`).HeedError);
  const copies: (typeof HeedError)[] = [HeedError, ExternalError, ModelsError, ...commonJs];

  test("every entry knows every entry's errors, ESM or CommonJS", () => {
    expect(new Set(copies).size).toBe(copies.length);
    for (const One of copies)
      for (const Other of copies) expect(new One("aborted", "so") instanceof Other).toBe(true);
  });

  test("a subclass knows its own alone", () => {
    class Special extends HeedError {}
    const special = new Special("crashed", "so");
    expect(special).toBeInstanceOf(Special);
    for (const One of copies) {
      expect(special).toBeInstanceOf(One);
      expect(new One("crashed", "so")).not.toBeInstanceOf(Special);
    }
  });

  test.each([
    ["another error", new Error("no")],
    ["what looks like one", { name: "HeedError", code: "aborted", message: "no" }],
    ["null", null],
    ["a word", "HeedError"],
    ["the class", HeedError],
  ])("not %s", (_, value) => {
    for (const One of copies) expect(value instanceof One).toBe(false);
  });

  test("the mark is not seen", () => {
    expect(Object.keys(new HeedError("aborted", "so")).sort()).toEqual(["code", "name"]);
    expect({ ...new HeedError("aborted", "so") }).not.toBeInstanceOf(HeedError);
  });
});
