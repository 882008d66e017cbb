// The examples of the documentation run: every @example of the public types, in order, and the README's.

import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "@jest/globals";
import * as heed from "heed";
import * as external from "heed/external";
import * as models from "heed/models";
import { fixturePath } from "../fixtures/read.js";
import { madeT5 } from "./models/made_encoder_decoders.js";
import { normal } from "./random.js";

const source = (path: string) => readFileSync(fixturePath(`../../${path}`), "utf8");

/** The code of each @example, its comment's stars removed. */
function examplesOf(path: string): [name: string, code: string][] {
  return [...source(path).matchAll(/@example\n([\s\S]*?)\*\//g)].map(([, block = ""], n) => [
    `${path} ${n + 1}`,
    block.replace(/^\s*\* ?/gm, ""),
  ]);
}

/** The fenced JavaScript of a Markdown file. */
function fencedOf(path: string): [name: string, code: string][] {
  return [...source(path).matchAll(/```js\n([\s\S]*?)```/g)].map(([, code = ""], n) => [
    `${path} ${n + 1}`,
    code,
  ]);
}

const AsyncFunction = (async () => undefined).constructor as new (
  ...args: string[]
) => (...args: unknown[]) => Promise<unknown>;

describe("the example runs:", () => {
  let scope: Record<string, unknown>;
  beforeAll(async () => {
    const x = normal(1, 2 * 64 * 4);
    const square = { weight: normal(2, 64), bias: normal(3, 8) };
    scope = {
      ...{
        heed,
        models,
        x,
        query: normal(4, 8 * 64 * 5),
        key: normal(5, 8 * 64 * 5),
        value: normal(6, 8 * 64 * 5),
      },
      ...{ numHeads: 1, headDim: 5, weight: normal(7, 8), bias: null },
      weights: { query: square, key: square, value: square, output: square },
      engine: await heed.createEngine(),
      model: await models.loadModel("heed-bert"),
      translator: madeT5().files,
      // What a page would have: its address, and a server behind it.
      location: { href: "https://example.org/" },
    };
  });

  test.each([
    ...[
      "wasm/index.ts",
      "wasm/types.ts",
      "wasm/errors.ts",
      "wasm/models/index.ts",
      "wasm/models/types.ts",
      "wasm/models/load.ts",
      "wasm/models/estimate.ts",
      "wasm/models/sources/shelf.ts",
    ].flatMap(examplesOf),
    ...fencedOf("README.md"),
  ])("%s", async (_, code) => {
    const body = code
      .replace(/import \{([^}]+)\} from "heed";/g, "const {$1} = heed;")
      .replace(/import \{([^}]+)\} from "heed\/models";/g, "const {$1} = models;");
    // What an example declares itself hides what the scope offers.
    const names = Object.keys(scope).filter(
      (name) => !new RegExp(`(const|let) [^;=]*\\b${name}\\b[^;=]*=`).test(body),
    );
    await new AsyncFunction("HeedError", "console", ...names, body)(
      heed.HeedError,
      { log: (value: unknown) => expect(value).toBeDefined() },
      ...names.map((name) => scope[name]),
    );
  });

  test("heed/external's, with its URL answered", async () => {
    const wasm = new Response(Uint8Array.from(readFileSync(fixturePath("../../dist/heed-simd.wasm"))));
    expect((await external.createEngine({ wasm })).variant).toBe("simd");
  });

  test("there are some in every file", () => {
    expect(examplesOf("wasm/types.ts").length).toBeGreaterThan(10);
    expect(fencedOf("README.md").length).toBeGreaterThan(0);
  });
});
