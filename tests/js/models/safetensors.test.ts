// Weights that may come from anyone: every way to lie in a safetensors file is found, and named, before memory is taken.

import { describe, expect, test } from "@jest/globals";
import { HeedError } from "heed";
import type { ModelFiles } from "heed/models";
import { rejection, safetensors, tinyModel } from "./checkpoint.js";
import { fakeModels } from "./fake_native.js";

type Weights = ModelFiles["weights"];

async function load(weights: Weights) {
  const fake = fakeModels();
  await fake.loadModel(tinyModel({ weights }));
  return fake.natives[0]?.weights ?? [];
}

const tensor = (dtype: unknown, shape: unknown, offsets: unknown) => ({
  dtype,
  shape,
  data_offsets: offsets,
});
const file = (header: object | string, dataBytes = 0): ArrayBuffer => safetensors(header, dataBytes);

/** A file whose first 8 bytes say anything. */
function withLength(length: bigint, rest = "{}"): ArrayBuffer {
  const bytes = new Uint8Array(8 + rest.length);
  new DataView(bytes.buffer).setBigUint64(0, length, true);
  bytes.set(new TextEncoder().encode(rest), 8);
  return bytes.buffer;
}

const one = (dtype: unknown, shape: unknown, offsets: unknown, dataBytes = 8): ArrayBuffer =>
  file({ w: tensor(dtype, shape, offsets) }, dataBytes);

