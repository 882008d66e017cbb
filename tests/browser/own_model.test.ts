// Models of one's own in Chromium: from a hub of another origin, kept for the next visit, and a large one in little memory.

import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { build } from "esbuild";
import type { Browser, BrowserContext, Page } from "playwright-core";
import type { LoadProgress } from "heed/models";
import { startHub, type Hub, type Made } from "../hub.js";
import { byteTokenizer } from "../js/models/checkpoint.js";
import { asGguf, goldenCheckpoint } from "../js/models/gguf_checkpoint.js";
import { largeGguf } from "../js/models/large_gguf.js";
import { launchBrowser, PATIENCE } from "./browser.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const golden = (name: string): Buffer => readFileSync(`${root}tests/fixtures/golden/models/gpt2/${name}`);
const names = ["config.json", "tokenizer.json", "tokenizer_config.json", "model.safetensors"];

// Hundreds of megabytes take seconds, and three quarters of a minute where much else goes on.
jest.setTimeout(180_000);

let server: Server;
let hub: Hub;
let browser: Browser;
let context: BrowserContext;
let page: Page;
/** The most that peakBytes() has said. */
let peak = 0;

beforeAll(async () => {
  const { outputFiles } = await build({
    stdin: { contents: 'export * from "./dist/models.js"', resolveDir: root },
    bundle: true,
    format: "esm",
    write: false,
  });
  const library = outputFiles[0]?.text ?? "";
  server = createServer((request, response) => {
    const isPage = request.url === "/";
    response.writeHead(200, { "content-type": isPage ? "text/html; charset=utf-8" : "text/javascript" });
    response.end(isPage ? '<!doctype html><link rel="icon" href="data:,">' : library);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  hub = await startHub({ "org/gpt2": Object.fromEntries(names.map((name) => [name, golden(name)])) });
  browser = await launchBrowser();
  context = await browser.newContext();
  await context.exposeFunction("arrived", hub.arrived);
  await context.exposeFunction("held", async () => void (peak = Math.max(peak, await peakBytes())));
  await openPage();
});

async function openPage(): Promise<void> {
  page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
}

afterAll(async () => {
  await browser.close();
  await hub.close();
  server.close();
});

beforeEach(() => {
  hub.asked.length = 0;
});

/**
 * The most memory that the page's process ever had of its own: what Linux notes as VmHWM, which misses no moment between
 * two looks, less the browser's program and libraries (RssFile, some 110 MB), which every page shares. Workers are threads
 * of the same process. performance.measureUserAgentSpecificMemory() would want the page isolated, and says what is held
 * now, not what was. To be asked while the model is held: of what is given back, VmHWM was seen to lose the memory.
 */
async function peakBytes(): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  await session.detach();
  const peaks = processInfo
    .filter(({ type }) => type === "renderer")
    .map(({ id }) => {
      const status = statusOf(id);
      const kilobytes = (name: string): number =>
        Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(status)?.[1] ?? 0);
      return kilobytes("VmHWM") - kilobytes("RssFile");
    });
  return 1024 * Math.max(...peaks);
}

/** "": the process has ended meanwhile, as that of a page which was closed. */
function statusOf(id: number): string {
  try {
    return readFileSync(`/proc/${id}/status`, "utf8");
  } catch {
    return "";
  }
}

interface Loaded {
  /** The first numbers of the last layer, or the code of the error. */
  result: string;
  overall: LoadProgress["overall"];
  saved: { name: string; bytes: number; complete: boolean }[];
}

/** Loads a model in the page, runs it, and says what is kept then. */
function load(source: string, options: object = {}): Promise<Loaded> {
  return page.evaluate(
    async ([from, how]) => {
      const { loadModel, savedModels } = await import("/models.js" as string);
      let overall: Loaded["overall"];
      let result: string;
      try {
        const model = await loadModel(from, {
          ...how,
          onProgress: (progress: LoadProgress) => {
            overall = progress.overall;
            (globalThis as unknown as Pick<Hub, "arrived">).arrived(progress.file, progress.loaded);
          },
        });
        result = (await model.run("the cat")).hidden(2).slice(0, 4).join();
        await (globalThis as unknown as { held(): Promise<void> }).held();
        model.dispose();
      } catch (error) {
        result = `${(error as { code: string }).code}: ${(error as Error).message}`;
      }
      const list = (await savedModels()) as Loaded["saved"];
      const saved = list.map(({ name, bytes, complete }) => ({ name, bytes, complete }));
      return { result, overall, saved };
    },
    [source, { hub: hub.url, retry: { times: 0 }, ...options }] as const,
  );
}

const deleteAll = (): Promise<void> =>
  page.evaluate(async () => {
    const { savedModels } = await import("/models.js" as string);
    for (const model of await savedModels()) await model.delete();
  });

const size = names.reduce((sum, name) => sum + golden(name).length, 0);
const weightBytes = golden("model.safetensors").length;
const weightsAsked = () =>
  hub.asked
    .filter(({ path, status }) => path.endsWith("model.safetensors") && status < 300)
    .map(({ range }) => range);

