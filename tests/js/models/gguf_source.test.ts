// GGUF files from wherever they come.

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { estimateModel, loadModel, type Model, type ModelSource } from "heed/models";
import type { Tensor } from "../../fixtures/read.js";
import { startHub, type Hub, type Trouble } from "../../hub.js";
import { rejection } from "./checkpoint.js";
import { asGguf, goldenCheckpoint } from "./gguf_checkpoint.js";
import { expectSame, using } from "./same.js";

const load = (source: ModelSource): Promise<Model> => loadModel(source, { workers: 0 });
const tiny = goldenCheckpoint("llama");
const sound = asGguf(tiny, "Q8_0");

describe("where it comes from", () => {
  async function expectLlama(source: ModelSource): Promise<void> {
    await using([load(source), load({ weights: sound })], async (model, other) => {
      expect(model.architecture).toBe("llama");
      expect((model.config as { hidden_size: number }).hidden_size).toBe(32);
      await expectSame(model, other);
    });
  }
  const file = new File([sound], "tiny.Q8_0.gguf");

  test("a Blob", () => expectLlama(new Blob([sound])));
  test("a File", () => expectLlama(file));
  test("a dropped File", () => expectLlama([file]));
  test("a dropped folder with other files", () => expectLlama([new File(["#"], "README.md"), file]));
  test("bytes in the middle of a buffer", () => {
    const room = new Uint8Array(sound.byteLength + 7);
    room.set(new Uint8Array(sound), 3);
    return expectLlama({ weights: room.subarray(3, 3 + sound.byteLength) });
  });

  test("of two dropped files neither is chosen", async () => {
    const error = await rejection(load([file, new File([sound], "other.gguf")]));
    expect(error).toMatchObject({ code: "invalid-argument" });
    expect(error.message).toMatch(/2 GGUF files \("tiny.Q8_0.gguf", "other.gguf"\)/);
  });

  test("a tokenizer.json given beside it wins", async () => {
    const tokenizer = { ...tiny.tokenizer, post_processor: null };
    await using([load({ weights: sound, tokenizer }), load({ weights: sound })], async (given, own) => {
      expect(given.tokenize("The cat")).toEqual(own.tokenize("The cat").slice(1));
    });
    const beside = new File([JSON.stringify(tokenizer)], "tokenizer.json");
    await using([load([file, beside])], async (model) => {
      expect(model.tokenize("The cat")[0]?.special).toBe(false);
    });
  });

  test("what it will take: of what is quantised 16 bits a weight", async () => {
    const { parameters, weightBytes, files, fits } = await estimateModel({ weights: sound });
    const values = Object.values(tiny.tensors);
    const count = (tensors: Tensor[]): number => tensors.reduce((sum, { data }) => sum + data.length, 0);
    expect(parameters).toBe(count(values));
    const quantised = values.filter(({ shape }) => shape.length === 2 && (shape[1] ?? 0) % 32 === 0);
    expect(weightBytes).toBe(4 * count(values) - 2 * count(quantised));
    expect(files).toEqual([{ name: "model.gguf", bytes: sound.byteLength }]);
    expect(fits).toBe(true);
  });
});

describe("a server", () => {
  const name = "tiny.Q8_0.gguf";
  let hub: Hub;
  beforeAll(async () => {
    const one = { "README.md": "x", [name]: sound };
    hub = await startHub(
      { "org/one": one, "org/several": { ...one, "tiny.F32.gguf": sound } },
      { large: /\.gguf$/ },
    );
  });
  afterAll(() => hub.close());
  const from = (source: string): Promise<Model> =>
    loadModel(source, {
      ...{ workers: 0, hub: hub.url, retry: { delay: 1 } },
      onProgress: ({ file, loaded }) => hub.arrived(file, loaded),
    });
  const isSame = (model: Promise<Model>): Promise<void> =>
    using([model, load({ weights: sound })], expectSame);

  test("by its address", () => isSame(from(hub.folder("org/several") + name)));
  test("by its address, with a permission behind it", () =>
    isSame(from(`${hub.folder("org/one")}${name}?token=1`)));
  test.each(["resolve", "blob"])("by its address on the hub: %s", (verb) =>
    isSame(from(`https://huggingface.co/org/several/${verb}/main/${name}`)),
  );
  test("the only one of a repository", () => isSame(from("org/one")));

  test("of several none is chosen", async () => {
    expect(await rejection(from("org/several"))).toMatchObject({ code: "invalid-argument" });
  });

  test("that does not have it", async () => {
    const error = await rejection(from(`${hub.folder("org/one")}other.gguf`));
    expect(error).toMatchObject({ code: "network", message: expect.stringContaining("other.gguf") });
  });

  test.each<[string, ...(Trouble | undefined)[]]>([
    ["that knows no ranges", { ignoresRanges: true }, { ignoresRanges: true }],
    ["that breaks in the header", { cutAt: 1000 }],
    ["that breaks in the data", undefined, { cutAt: 30_000 }],
    ["that compresses what is asked for whole", { version: '"a"' }, { version: 'W/"a-gzip"' }],
    ["that is busy", { status: 503 }, undefined, { status: 503 }],
  ])("%s", async (_, ...troubles) => {
    hub.trouble(name, ...troubles);
    await isSame(from(hub.folder("org/one") + name));
  });

  test("that damages it", async () => {
    // The header is asked for first, and then the whole file.
    hub.trouble(name, undefined, { damaged: true });
    expect(await rejection(from("org/one"))).toMatchObject({
      code: "invalid-model",
      message: expect.stringMatching(/tiny\.Q8_0\.gguf is damaged: its SHA-256/),
    });
  });

  test("that has another file meanwhile", async () => {
    hub.trouble(name, undefined, { version: "other" });
    expect(await rejection(from(hub.folder("org/one") + name))).toMatchObject({ code: "network" });
  });
});