const attacks: [name: string, weights: ArrayBuffer, message: RegExp][] = [
  ["an empty file", new ArrayBuffer(0), /8 bytes of the header's length: 8 bytes are missing/],
  ["seven bytes", new ArrayBuffer(7), /1 bytes are missing/],
  [
    "a header of 2^64 − 1 bytes",
    withLength(2n ** 64n - 1n),
    /18446744073709551615 bytes long; expected at most 1048576/,
  ],
  ["a header of 2^63 bytes", withLength(2n ** 63n), /expected at most 1048576/],
  [
    "a header one byte over the cap",
    withLength(2n ** 20n + 1n),
    /1048577 bytes long; expected at most 1048576/,
  ],
  ["a header longer than the file", withLength(100n), /100 bytes long, but the file has 2/],
  ["a header one byte longer than the file", withLength(3n), /3 bytes long, but the file has 2/],
  ["a header of no bytes", withLength(0n, ""), /begins with ""; expected "\{"/],
  ["an HTML page", new TextEncoder().encode("<!DOCTYPE html><html></html>").buffer, /HTML page/],
  ["a header that is not JSON", file("{nonsense}"), /the header is not JSON/],
  ["a header that is an array", file("[]"), /begins with "\[\]"; expected "\{"/],
  ["a header behind a space", file(" {}"), /expected "\{"/],
  ["a header behind a byte order mark", file("\ufeff{}"), /expected "\{"/],
  ["a header that is not UTF-8", withLength(5n, '{"' + "a" + '":').slice(0, 13), /not JSON|not UTF-8/],
  ["two headers", file("{}{}"), /not JSON/],
  [
    "a tensor given twice",
    file(
      '{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}',
      4,
    ),
    /has the key "w" twice/,
  ],
  [
    "a tensor given twice, once escaped",
    file(
      '{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"\\u0077":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}',
      4,
    ),
    /has the key "w" twice/,
  ],
  [
    "a shape given twice",
    file('{"w":{"dtype":"F32","shape":[9],"shape":[1],"data_offsets":[0,4]}}', 4),
    /the key "shape" twice/,
  ],
  ["metadata that is no object", file({ __metadata__: "pt" }), /"__metadata__" is "pt"/],
  ["metadata with a number", file({ __metadata__: { format: 1 } }), /expected an object of strings/],
  ["metadata with an object", file({ __metadata__: { format: {} } }), /expected an object of strings/],
  ["a tensor that is null", file({ w: null }), /tensor "w" is null/],
  ["a tensor that is an array", file({ w: [] }), /tensor "w" is \[\]/],
  [
    "a tensor with a stranger's key",
    file({ w: { ...tensor("F32", [1], [0, 4]), stride: 1 } }, 4),
    /has "stride"/,
  ],
  ["no dtype", file({ w: { shape: [1], data_offsets: [0, 4] } }, 4), /dtype undefined/],
  ["an unknown dtype", one("F23", [2], [0, 8]), /the dtype "F23"/],
  [
    "a dtype named like a part of Object.prototype",
    one("constructor", [2], [0, 8]),
    /the dtype "constructor"/,
  ],
  ["no shape", file({ w: { dtype: "F32", data_offsets: [0, 8] } }, 8), /the shape undefined/],
  ["a negative dimension", one("F32", [-1, -2], [0, 8]), /the shape \[-1,-2\]/],
  ["a fractional dimension", one("F32", [0.5], [0, 8]), /the shape \[0\.5\]/],
  ["a dimension of 2^53", one("F32", [2 ** 53], [0, 8]), /expected at most 8 integers/],
  ["a dimension as a string", one("F32", ["2"], [0, 8]), /the shape \["2"\]/],
  [
    "a product beyond 2^64, back at 2 by wrapping",
    one("F32", [2 ** 33, 2 ** 31, 2], [0, 8]),
    /too large to be counted/,
  ],
  ["a product beyond 2^53", one("U8", [2 ** 40, 2 ** 40], [0, 8]), /too large to be counted/],
  ["nine dimensions", one("F32", [1, 1, 1, 1, 1, 1, 1, 1, 2], [0, 8]), /at most 8 integers/],
  ["no offsets", file({ w: { dtype: "F32", shape: [2] } }, 8), /data_offsets undefined/],
  ["one offset", one("F32", [2], [8]), /expected two integers/],
  ["a negative offset", one("F32", [2], [-8, 0]), /expected two integers/],
  ["an offset of 2^53", one("F32", [2], [0, 2 ** 53]), /expected two integers/],
  ["an end before the beginning", one("F32", [2], [8, 0]), /before it begins/],
  [
    "fewer bytes than the shape needs",
    one("F32", [2], [0, 4], 4),
    /is 4 bytes long; its shape \[2\] of F32 needs 8/,
  ],
  ["more bytes than the shape needs", one("F16", [2], [0, 8]), /needs 4/],
  ["half a byte", one("F4", [1], [0, 1], 1), /too large to be counted|needs/],
  [
    "a hole before the first tensor",
    one("F32", [1], [4, 8]),
    /"w" begins at 4 and leaves a hole before it, which ends at 0/,
  ],
  [
    "a hole between tensors",
    file({ a: tensor("F32", [1], [0, 4]), b: tensor("F32", [1], [8, 12]) }, 12),
    /"b" begins at 8 and leaves a hole/,
  ],
  [
    "tensors that overlap",
    file({ a: tensor("F32", [2], [0, 8]), b: tensor("F32", [1], [4, 8]) }, 8),
    /"b" begins at 4 and overlaps/,
  ],
  [
    "two tensors in one place",
    file({ a: tensor("F32", [1], [0, 4]), b: tensor("F32", [1], [0, 4]) }, 4),
    /overlaps/,
  ],
  [
    "a tensor beyond the end of the file",
    one("F32", [4], [0, 16]),
    /the tensors end at byte \d+, but the file has \d+/,
  ],
  ["a tensor of 1 GiB in a small file", one("F32", [2 ** 28], [0, 2 ** 30]), /the tensors end at byte/],
  ["bytes behind the last tensor", one("F32", [1], [0, 4]), /but the file has/],
  ["bytes behind no tensors", file({}, 1), /but the file has/],
  [
    "10,001 tensors",
    file(Object.fromEntries(Array.from({ length: 10_002 }, (_, i) => [`t${i}`, tensor("F32", [0], [0, 0])]))),
    /10002 entries; expected at most 10000/,
  ],
];

describe("attacks", () => {
  test.each(attacks)("%s", async (_, weights, message) => {
    // As a file in memory, as a Blob that is read in ranges, and as a download of unknown length.
    const ways: Weights[] = [weights, new Blob([weights])];
    for (const way of ways) {
      const error = await rejection(load(way));
      expect(error).toBeInstanceOf(HeedError);
      expect({ code: error.code, message: error.message }).toEqual({
        code: "invalid-model",
        message: expect.stringMatching(message),
      });
      expect(error.message).toMatch(/^model\.safetensors: /);
    }
    const download = (url: URL): Promise<Response> =>
      Promise.resolve(
        url.pathname.endsWith(".safetensors")
          ? new Response(weights)
          : url.pathname.endsWith("r.json") || url.pathname.endsWith("/config.json")
            ? Response.json(tinyModel()[url.pathname.endsWith("r.json") ? "tokenizer" : "config"])
            : new Response("", { status: 404 }),
      );
    const error = await rejection(
      fakeModels().loadModel("https://example.org/model", { fetch: download as typeof fetch }),
    );
    expect(error.code).toBe("invalid-model");
  });

  test("deep JSON does not overflow the stack", async () => {
    const deep = `{"w":${"[".repeat(200_000)}${"]".repeat(200_000)}}`;
    expect(await rejection(load(file(deep)))).toMatchObject({ code: "invalid-model" });
  });

  test("nothing reaches the engine from a file whose header is wrong", async () => {
    const fake = fakeModels();
    const header = { a: tensor("F32", [1], [0, 4]), b: tensor("F32", [1], [5, 9]) };
    await rejection(fake.loadModel(tinyModel({ weights: file(header, 9) })));
    expect(fake.natives).toEqual([]);
  });
});

describe("what is legal", () => {
  test("tensors come in the order of their data, as they are", async () => {
    const weights = file(
      {
        __metadata__: { format: "pt" },
        b: tensor("F16", [1, 2], [4, 8]),
        a: tensor("F32", [], [0, 4]),
        empty: tensor("BF16", [3, 0], [8, 8]),
      },
      8,
    );
    new Uint8Array(weights).set([1, 2, 3, 4, 5, 6, 7, 8], weights.byteLength - 8);
    expect(await load(weights)).toEqual([
      { name: "a", dtype: "F32", shape: [], bytes: Uint8Array.of(1, 2, 3, 4) },
      { name: "b", dtype: "F16", shape: [1, 2], bytes: Uint8Array.of(5, 6, 7, 8) },
      { name: "empty", dtype: "BF16", shape: [3, 0], bytes: new Uint8Array(0) },
    ]);
  });

  test("a zero dimension beside a huge one is empty", async () => {
    expect(await load(one("F32", [2 ** 52, 0, 2 ** 52], [0, 0], 0))).toHaveLength(1);
  });

  test("names of parts of Object.prototype are names", async () => {
    const header =
      '{"__proto__":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"constructor":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}';
    expect((await load(file(header, 8))).map(({ name }) => name)).toEqual(["__proto__", "constructor"]);
    expect(({} as { dtype?: unknown }).dtype).toBeUndefined();
  });

  test("a header padded with spaces", async () => {
    expect(await load(file("{}          "))).toEqual([]);
  });

  test("a view into a larger buffer", async () => {
    const bytes = new Uint8Array(file({ w: tensor("F32", [1], [0, 4]) }, 4));
    const larger = new Uint8Array(bytes.length + 16);
    larger.set(bytes, 3);
    expect(await load(larger.subarray(3, 3 + bytes.length))).toHaveLength(1);
  });
});

describe("dtypes that are not read", () => {
  const weights = one("I64", [1], [0, 8]);

  test("do not matter where the model has no use for them", async () => {
    expect(await load(weights)).toEqual([]);
  });

  test("are named where the model misses a weight", async () => {
    const fake = fakeModels({ finishError: new HeedError("invalid-model", "w is missing") });
    const error = await rejection(fake.loadModel(tinyModel({ weights })));
    expect(error).toMatchObject({
      code: "unsupported-model",
      message: expect.stringMatching(/"w" \(I64\).*w is missing/),
    });
  });
});

describe("shards", () => {
  test("may come in any order", async () => {
    const names = (await load([one("F32", [2], [0, 8]), file({ v: tensor("F32", [1], [0, 4]) }, 4)])).map(
      ({ name }) => name,
    );
    expect(names).toEqual(["w", "v"]);
  });

  test("that have the same tensor are refused", async () => {
    const error = await rejection(load([one("F32", [2], [0, 8]), one("F32", [2], [0, 8])]));
    expect(error).toMatchObject({
      code: "invalid-model",
      message: 'weights[1]: tensor "w" is also in weights[0]',
    });
  });
});