describe("a hub of another origin", () => {
  test("its files arrive through its redirects, counted and resumed, and nothing is kept unasked", async () => {
    hub.trouble("model.safetensors", { cutAt: 50_000, cutAfter: 50_000 });
    const { result, overall, saved } = await load("org/gpt2", { retry: { delay: 1 } });
    expect(result).toMatch(/^-?\d.*,.*,.*,/);
    expect(overall).toEqual({ loaded: size, total: size });
    expect(weightsAsked()).toEqual([undefined, "bytes=50000-"]);
    expect(saved).toEqual([]);
  });
});

test("what an <input> holds is a model's files", async () => {
  const paths = names.map((name) => `${root}tests/fixtures/golden/models/gpt2/${name}`);
  await page.setContent("<input type=file multiple>");
  await page.setInputFiles("input", paths);
  const layers = await page.evaluate(async () => {
    const { loadModel } = await import("/models.js" as string);
    const model = await loadModel(document.querySelector("input")?.files);
    model.dispose();
    return model.numLayers as number;
  });
  expect(layers).toBe(2);
});

describe("keep: true", () => {
  test("a download that is cut off goes on at the next visit; a model that is whole needs no request", async () => {
    const plain = await load("org/gpt2");
    hub.asked.length = 0;
    hub.trouble("model.safetensors", { cutAt: 150_000, cutAfter: 131_072 });
    const broken = await load("org/gpt2", { keep: true });
    expect(broken.result).toMatch(/^network: /);
    expect(broken.saved).toMatchObject([{ name: "org/gpt2", complete: false }]);

    await page.reload();
    const resumed = await load("org/gpt2", { keep: true });
    expect(resumed.result).toBe(plain.result);
    // What had arrived, in the blocks that it is written in.
    expect(weightsAsked()).toEqual([undefined, "bytes=131072-"]);
    expect(resumed.saved).toMatchObject([{ name: "org/gpt2", complete: true }]);
    expect(resumed.saved[0]?.bytes).toBeGreaterThan(size);
    expect(resumed.saved[0]?.bytes).toBeLessThan(size + 2000);

    await page.reload();
    hub.asked.length = 0;
    const kept = await load("org/gpt2", { keep: true });
    expect(kept).toEqual({ ...resumed, overall: { loaded: size, total: size } });
    expect(hub.asked).toEqual([]);

    await deleteAll();
    expect((await load("org/gpt2")).saved).toEqual([]);
    expect(hub.asked.length).toBeGreaterThan(0);
  });

  test("files whose length nobody says, compressed or in chunks, are kept", async () => {
    const folder = hub.folder("org/gpt2");
    const { result } = await load(folder);
    for (const gzip of [true, false]) {
      for (const name of names) hub.always(name, { gzip, saysSize: golden(name).length });
      const kept = await load(folder, { keep: true });
      for (const name of names) hub.always(name, undefined);
      expect(kept).toMatchObject({ result, saved: [{ name: folder, complete: true }] });
      hub.asked.length = 0;
      expect((await load(folder, { keep: true })).result).toBe(result);
      expect(hub.asked).toEqual([]);
      await deleteAll();
    }
  });

  test("a GGUF file is kept, and gone on with, like any other", async () => {
    const file = asGguf(goldenCheckpoint("llama"), "F32");
    hub.publish("org/gguf", { "tiny.gguf": file });
    const asked = () => hub.asked.filter(({ status }) => status === 200 || status === 206);
    const ranges = () => asked().flatMap(({ path, range }) => (path.endsWith(".gguf") ? [range] : []));
    const plain = await load("org/gguf");
    expect(plain).toMatchObject({ result: expect.stringMatching(/^-?\d/), saved: [] });
    hub.asked.length = 0;
    // The header is asked for first, and then the whole file.
    hub.trouble("tiny.gguf", undefined, { cutAt: 150_000, cutAfter: 131_072 });
    expect((await load("org/gguf", { keep: true })).result).toMatch(/^network: /);
    await page.reload();
    const resumed = await load("org/gguf", { keep: true });
    const header = "bytes=0-33554431";
    expect(ranges()).toEqual([header, undefined, header, "bytes=131072-"]);
    expect(resumed).toMatchObject({
      result: plain.result,
      saved: [{ name: "org/gguf", complete: true, bytes: expect.any(Number) }],
    });
    await page.reload();
    hub.asked.length = 0;
    expect(await load("org/gguf", { keep: true })).toEqual(resumed);
    expect(hub.asked).toEqual([]);
    await deleteAll();
  });

  test("what has changed since it was cut off is loaded anew", async () => {
    const folder = hub.folder("org/gpt2");
    hub.trouble("model.safetensors", { cutAt: 150_000, cutAfter: 131_072 });
    await load(folder, { keep: true });
    hub.trouble("model.safetensors", { version: '"new"' }, { version: '"new"' });
    hub.asked.length = 0;
    expect((await load(folder, { keep: true })).saved).toMatchObject([{ name: folder, complete: true }]);
    expect(weightsAsked()).toEqual(["bytes=131072-", undefined]);
    await deleteAll();
  });

  test("a model that turns out damaged is not kept", async () => {
    hub.trouble("model.safetensors", { damaged: true });
    const { result, saved } = await load("org/gpt2", { keep: true });
    expect(result).toMatch(/^invalid-model: model\.safetensors is damaged/);
    expect(saved).toEqual([]);
  });

  test("without room the model is loaded all the same, and what was begun is given back", async () => {
    const session = await context.newCDPSession(page);
    const origin = new URL(page.url()).origin;
    for (const quotaSize of [weightBytes / 2, 1]) {
      await session.send("Storage.overrideQuotaForOrigin", { origin, quotaSize });
      const { result, saved } = await load("org/gpt2", { keep: true });
      expect(result).toMatch(/^-?\d/);
      expect(saved).toEqual([]);
    }
    await session.send("Storage.overrideQuotaForOrigin", { origin });
  });

  test("without the file system the model is loaded all the same", async () => {
    await page.evaluate(() => Object.defineProperty(navigator.storage, "getDirectory", { value: undefined }));
    const { result, saved } = await load("org/gpt2", { keep: true });
    expect({ isLoaded: /^-?\d/.test(result), saved }).toEqual({ isLoaded: true, saved: [] });
    await page.reload();
  });
});

