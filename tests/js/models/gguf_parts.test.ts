// A model in several GGUF files: put together wherever they come from, and what is missing is named.

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { estimateModel, loadModel, type LoadProgress, type Model, type ModelSource } from "heed/models";
import { partNames } from "../../../wasm/models/gguf/parts.js";
import { startHub, type Hub } from "../../hub.js";
import { rejection } from "./checkpoint.js";
import { asGguf, asParts, goldenCheckpoint } from "./gguf_checkpoint.js";
import { uint } from "./gguf_file.js";
import { expectSame } from "./same.js";

const tiny = goldenCheckpoint("llama");
const parts = asParts(tiny, "Q8_0", 3);
const nameOf = (no: number): string => `tiny-0000${no}-of-00003.gguf`;
const named = parts.map((bytes, i) => [nameOf(i + 1), bytes] as const);
const files = named.map(([name, bytes]) => new File([bytes], name));

let whole: Model;
let hub: Hub;
beforeAll(async () => {
  whole = await loadModel({ weights: asGguf(tiny, "Q8_0") }, { workers: 0 });
  const all = Object.fromEntries(named);
  hub = await startHub(
    { "org/parts": all, "org/hole": Object.fromEntries(named.filter(([name]) => name !== nameOf(2))) },
    { large: /\.gguf$/ },
  );
});
afterAll(async () => {
  whole.dispose();
  await hub.close();
});

const load = (source: ModelSource): Promise<Model> =>
  loadModel(source, { workers: 0, hub: hub.url, retry: { times: 0 } });

async function expectWhole(source: ModelSource): Promise<void> {
  const model = await load(source);
  await expectSame(model, whole);
  model.dispose();
}

describe("all parts", () => {
  test("by the address of the first", () => expectWhole(hub.folder("org/parts") + nameOf(1)));
  test("by the address of another", () => expectWhole(hub.folder("org/parts") + nameOf(3)));
  test("of a repository that has nothing else", () => expectWhole("org/parts"));
  test("dropped, in any order", () => expectWhole([...files].reverse()));
  test("in hand, in any order", () => expectWhole({ weights: [...parts].reverse() }));
  test("the first of which has no tensors", () =>
    expectWhole({ weights: asParts(tiny, "Q8_0", 4, { isFirstEmpty: true }) }));
  test("a file that was split into one", () => expectWhole({ weights: asParts(tiny, "Q8_0", 1) }));

  test("what they will take, and how far they are, is that of all", async () => {
    const { files: found, weightBytes } = await estimateModel(files);
    expect(found).toEqual(named.map(([name, { byteLength }]) => ({ name, bytes: byteLength })));
    expect(weightBytes).toBe((await estimateModel({ weights: asGguf(tiny, "Q8_0") })).weightBytes);
    let last: LoadProgress["overall"];
    const onProgress = ({ overall }: LoadProgress): void => void (last = overall);
    (await loadModel(files, { workers: 0, onProgress })).dispose();
    const total = parts.reduce((sum, { byteLength }) => sum + byteLength, 0);
    expect(last).toEqual({ loaded: total, total });
  });
});

describe("what is not all of one model", () => {
  const [first, second, third] = parts as [ArrayBuffer, ArrayBuffer, ArrayBuffer];
  const others = asParts(tiny, "Q8_0", 2);
  const lying = asParts(tiny, "Q8_0", 3, { changes: { "split.no": uint(3) } });
  const counting = asParts(tiny, "Q8_0", 2, { changes: { "split.tensors.count": uint(99) } });
  test.each<[string, () => ModelSource, string, RegExp]>([
    [
      "dropped without one",
      () => files.slice(0, 2),
      "invalid-argument",
      /tiny-00003-of-00003\.gguf is not among/,
    ],
    [
      "dropped alone",
      () => files[0] as File,
      "invalid-argument",
      /3 parts of a model, and part 2 is missing/,
    ],
    ["dropped from a folder", () => files.slice(2), "invalid-argument", /tiny-00001-of-00003\.gguf is not/],
    [
      "at an address without one",
      () => hub.folder("org/hole") + nameOf(1),
      "network",
      /tiny-00002-of-00003\.gguf answered HTTP 404/,
    ],
    ["on the hub without one", () => "org/hole", "network", /has no tiny-00002-of-00003\.gguf/],
    [
      "in hand, the first",
      () => ({ weights: first }),
      "invalid-argument",
      /part 2 is missing.*-00001-of-00003/,
    ],
    ["in hand, the last", () => ({ weights: [third] }), "invalid-argument", /part 1 is missing/],
    [
      "one twice",
      () => ({ weights: [first, second, second] }),
      "invalid-model",
      /part 2, which there is twice/,
    ],
    [
      "of two models",
      () => ({ weights: [first, ...others] }),
      "invalid-model",
      /one of 2 parts, and .* of 3/,
    ],
    ["a fourth of three", () => ({ weights: lying }), "invalid-model", /"split.no" is 3 and "split.count" 3/],
    [
      "with tensors that are nowhere",
      () => ({ weights: counting }),
      "invalid-model",
      /have 99 tensors; they/,
    ],
  ])("%s", async (_, source, code, message) => {
    const error = await rejection(load(source()));
    expect(error.message).toMatch(message);
    expect(error).toMatchObject({ code });
  });

  test("two models in parts, of which none is chosen", async () => {
    const more = others.map((bytes, i) => new File([bytes], `other-0000${i + 1}-of-00002.gguf`));
    expect(await rejection(load([...files, ...more]))).toMatchObject({ code: "invalid-argument" });
  });
});

test("names that are not of parts", () => {
  for (const name of [
    "x.gguf",
    "x-00001-of-00001.gguf",
    "x-1-of-2.gguf",
    "x-00001-of-99999.gguf",
    "-00001-of-00002.gguf",
  ])
    expect(partNames(name)).toBeUndefined();
});
