// The front of GGUF files that may come from anyone: every way to lie is found, and named, before memory is taken.

import { describe, expect, test } from "@jest/globals";
import { HeedError } from "../../../wasm/errors.js";
import { readGgufHeader, type GgufHeader } from "../../../wasm/models/gguf/header.js";
import { rejection } from "./checkpoint.js";
import {
  array,
  ByteWriter,
  flag,
  float,
  formats,
  ggufFile,
  text,
  uint,
  type GgufTensorData,
} from "./gguf_file.js";

/** Reads what is there, `chunk` bytes at a time at most, and counts how much. */
function reader(file: ArrayBuffer, { isSized = true, chunk = Infinity } = {}) {
  let at = 0;
  let largest = 0;
  return {
    size: isSized ? file.byteLength : undefined,
    get largest() {
      return largest;
    },
    read(length: number): Promise<Uint8Array> {
      largest = Math.max(largest, length);
      const from = at;
      at = Math.min(file.byteLength, from + Math.max(0, Math.min(length, Math.max(chunk, length))));
      return Promise.resolve(new Uint8Array(file, from, at - from));
    },
  };
}

const read = (file: ArrayBuffer, isSized = true): Promise<GgufHeader> =>
  readGgufHeader(reader(file, { isSized }), "x.gguf");

function tensor(name: string, changes: Partial<GgufTensorData> = {}): GgufTensorData {
  return { name, format: formats.F32, shape: [2, 4], bytes: new Uint8Array(32), ...changes };
}

describe("a sound file", () => {
  test("has its values, by type", async () => {
    const list = ["", "ä", "<0x0A>", "▁the", "__proto__"];
    const file = ggufFile({
      values: {
        "general.architecture": text("llama"),
        __proto__key: flag(true),
        "a.uint8": { type: "uint8", value: 255 },
        "a.int8": { type: "int8", value: -1 },
        "a.uint16": { type: "uint16", value: 65_535 },
        "a.int16": { type: "int16", value: -2 },
        "a.uint32": uint(4_294_967_295),
        "a.int32": { type: "int32", value: -3 },
        "a.uint64": { type: "uint64", value: 2 ** 40 },
        "a.int64": { type: "int64", value: -4n },
        "a.float32": float(0.5),
        "a.float64": { type: "float64", value: 0.1 },
        "a.false": flag(false),
        "a.texts": array("string", list),
        "a.floats": array("float32", [1.5, -2]),
        "a.flags": array("bool", [true, false]),
        "a.none": array("int32", []),
      },
    });
    const { values } = await read(file);
    expect(values.get("general.architecture")).toBe("llama");
    expect(values.get("__proto__key")).toBe(true);
    const numbers = [
      "uint8",
      "int8",
      "uint16",
      "int16",
      "uint32",
      "int32",
      "uint64",
      "int64",
      "float32",
      "float64",
    ];
    expect(numbers.map((type) => values.get(`a.${type}`))).toEqual([
      ...[255, -1, 65_535, -2, 4_294_967_295, -3, 2 ** 40, -4, 0.5, 0.1],
    ]);
    expect(values.get("a.false")).toBe(false);
    expect(values.get("a.texts")).toEqual(list);
    expect(values.get("a.floats")).toEqual(Float32Array.of(1.5, -2));
    expect(values.get("a.flags")).toEqual(Uint8Array.of(1, 0));
    expect(values.get("a.none")).toEqual(new Int32Array());
  });

  test("has its tensors in the order of their data, shapes as PyTorch writes them", async () => {
    const file = ggufFile({
      version: 2,
      tensors: [
        tensor("b", { offset: 64, shape: [3], bytes: new Uint8Array(12) }),
        tensor("a", { offset: 0, format: formats.Q8_0, shape: [1, 64], bytes: new Uint8Array(68) }),
      ],
    });
    // "a" is 68 bytes long, so that "b" belongs at 96: 64 is inside.
    expect(await rejection(read(file))).toMatchObject({
      code: "invalid-model",
      message: expect.stringContaining("overlaps"),
    });
    const sound = ggufFile({
      tensors: [
        tensor("a", { format: formats.Q8_0, shape: [1, 64], bytes: new Uint8Array(68) }),
        tensor("b", { shape: [3, 1, 2], bytes: new Uint8Array(24) }),
      ],
    });
    const { tensors, dataBegin, dataEnd, size } = await read(sound);
    expect(tensors).toMatchObject([
      { name: "a", format: { name: "Q8_0" }, shape: [1, 64], begin: 0, end: 68 },
      { name: "b", format: { name: "F32" }, shape: [3, 1, 2], begin: 96, end: 120 },
    ]);
    expect(dataBegin % 32).toBe(0);
    expect(dataEnd).toBe(dataBegin + 120);
    expect(size).toBe(sound.byteLength);
  });

  test("may be aligned to other powers of two", async () => {
    const values = { "general.alignment": uint(64) };
    const { tensors } = await read(ggufFile({ alignment: 64, values, tensors: [tensor("a"), tensor("b")] }));
    expect(tensors.map(({ begin }) => begin)).toEqual([0, 64]);
  });

  test("is read in chunks, however long its arrays", async () => {
    const tokens = Array.from({ length: 50_000 }, (_, id) => `token${id}`);
    const values = { "tokenizer.ggml.tokens": array("string", tokens) };
    const from = reader(ggufFile({ values }), { isSized: false });
    expect((await readGgufHeader(from, "x.gguf")).values.get("tokenizer.ggml.tokens")).toEqual(tokens);
    expect(from.largest).toBeLessThanOrEqual(1 << 16);
  });
});

