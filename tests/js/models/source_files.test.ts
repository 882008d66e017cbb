// A model's files in hand, what is no source, and a caller who changes their mind.

import { describe, expect, test } from "@jest/globals";
import { estimateModel, loadModel, type ModelSource } from "heed/models";
import { byteTokenizer, rejection, tinyConfig, tinyModel } from "./checkpoint.js";
import { fakeModels } from "./fake_native.js";
import { index, loaded, otherWeights, server, site, weights } from "./source_site.js";

describe("files in hand", () => {
  const blob = (name: string, content: BlobPart, folder = ""): File => {
    const file = new File([content], name);
    Object.defineProperty(file, "webkitRelativePath", { value: folder && `${folder}/${name}` });
    return file;
  };
  const dropped = () => [
    blob("README.md", "hello", "model"),
    blob("config.json", '{"model_type":"pooling"}', "model/1_Pooling"),
    blob("model.safetensors", weights, "model"),
    blob("config.json", JSON.stringify(tinyConfig()), "model"),
    blob("tokenizer.json", JSON.stringify(byteTokenizer()), "model"),
  ];

  test("a dropped folder: found by name, the outermost first", async () => {
    expect(await loaded(dropped())).toEqual(["w"]);
    expect(await loaded(dropped().reverse())).toEqual(["w"]);
  });

  test("a dropped folder with shards", async () => {
    const files = dropped().filter(({ name }) => name !== "model.safetensors");
    files.push(
      blob("model.safetensors.index.json", index({ w: "a.safetensors" })),
      blob("a.safetensors", weights),
    );
    expect(await loaded(files)).toEqual(["w"]);
  });

  test.each(["config.json", "tokenizer.json", "model.safetensors"])(
    "a dropped folder without %s",
    async (name) => {
      expect(await rejection(loaded(dropped().filter((file) => file.name !== name)))).toMatchObject({
        code: "invalid-argument",
        message: expect.stringContaining(`${name} is not among the files given (`),
      });
    },
  );

  test("text, bytes, Node's Buffer or the parsed object", async () => {
    const bytes = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
    for (const make of [
      JSON.stringify,
      bytes,
      (value: unknown) => bytes(value).buffer,
      (value: unknown) => value,
    ]) {
      const files = {
        config: make(tinyConfig()),
        tokenizer: make(byteTokenizer()),
        weights: Buffer.from(weights),
      };
      expect(await loaded(files as ModelSource)).toEqual(["w"]);
    }
  });
});

describe("what is no source", () => {
  const cases: [string, unknown, RegExp][] = [
    ["a misspelt name", "heed-brt", /source is "heed-brt"; expected "heed-bert" or "heed-gpt"/],
    ["a path in Node", "./models/bert", /source is "\.\/models\/bert"; expected/],
    ["a Windows path", "C:\\models\\bert", /expected "heed-bert"/],
    ["a data: URL", "data:application/json,{}", /expected "heed-bert"/],
    ["a javascript: URL", "javascript:alert(1)", /expected "heed-bert"/],
    ["nothing", undefined, /source is undefined; expected/],
    ["null", null, /source is null/],
    ["a number", 3, /source is 3/],
    ["no files", [], /source is \[\]/],
    ["files that are none", ["config.json"], /expected/],
    ["an object without config", { weights }, /expected/],
    [
      "no tokenizer",
      { config: tinyConfig(), weights },
      /source\.tokenizer is undefined; expected tokenizer\.json/,
    ],
    [
      "no weights",
      { config: tinyConfig(), tokenizer: byteTokenizer() },
      /source\.weights is undefined; expected an ArrayBuffer or a Blob/,
    ],
    ["no shards", tinyModel({ weights: [] }), /source\.weights is empty/],
    ["a shard that is a string", tinyModel({ weights: ["x"] as never }), /source\.weights\[0\] is "x"/],
  ];
  test.each(cases)("%s", async (_, source, message) => {
    expect(await rejection(loaded(source as ModelSource))).toMatchObject({
      code: "invalid-argument",
      message: expect.stringMatching(message),
    });
  });

  test.each([[null], [3]])("options %j", async (options) => {
    expect(await rejection(loadModel("heed-bert", options as never))).toMatchObject({
      code: "invalid-argument",
    });
  });

  test.each([
    [{ signal: 5 }, "options.signal is 5; expected an AbortSignal"],
    [{ signal: null }, "options.signal is null; expected an AbortSignal"],
    [{ onProgress: 5 }, "options.onProgress is 5; expected a function"],
    [{ fetch: 5 }, "options.fetch is 5; expected a function"],
    [{ maxBytes: NaN }, "options.maxBytes is NaN; expected a number of bytes"],
  ])("options %j, whether loaded or looked at", async (options, message) => {
    for (const call of [loadModel, estimateModel]) {
      const error = await rejection(call("heed-bert", options as never));
      expect(error).toMatchObject({ code: "invalid-argument", message });
    }
  });

  test.each([[null], [{}], ["engine"]])("the engine %j", async (engine) => {
    expect(await rejection(loadModel("heed-bert", { engine: engine as never }))).toMatchObject({
      code: "invalid-argument",
      message: expect.stringMatching(/options\.engine/),
    });
  });
});

describe("an AbortSignal", () => {
  test("that has fired stops everything", async () => {
    const { fetch, asked } = server(site());
    const error = await rejection(
      loaded("https://example.org/m", { fetch, signal: AbortSignal.abort("because") }),
    );
    expect(error).toMatchObject({ code: "aborted", cause: "because" });
    expect(asked).toEqual([]);
  });

  test("reaches a request under way", async () => {
    const controller = new AbortController();
    const hang = () =>
      new Promise<Response>((_, reject) => {
        controller.signal.addEventListener("abort", () => reject(new Error("off")));
        setImmediate(() => controller.abort());
      });
    const promise = loaded("https://example.org/m", {
      ...server(site({ "tokenizer.json": hang })),
      signal: controller.signal,
    });
    expect(await rejection(promise)).toMatchObject({ code: "aborted" });
  });

  test("reaches a download under way, which is then cancelled, whether or not fetch listens", async () => {
    const controller = new AbortController();
    let cancelled = false;
    let pulled = 0;
    const endless = () =>
      new Response(
        new ReadableStream({
          start: (stream) => stream.enqueue(Uint8Array.of(0, 4, 0, 0, 0, 0, 0, 0)),
          async pull(stream) {
            await new Promise((resolve) => setImmediate(resolve));
            stream.enqueue(new Uint8Array(1));
            if (++pulled === 5) controller.abort();
          },
          cancel() {
            cancelled = true;
          },
        }),
      );
    const { fetch } = server(site({ "model.safetensors": endless }));
    const promise = loaded("https://example.org/m", { fetch, signal: controller.signal });
    expect(await rejection(promise)).toMatchObject({ code: "aborted" });
    expect(cancelled).toBe(true);
  });

  test("stops files being read", async () => {
    const controller = new AbortController();
    const fake = fakeModels({ onWeight: () => controller.abort() });
    const both = [new Blob([weights]), new Blob([otherWeights])];
    const error = await rejection(
      fake.loadModel(tinyModel({ weights: both }), { signal: controller.signal }),
    );
    expect(error).toMatchObject({ code: "aborted" });
    expect(fake.natives[0]?.weights).toHaveLength(1);
    expect(fake.natives[0]?.timesDisposed).toBe(1);
  });
});
