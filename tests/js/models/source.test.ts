// Where a model's files come from by address, and everything that can go wrong on the way.

import { readFile, type FileHandle } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { describe, expect, jest, test } from "@jest/globals";
import { HeedError } from "heed";
import { estimateModel, loadModel, type LoadProgress } from "heed/models";
import { fixturePath } from "../../fixtures/read.js";
import { rejection, tinyConfig } from "./checkpoint.js";
import { index, loaded, otherWeights, server, sharded, site, weights, type Site } from "./source_site.js";

describe("a URL", () => {
  test.each([
    "https://example.org/m",
    "https://example.org/m/",
    "https://example.org/m/config.json",
    new URL("https://example.org/m#x"),
  ])("%s", async (url) => {
    const { fetch, asked } = server(site());
    expect(await loaded(url, { fetch })).toEqual(["w"]);
    expect(asked).toEqual(
      [
        ...["config.json", "tokenizer.json", "tokenizer_config.json", "generation_config.json"],
        "model.safetensors",
      ].map((name) => `https://example.org/m/${name}`),
    );
  });

  test("keeps the query of a signed address", async () => {
    const { fetch, asked } = server(site());
    await loaded("https://example.org/m?key=1", { fetch });
    expect(asked.every((url) => url.endsWith(".json?key=1") || url.endsWith(".safetensors?key=1"))).toBe(
      true,
    );
  });

  test("small files are asked for together", async () => {
    const late: Site = {
      "config.json": async () => {
        await all;
        asked.push("config.json answers");
        return new Response(JSON.stringify(tinyConfig()));
      },
      "generation_config.json": () => {
        last();
        return new Response("no", { status: 404 });
      },
    };
    let last = (): void => undefined;
    const all = new Promise<void>((resolve) => (last = resolve));
    const { fetch, asked } = server(site(late));
    await loaded("https://example.org/m", { fetch });
    const names = asked.map((name) => name.replace("https://example.org/m/", ""));
    expect(names).toEqual([
      ...["config.json", "tokenizer.json", "tokenizer_config.json", "generation_config.json"],
      ...["config.json answers", "model.safetensors"],
    ]);
  });

  test("of several missing files the first is told, whichever answer comes first", async () => {
    let tell = (): void => undefined;
    const others = new Promise<void>((resolve) => (tell = resolve));
    const { fetch } = server({
      "config.json": async () => {
        await others;
        return new Response("no", { status: 404 });
      },
      "tokenizer.json": () => {
        setImmediate(tell); // when this answer has been read
        return new Response("no", { status: 404 });
      },
    });
    expect(await rejection(loaded("https://example.org/m", { fetch }))).toMatchObject({
      code: "network",
      message: expect.stringMatching(/m\/config\.json answered HTTP 404/),
    });
  });

  test("when one can't be read, the others are read no further", async () => {
    let isCancelled = false;
    let begin: () => void;
    const begun = new Promise<void>((resolve) => (begin = resolve));
    const endless = () =>
      new Response(
        new ReadableStream({
          pull: (controller) => controller.enqueue(new Uint8Array(1000).fill(32)),
          cancel: () => void (isCancelled = true),
        }),
      );
    const { fetch } = server({
      "config.json": () => begun.then(() => new Response("no", { status: 404 })),
      "tokenizer.json": endless,
    });
    const seen: LoadProgress[] = [];
    const onProgress = (progress: LoadProgress): void => {
      seen.push(progress);
      begin();
    };
    expect(await rejection(loaded("https://example.org/m", { fetch, onProgress }))).toMatchObject({
      code: "network",
      message: expect.stringMatching(/m\/config\.json answered HTTP 404/),
    });
    expect(isCancelled).toBe(true);
    const { length } = seen;
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
    expect(seen).toHaveLength(length);
  });

  test("shards: their headers, then each once", async () => {
    const rest = sharded({
      "model.safetensors.index.json": index({
        w: "a-1.safetensors",
        x: "a-1.safetensors",
        v: "a-2.safetensors",
      }),
      "a-1.safetensors": weights,
      "a-2.safetensors": otherWeights,
    });
    const { fetch, asked } = server(rest);
    expect(await loaded("https://example.org/m", { fetch })).toEqual(["w", "v"]);
    const shards = asked.filter((url) => url.includes("/a-")).map((url) => url.slice(-13, -12));
    expect(shards).toEqual(["1", "2", "1", "2"]);
  });

  test.each([
    "../a.safetensors",
    "/etc/passwd",
    "https://evil.example/a.safetensors",
    "a\\b.safetensors",
    "a/b.safetensors",
    ".safetensors",
    "a..safetensors",
    "a.bin",
    "",
    3,
    null,
  ])("a shard called %j is refused", async (name) => {
    const rest = sharded({ "model.safetensors.index.json": index({ w: name }) });
    const { fetch, asked } = server(rest);
    expect(await rejection(loaded("https://example.org/m", { fetch }))).toMatchObject({
      code: "invalid-model",
      message: expect.stringContaining("expected a plain file name"),
    });
    expect(asked).toHaveLength(6);
  });

  test.each([[index([])], [index(null)], ["{}"], ["null"], [index({})]])(
    "a damaged index: %s",
    async (text) => {
      const rest = sharded({ "model.safetensors.index.json": text });
      expect(await rejection(loaded("https://example.org/m", server(rest)))).toMatchObject({
        code: "invalid-model",
      });
    },
  );

  test("progress has true totals, and ends at them", async () => {
    const seen: LoadProgress[] = [];
    const chunks = () =>
      new Response(
        new ReadableStream({
          start(controller) {
            const bytes = new Uint8Array(weights);
            for (let i = 0; i < bytes.length; i += 10) controller.enqueue(bytes.slice(i, i + 10));
            controller.close();
          },
        }),
        { headers: { "content-length": String(weights.byteLength) } },
      );
    const { fetch } = server(site({ "model.safetensors": chunks }));
    await loaded("https://example.org/m", {
      fetch,
      onProgress: (progress: LoadProgress) => seen.push(progress),
    });
    const parts = seen.filter(({ file }) => file === "model.safetensors");
    expect(parts.length).toBeGreaterThan(5);
    expect(parts.every(({ total }) => total === weights.byteLength)).toBe(true);
    expect(parts.at(-1)?.loaded).toBe(weights.byteLength);
    const config = JSON.stringify(tinyConfig()).length;
    expect(seen[0]).toEqual({ file: "config.json", loaded: config, total: config });
  });

  test("a compressed answer's length is not believed", async () => {
    const compressed = () =>
      new Response(weights, { headers: { "content-length": "5", "content-encoding": "gzip" } });
    expect(await loaded("https://example.org/m", server(site({ "model.safetensors": compressed })))).toEqual([
      "w",
    ]);
  });

  const failures: [string, Site, string, RegExp][] = [
    [
      "no config",
      { "config.json": () => new Response("", { status: 404, statusText: "Not Found" }) },
      "network",
      /https:\/\/example\.org\/m\/config\.json answered HTTP 404 Not Found/,
    ],
    [
      "no permission",
      { "config.json": () => new Response("", { status: 403 }) },
      "network",
      /config\.json answered HTTP 403/,
    ],
    [
      "a server's failure at the tokenizer",
      { "tokenizer.json": () => new Response("", { status: 500 }) },
      "network",
      /tokenizer\.json answered HTTP 500/,
    ],
    [
      "a server's failure at an optional file",
      { "tokenizer_config.json": () => new Response("", { status: 503 }) },
      "network",
      /HTTP 503/,
    ],
    [
      "no network",
      { "config.json": () => Promise.reject(new TypeError("fetch failed")) },
      "network",
      /config\.json could not be loaded: TypeError: fetch failed/,
    ],
    [
      "HTML, said to be",
      {
        "config.json": () =>
          new Response("<html>", { headers: { "content-type": "text/html; charset=utf-8" } }),
      },
      "network",
      /config\.json is an HTML page/,
    ],
    [
      "HTML, not said to be",
      { "config.json": "<!DOCTYPE html><html>" },
      "invalid-model",
      /config\.json is an HTML page, not JSON/,
    ],
    [
      "no weights",
      { "model.safetensors": () => new Response("", { status: 404 }) },
      "network",
      /model\.safetensors answered HTTP 404, and .*index\.json answered HTTP 404/,
    ],
    [
      "a shard that is not there",
      {
        "model.safetensors": () => new Response("", { status: 404 }),
        "model.safetensors.index.json": index({ w: "a.safetensors" }),
      },
      "network",
      /a\.safetensors answered HTTP 404/,
    ],
    [
      "a connection that breaks",
      {
        "model.safetensors": () =>
          new Response(new ReadableStream({ pull: (c) => c.error(new Error("reset")) })),
      },
      "network",
      /model\.safetensors could not be loaded: Error: reset/,
    ],
    [
      "a download cut short",
      { "model.safetensors": () => new Response(weights.slice(0, -3)) },
      "invalid-model",
      /the file ends inside tensor "w": 3 bytes are missing/,
    ],
  ];
  test.each(failures)("%s", async (_, changes, code, message) => {
    const error = await rejection(loaded("https://example.org/m", server(site(changes))));
    expect(error).toBeInstanceOf(HeedError);
    expect({ code: error.code, message: error.message }).toEqual({
      code,
      message: expect.stringMatching(message),
    });
  });

  test("a single-page application's answer to anything is no optional file", async () => {
    const page = () => new Response("<html>", { headers: { "content-type": "text/html" } });
    expect(await loaded("https://example.org/m", server(site({ "tokenizer_config.json": page })))).toEqual([
      "w",
    ]);
  });

  test("a file: URL, in Node", async () => {
    const folder = pathToFileURL(fixturePath("golden/models/sharded-gpt2"));
    const names = await loaded(folder);
    expect(names).toContain("transformer.wte.weight");
    // Shards come side by side.
    expect((await loaded(folder.href)).sort()).toEqual(names.sort());
  });

  test("every file that was opened is closed, whether it was loaded or looked at", async () => {
    const open = jest.spyOn(process.getBuiltinModule("node:fs/promises"), "open");
    const folder = pathToFileURL(fixturePath("golden/models/gpt2"));
    await estimateModel(folder);
    await loaded(folder);
    const handles = await Promise.all(open.mock.results.map(({ value }) => value as Promise<FileHandle>));
    const names = open.mock.calls.map(([path]) => String(path).split("/").at(-1));
    open.mockRestore();
    expect(names.filter((name) => name === "model.safetensors")).toHaveLength(2);
    expect(handles.map(({ fd }) => fd)).toEqual(names.map(() => -1));
  });

  test("a file: URL of nothing", async () => {
    const nowhere = pathToFileURL(fixturePath("golden/models/none"));
    expect(await rejection(loaded(nowhere))).toMatchObject({
      code: "network",
      message: expect.stringMatching(/none\/config\.json does not exist/),
    });
  });
});

test("the built file has no import() but of files beside it, and no require() for bundlers to stumble over", async () => {
  const built = await readFile(fixturePath("../../dist/models.js"), "utf8");
  expect(built).not.toMatch(/\bimport\((?!"\.\/chunks\/)|\brequire\(/);
});

test("the bundled models are the files beside the built module", async () => {
  const seen: LoadProgress[] = [];
  await loadModel("heed-gpt", { onProgress: (progress: LoadProgress) => seen.push(progress) });
  const size = (await readFile(fixturePath("../../web/models/heed-gpt/model.safetensors"))).length;
  expect(seen.at(-1)).toMatchObject({ file: "model.safetensors", loaded: size, total: size });
});