/** A file with one key whose value is these bytes, its type included. */
const valued = (write: (bytes: ByteWriter) => ByteWriter): ArrayBuffer => {
  const front = new ByteWriter().raw(new TextEncoder().encode("GGUF")).uint32(3).uint64(0).uint64(1);
  return write(front.string("a.key")).buffer;
};
const one = (changes: Partial<GgufTensorData>): ArrayBuffer => ggufFile({ tensors: [tensor("w", changes)] });
const cut = (file: ArrayBuffer, by: number): ArrayBuffer => file.slice(0, file.byteLength - by);
const badText = (bytes: number[]) => (file: ByteWriter) =>
  file.uint32(8).uint64(bytes.length).raw(Uint8Array.from(bytes));

const attacks: [name: string, file: ArrayBuffer, message: RegExp][] = [
  ["an empty file", new ArrayBuffer(0), /ends inside the first 24 bytes/],
  ["23 bytes", cut(ggufFile({}), 1).slice(0, 23), /ends inside the first 24 bytes/],
  ["another magic", new TextEncoder().encode("GGML" + "\0".repeat(28)).buffer, /does not begin with "GGUF"/],
  ["version 1", ggufFile({ version: 1 }), /of version 1; expected a little-endian GGUF of version 2 or 3/],
  ["version 4", ggufFile({ version: 4 }), /of version 4/],
  ["big-endian", ggufFile({ version: 0x03000000 }), /is big-endian/],
  ["2^64 - 1 keys", ggufFile({ numKeys: 2n ** 64n - 1n }), /the number of keys is 18446744073709551615/],
  ["10,001 keys", ggufFile({ numKeys: 10_001n }), /10001 keys; expected at most 10000/],
  ["10,001 tensors", ggufFile({ numTensors: 10_001n }), /10001 tensors; expected at most 10000/],
  ["fewer keys than it says", ggufFile({ numKeys: 9n, values: { a: uint(1) } }), /twice|ends inside/],
  ["fewer tensors than it says", ggufFile({ numTensors: 2n, tensors: [tensor("w")] }), /tensor|ends inside/],
  ["a key of 2^40 bytes", valued((file) => file.uint32(4).uint32(1)).slice(0, 24), /ends inside key 0/],
  [
    "a key twice",
    ggufFile({
      values: [
        ["a", uint(1)],
        ["a", uint(2)],
      ],
    }),
    /the key "a" is there twice/,
  ],
  [
    "a type that is none",
    valued((file) => file.uint32(13).uint64(0)),
    /is of type 13, which the format has not/,
  ],
  ["a text longer than the file", valued((file) => file.uint32(8).uint64(2n ** 50n)), /bytes long/],
  ["a text of 2^63 bytes", valued((file) => file.uint32(8).uint64(2n ** 63n)), /9223372036854775808/],
  ["a text that is not UTF-8", valued(badText([0xc3, 0x28])), /is not UTF-8/],
  ["half a surrogate pair", valued(badText([0xed, 0xa0, 0x80])), /is not UTF-8/],
  [
    "a boolean that is neither",
    valued((file) => file.uint32(7).raw(Uint8Array.of(2))),
    /neither true nor false/,
  ],
  [
    "an array of 2^52 numbers",
    valued((file) =>
      file
        .uint32(9)
        .uint32(4)
        .uint64(2n ** 52n),
    ),
    /bytes long/,
  ],
  [
    "an array of 2^64 - 1 texts",
    valued((file) =>
      file
        .uint32(9)
        .uint32(8)
        .uint64(2n ** 64n - 1n),
    ),
    /18446744073709551615/,
  ],
  [
    "an array of 2^50 texts",
    valued((file) =>
      file
        .uint32(9)
        .uint32(8)
        .uint64(2n ** 50n),
    ),
    /ends inside an entry of/,
  ],
  ["an array of type 99", valued((file) => file.uint32(9).uint32(99).uint64(1).uint64(0)), /of type 99/],
  ["an array of arrays", valued((file) => file.uint32(9).uint32(9).uint64(1)), /is an array of arrays/],
  [
    "a name of 65 bytes",
    ggufFile({ tensors: [tensor("w".repeat(65))] }),
    /65 bytes long; expected at most 64/,
  ],
  ["a tensor twice", ggufFile({ tensors: [tensor("w"), tensor("w")] }), /tensor "w" is there twice/],
  ["no dimensions", one({ shape: [] }), /0 dimensions; expected 1 to 4/],
  ["five dimensions", one({ shape: [1, 1, 1, 1, 8] }), /5 dimensions/],
  ["a dimension of 0", one({ shape: [0, 4], bytes: new Uint8Array() }), /and no values/],
  ["a dimension of 2^53", one({ shape: [2 ** 53] }), /a dimension of tensor "w" is 9007199254740992/],
  ["a product beyond 2^53", one({ shape: [2 ** 40, 2 ** 40] }), /too large to be counted/],
  ["an unknown format", one({ format: 77 }), /of type 77, which ggml has not/],
  ["a removed format", one({ format: 4 }), /of type 4, which ggml has not/],
  [
    "a row that is no whole number of blocks",
    one({ format: formats.Q8_0, shape: [1, 33] }),
    /rows of 33 values; Q8_0/,
  ],
  ["Q4_K in rows of 32", one({ format: formats.Q4_K, shape: [8, 32] }), /in blocks of 256/],
  ["a tensor that begins later", one({ offset: 32 }), /begins at 32 and is not where it should be/],
  ["a tensor that is not aligned", one({ offset: 4 }), /begins at 4/],
  ["two tensors in one place", ggufFile({ tensors: [tensor("a"), tensor("b", { offset: 0 })] }), /overlaps/],
  [
    "a tensor beyond the end of the file",
    one({ shape: [2 ** 20, 4] }),
    /the tensors end at byte \d+, but the file has/,
  ],
  ["a tensor of 4 TiB", one({ shape: [2 ** 40] }), /the tensors end at byte/],
  ["a file that is cut", cut(one({}), 1), /the tensors end at byte/],
  [
    "bytes behind the last tensor",
    ggufFile({ tensors: [tensor("w", { bytes: new Uint8Array(65) })] }),
    /but the file has/,
  ],
  ["an alignment of 0", ggufFile({ values: { "general.alignment": uint(0) } }), /"general.alignment" is 0/],
  ["an alignment of 48", ggufFile({ values: { "general.alignment": uint(48) } }), /power of two/],
  ["an alignment of 2^31", ggufFile({ values: { "general.alignment": uint(2 ** 31) } }), /power of two/],
  ["an alignment in words", ggufFile({ values: { "general.alignment": text("32") } }), /power of two/],
];

