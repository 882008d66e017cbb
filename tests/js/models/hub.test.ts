// Models from a hub: names and addresses, listings, and what is read of them.

import { describe, expect, test } from "@jest/globals";
import { HeedError } from "heed";
import type { LoadOptions, LoadProgress } from "heed/models";
import { byteTokenizer, rejection, tinyConfig } from "./checkpoint.js";
import { dataOf, hub, loaded, paths, shards, weights, whole } from "./hub_models.js";

describe("a repository", () => {
  test("its listing, then its files, of the commit that is listed", async () => {
    expect(await loaded("org/model")).toEqual(whole);
    expect(paths().filter((path) => !path.startsWith("/files/"))).toEqual([
      "/api/models/org/model/revision/main",
      "/org/model/resolve/<commit>/config.json",
      "/org/model/resolve/<commit>/tokenizer.json",
      "/org/model/resolve/<commit>/model.safetensors",
    ]);
  });

  test.each([
    "https://huggingface.co/org/model",
    "https://huggingface.co/org/model/",
    "https://huggingface.co/org/model/tree/main",
    "https://huggingface.co/org/model/resolve/main/model.safetensors?download=true",
    "https://huggingface.co/org/model/blob/main/config.json#L3",
    "https://hf.co/org/model",
    "huggingface.co/org/model",
    new URL("https://huggingface.co/org/model"),
  ])("%s", async (source) => {
    expect(await loaded(source)).toEqual(whole);
    expect(paths()[0]).toBe("/api/models/org/model/revision/main");
  });

  test("a revision: with the name, as an option, in the address", async () => {
    await loaded("org/model");
    const commit = /[0-9a-f]{40}/.exec(hub.asked.map(({ path }) => path).join())?.[0] ?? "";
    for (const [source, options] of [
      [`org/model@${commit}`, {}],
      ["org/model", { revision: commit }],
      [`https://huggingface.co/org/model/tree/${commit}`, {}],
    ] as const) {
      hub.asked.length = 0;
      expect(await loaded(source, options)).toEqual(whole);
      expect(hub.asked[0]?.path).toBe(`/api/models/org/model/revision/${commit}`);
    }
  });

  test("shards: headers by ranges, then all of each, some at once", async () => {
    const tensors = await loaded("org/shards");
    expect(Object.keys(tensors).sort()).toEqual(["a", "b", "c", "d"]);
    expect(tensors["d"]).toEqual(dataOf(shards["d.safetensors"], 700));
    const asked = hub.asked.filter(
      ({ path }) => path.endsWith("d.safetensors") && path.startsWith("/files/"),
    );
    expect(asked.map(({ range, status }) => [range, status])).toEqual([
      ["bytes=0-65535", 206],
      [undefined, 200],
    ]);
  });

  test("progress has the total of all files from the first call on, and ends at it", async () => {
    for (const name of ["org/model", "org/shards"]) {
      const seen: LoadProgress[] = [];
      await loaded(name, { onProgress: (progress) => seen.push(progress) });
      const json = JSON.stringify(tinyConfig()).length + Buffer.byteLength(JSON.stringify(byteTokenizer()));
      const files = name === "org/model" ? [weights] : Object.values(shards);
      const total = json + files.reduce((sum, { length }) => sum + length, 0);
      expect(new Set(seen.map(({ overall }) => overall?.total))).toEqual(new Set([total]));
      expect(seen.at(-1)?.overall?.loaded).toBe(total);
      const loadedBytes = seen.map(({ overall }) => overall?.loaded ?? 0);
      expect(loadedBytes).toEqual([...loadedBytes].sort((a, b) => a - b));
    }
  });

  const failures: [string, string, LoadOptions, string, RegExp, number | undefined][] = [
    ["nobody's", "org/none", {}, "network", /HTTP 401 Unauthorized: there is no such repository/, 401],
    ["no such revision", "org/model@dev", {}, "network", /the repository has no such revision|HTTP 404/, 404],
    [
      "weights in another format",
      "org/pickled",
      {},
      "unsupported-model",
      /has no model\.safetensors, and no model\.safetensors\.index\.json; .*"pytorch_model\.bin"/,
      undefined,
    ],
  ];
  test.each(failures)("%s", async (_, source, options, code, message, status) => {
    const error = await rejection(loaded(source, options));
    expect(error).toBeInstanceOf(HeedError);
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
    if (status) {
      expect(error.cause).toMatchObject({
        status,
        address: expect.stringContaining(`${hub.url}/api/models/org/`),
      });
    }
  });

  test.each([
    "https://huggingface.co/datasets/org/data",
    "https://huggingface.co/spaces/org/space",
    "https://huggingface.co/org/model/discussions/1",
    "https://huggingface.co/",
    "https://huggingface.co/org/..%2F..%2Fapi",
    "https://huggingface.co/org/model/tree/main/..%2Fx",
    "org/model@../../x",
    "org/model@a b",
  ])("%s is no model's, and nobody is asked", async (source) => {
    expect(await rejection(loaded(source))).toMatchObject({ code: "invalid-argument" });
    expect(hub.asked).toEqual([]);
  });

  test.each<[string, LoadOptions]>([
    ["org/model@a", { revision: "b" }],
    ["org/model", { revision: "../x" }],
    ["org/model", { revision: 3 as never }],
    ["https://example.org/m", { revision: "a" }],
    ["org/model", { hub: "ftp://example.org" }],
    ["org/model", { hub: "https://me:secret@example.org" }],
    ["org/model", { keep: "yes" as never }],
    ["org/model", { maxBytes: NaN }],
    ["org/model", { retry: { times: -1 } }],
    ["org/model", { retry: 3 as never }],
  ])("%s with %j is refused", async (source, options) => {
    expect(await rejection(loaded(source, options))).toMatchObject({ code: "invalid-argument" });
    expect(hub.asked).toEqual([]);
  });

  test("a password in an address is refused and not repeated", async () => {
    const error = await rejection(loaded("https://me:secret@example.org/model"));
    expect(error).toMatchObject({ code: "invalid-argument", message: expect.not.stringMatching(/secret/) });
  });
});