describe("in little memory", () => {
  const config = { n_layer: 12, n_head: 12, n_embd: 768, vocab_size: 50257, n_positions: 1024 };

  /** Random weights of GPT-2 small's shapes, made as they are sent. */
  function randomWeights(): Made {
    const d = config.n_embd;
    const linear = (name: string, inputs: number, outputs: number): [string, number[]][] => [
      [`${name}.weight`, [inputs, outputs]],
      [`${name}.bias`, [outputs]],
    ];
    const norm = (name: string): [string, number[]][] => [
      [`${name}.weight`, [d]],
      [`${name}.bias`, [d]],
    ];
    const shapes: [string, number[]][] = [
      ["wte.weight", [config.vocab_size, d]],
      ["wpe.weight", [config.n_positions, d]],
      ...Array.from({ length: config.n_layer }, (_, l) => [
        ...norm(`h.${l}.ln_1`),
        ...linear(`h.${l}.attn.c_attn`, d, 3 * d),
        ...linear(`h.${l}.attn.c_proj`, d, d),
        ...norm(`h.${l}.ln_2`),
        ...linear(`h.${l}.mlp.c_fc`, d, 4 * d),
        ...linear(`h.${l}.mlp.c_proj`, 4 * d, d),
      ]).flat(),
      ...norm("ln_f"),
    ];
    let end = 0;
    const header = shapes.map(([name, shape]) => {
      const begin = end;
      end += 4 * shape.reduce((a, b) => a * b);
      return [name, { dtype: "F32", shape, data_offsets: [begin, end] }] as const;
    });
    const json = Buffer.from(JSON.stringify(Object.fromEntries(header)));
    const prefix = Buffer.alloc(8);
    prefix.writeBigUInt64LE(BigInt(json.length));
    const front = Buffer.concat([prefix, json]);
    // A prime number of random values, again and again: a linear congruential generator's, in (-0.05, 0.05).
    const values = new Float32Array(262_139);
    for (let i = 0, x = 1; i < values.length; i++) {
      x = (Math.imul(x, 1664525) + 1013904223) >>> 0;
      values[i] = x / 2 ** 32 / 10 - 0.05;
    }
    const block = Buffer.from(values.buffer);
    return {
      size: front.length + end,
      bytes(from, to) {
        const bytes = Buffer.alloc(to - from);
        for (let at = from; at < to;) {
          const isFront = at < front.length;
          const source = isFront ? front : block;
          const begin = isFront ? at : (at - front.length) % block.length;
          at += source.copy(bytes, at - from, begin, Math.min(source.length, begin + to - at));
        }
        return bytes;
      },
    };
  }

  // Each in a process of its own.
  beforeEach(async () => {
    await page.close();
    await openPage();
    peak = 0;
  });

  test("GPT-2's size loads and runs within 1.2 times its weights and 100 MB", async () => {
    const made = randomWeights();
    hub.publish("org/small", {
      "config.json": { model_type: "gpt2", ...config, eos_token_id: 0 },
      "tokenizer.json": byteTokenizer(),
      "model.safetensors": made,
    });
    const { result, overall } = await load("org/small");
    expect(result).toMatch(/^-?\d/);
    expect(overall?.loaded).toBe(overall?.total);
    expect(peak).toBeGreaterThan(made.size);
    expect(peak).toBeLessThan(1.2 * made.size + 100e6);
  });

  test("a GGUF file of 227 MB, within 1.2 times its widened weights and 100 MB", async () => {
    const made = largeGguf();
    hub.publish("org/large", { "large.gguf": made });
    const { result, overall } = await load("org/large");
    expect(result).toMatch(/^-?\d/);
    expect(overall).toEqual({ loaded: made.size, total: made.size });
    expect(peak).toBeGreaterThan(made.heldBytes);
    expect(peak).toBeLessThan(1.2 * made.heldBytes + 100e6);
  });
});