describe("an attack", () => {
  test.each(attacks)("%s", async (_, file, message) => {
    const error = await rejection(read(file));
    expect(error).toBeInstanceOf(HeedError);
    expect(error.code).toMatch(/^(?:invalid|unsupported)-model$/);
    expect(error.message).toMatch(message);
    expect(error.message).toContain("x.gguf");
  });

  test("does not get memory for what it only says it has, however long the file", async () => {
    for (const [, file] of attacks) {
      const from = reader(file, { isSized: false });
      await readGgufHeader(from, "x.gguf").catch(() => undefined);
      // At most the header's own limit is asked for: streams give what there is.
      expect(from.largest).toBeLessThanOrEqual(32 << 20);
    }
  });

  test("a format that is not implemented is named, and so are those that are", async () => {
    const file = one({ format: formats.IQ4_XS, shape: [1, 256], bytes: new Uint8Array(136) });
    expect(await rejection(read(file))).toMatchObject({
      code: "unsupported-model",
      message: expect.stringMatching(
        /"w" is IQ4_XS, which is not implemented; known: F32, F16, Q4_0, Q4_1, .*, Q5_K, Q6_K, BF16/,
      ),
    });
  });

  test("every cut of a file is found", async () => {
    const file = ggufFile({
      values: { "a.texts": array("string", ["one", "two"]), "a.flag": flag(true) },
      tensors: [
        tensor("a"),
        tensor("b", { format: formats.Q4_0, shape: [1, 32], bytes: new Uint8Array(18) }),
      ],
    });
    const { dataEnd } = await read(file);
    for (let length = 0; length < dataEnd; ++length) {
      expect(await rejection(read(file.slice(0, length)))).toMatchObject({ code: "invalid-model" });
    }
  });
});
