// Files of models that somebody has tampered with: each is refused in words, or is harmless and changes nothing; never a
// trap, and the next load works. All mutations are the same at every run.

import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { HeedError } from "heed";
import { loadModel, type ModelFiles } from "heed/models";
import { fixturePath } from "../../fixtures/read.js";
import { uniform } from "../random.js";
import { goldenFiles } from "./checkpoint.js";

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Random = () => number;

const pick = <Item>(random: Random, items: readonly Item[]): Item =>
  items[Math.floor(random() * items.length)] as Item;
const textOf = (bytes: unknown): string => Buffer.from(bytes as ArrayBuffer).toString();

/** What a load came to: the numbers of a run, or the error's code. */
async function outcome(files: ModelFiles): Promise<string> {
  try {
    const model = await loadModel(files, { workers: 0 });
    try {
      const run = await model.run("The cat sat on 3 mats.");
      return [run.tokens.map(({ id }) => id), run.hidden(model.numLayers)].join(" ");
    } finally {
      model.dispose();
    }
  } catch (error) {
    if (!(error instanceof HeedError)) throw error;
    return error.code;
  }
}

// A run that a config or a tokenizer makes too long, or whose ids don't fit, is a wrong argument of the run.
const refusals = ["invalid-model", "unsupported-model", "out-of-memory", "invalid-argument"];

function expectRefused(what: string, result: string): void {
  if (!refusals.includes(result)) throw new Error(`${what}: ${result.slice(0, 80)}`);
}

describe("a tampered safetensors file", () => {
  const original = goldenFiles("gpt2");
  const file = Buffer.from(original.weights as ArrayBuffer);
  const headerBytes = Number(file.readBigUInt64LE());
  const header = JSON.parse(file.subarray(8, 8 + headerBytes).toString()) as Record<string, any>;
  const names = Object.keys(header).filter((name) => name !== "__metadata__");
  const data = file.subarray(8 + headerBytes);

  const fileOf = (text: string, rest: Uint8Array = data): Buffer => {
    const json = Buffer.from(text);
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(json.length));
    return Buffer.concat([length, json, rest]);
  };
  /** The file with a tensor's entry changed. */
  const changed = (random: Random, change: (entry: any, name: string) => object): Buffer => {
    const name = pick(random, names);
    return fileOf(JSON.stringify({ ...header, [name]: { ...header[name], ...change(header[name], name) } }));
  };
  const flipped = (random: Random, from: number, to: number): Buffer => {
    const bytes = Buffer.from(file);
    const at = from + Math.floor(random() * (to - from));
    bytes[at] = (bytes[at] ?? 0) ^ (1 << Math.floor(random() * 8));
    return bytes;
  };

  /** Each with what may become of it: "refused", "same" numbers, or "any" (numbers of other weights). */
  const mutations: [name: string, "refused" | "same" | "any", (random: Random) => Buffer][] = [
    ["cut off", "refused", (random) => file.subarray(0, Math.floor(random() * file.length))],
    ["longer", "refused", (random) => Buffer.concat([file, Buffer.alloc(1 + Math.floor(random() * 100))])],
    ["another length", "refused", (random) => flipped(random, 0, 8)],
    ["a bit of the header", "any", (random) => flipped(random, 8, 8 + headerBytes)],
    ["a bit of the data", "any", (random) => flipped(random, 8 + headerBytes, file.length)],
    [
      "another format",
      "refused",
      (random) => changed(random, () => ({ dtype: pick(random, ["F16", "I8", "F64", "F33", 3, null]) })),
    ],
    [
      "a huge shape",
      "refused",
      (random) =>
        changed(random, () => ({ shape: [pick(random, [2 ** 31, 2 ** 32 + 1, 2 ** 53, 1e300]), 4] })),
    ],
    [
      "an overflowing shape",
      "refused",
      (random) =>
        changed(random, () => ({
          shape: pick(random, [
            [2 ** 32, 2 ** 32],
            [2 ** 31, 2 ** 31, 4],
            [2 ** 53 - 1, 2],
          ]),
        })),
    ],
    [
      "no shape",
      "refused",
      (random) =>
        changed(random, () => ({
          shape: pick(random, [null, "4", [-1], [1.5], [[4]], {}, Array(99).fill(1)]),
        })),
    ],
    [
      "an empty tensor",
      "refused",
      (random) => changed(random, ({ data_offsets: [from] }) => ({ shape: [0], data_offsets: [from, from] })),
    ],
    [
      "overlapping tensors",
      "refused",
      (random) => changed(random, ({ data_offsets: [from, to] }) => ({ data_offsets: [from + 4, to + 4] })),
    ],
    [
      "a hole",
      "refused",
      (random) => changed(random, ({ data_offsets: [from, to] }) => ({ data_offsets: [from, to - 4] })),
    ],
    [
      "backwards",
      "refused",
      (random) => changed(random, ({ data_offsets: [from, to] }) => ({ data_offsets: [to, from] })),
    ],
    [
      "no offsets",
      "refused",
      (random) =>
        changed(random, () => ({
          data_offsets: pick(random, [null, [0], [0, 1, 2], ["0", "4"], [-4, 0], [0, 2 ** 60]]),
        })),
    ],
    ["an unknown key", "refused", (random) => changed(random, () => ({ offset: 1 }))],
    [
      "a tensor by another name",
      "refused",
      (random) => {
        const name = pick(
          random,
          names.filter((each) => /wte|wpe|\.weight/.test(each)),
        );
        return fileOf(JSON.stringify(header).replace(`"${name}":`, `"${name}x":`));
      },
    ],
    [
      "a tensor twice",
      "refused",
      (random) => {
        const name = pick(random, names);
        return fileOf(
          `${JSON.stringify(header).slice(0, -1)},${JSON.stringify(name)}:${JSON.stringify(header[name])}}`,
        );
      },
    ],
    [
      "deep JSON",
      "refused",
      (random) => {
        const depth = 1000 + Math.floor(random() * 100_000);
        return fileOf(`{"${pick(random, names)}":${"[".repeat(depth)}${"]".repeat(depth)}}`);
      },
    ],
    [
      "a prototype",
      "refused",
      (random) =>
        fileOf(
          `{"__proto__":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},${JSON.stringify(header).slice(1)}`,
          Buffer.concat([data, Buffer.alloc(4 * Math.round(random()))]),
        ),
    ],
    [
      "other metadata",
      "same",
      (random) => fileOf(JSON.stringify({ ...header, __metadata__: { format: `pt${random()}` } })),
    ],
    [
      "another order",
      "same",
      (random) =>
        fileOf(JSON.stringify(Object.fromEntries(Object.entries(header).sort(() => random() - 0.5)))),
    ],
    [
      "spaces behind the header",
      "same",
      (random) => fileOf(JSON.stringify(header) + " ".repeat(Math.floor(random() * 1000))),
    ],
  ];

  test(`${mutations.length} kinds, 220 files`, async () => {
    const numbers = await outcome(original);
    expect(numbers).toMatch(/^\d/);
    const random = uniform(7);
    const count = new Map<string, number>();
    for (let i = 0; i < 220; i++) {
      const [name, expected, mutate] = mutations[i % mutations.length] as (typeof mutations)[number];
      const result = await outcome({ ...original, weights: new Uint8Array(mutate(random)).buffer });
      const isRun = /^\d/.test(result);
      if (expected === "refused" || !isRun) {
        // A flipped bit of a name of nothing that is needed changes nothing.
        if (expected === "same") throw new Error(`${name}: ${result}`);
        expectRefused(`${name}, number ${i}`, result);
      }
      if (expected === "same" && result !== numbers) throw new Error(`${name} changes the numbers`);
      count.set(isRun ? "run" : "refused", (count.get(isRun ? "run" : "refused") ?? 0) + 1);
      if (i % 40 === 39) expect(await outcome(original)).toBe(numbers);
    }
    expect(count.get("refused")).toBeGreaterThan(150);
    expect(count.get("run")).toBeGreaterThan(30);
  });
});

/** All places in a JSON value, each as the object or array that holds it and its key there. */
function places(value: Json): [holder: any, key: string | number][] {
  if (typeof value !== "object" || value === null) return [];
  // Of long lists and vocabularies the first entries stand for all.
  const keys = Array.isArray(value) ? [...value.keys()].slice(0, 6) : Object.keys(value).slice(0, 40);
  return keys.flatMap((key) => [[value, key] as [any, string | number], ...places((value as any)[key])]);
}

const poison = (random: Random): Json =>
  pick<() => Json>(random, [
    () => null,
    () => true,
    () => -1,
    () => 0,
    () => 1.5,
    () => 399,
    () => 2 ** 24,
    () => 2 ** 31,
    () => 1e308,
    () => "",
    () => "\u0000<img src=x onerror=alert(1)>\u202e",
    () => "x".repeat(100_000),
    () => [],
    () => ({}),
    () => [[[]]],
    () => Array.from({ length: 2000 }, (_, i) => i),
    () => JSON.parse("[".repeat(3000) + "]".repeat(3000)) as Json,
    () => JSON.parse('{"__proto__": {"type": "BPE"}, "constructor": 1}') as Json,
  ])();

describe("tampered JSON", () => {
  const models = ["gpt2", "bert", "llama", "roberta"] as const;
  test.each([
    ["config", 160],
    ["tokenizer", 160],
    ["tokenizerConfig", 40],
  ] as const)("%s: %i files", async (part, numFiles) => {
    const random = uniform(part.length);
    let refused = 0;
    for (let i = 0; i < numFiles; i++) {
      const files = goldenFiles(pick(random, models));
      const json = JSON.parse(textOf(files[part])) as Json;
      const all = places(json);
      const chosen = random() < 0.5 ? [pick(random, all)] : [pick(random, all), pick(random, all)];
      for (const [holder, key] of chosen) {
        if (random() < 0.2) delete holder[key];
        else holder[key] = poison(random);
      }
      const result = await outcome({ ...files, [part]: json as object });
      if (/^\d/.test(result)) continue;
      expectRefused(`${part} ${i}`, result);
      refused++;
    }
    expect(refused).toBeGreaterThan(part === "tokenizerConfig" ? -1 : 30);
    expect(await outcome(goldenFiles("gpt2"))).toMatch(/^\d/);
  });

  test("text that is no JSON, or not text", async () => {
    const files = goldenFiles("gpt2");
    for (const text of ["", "{", "[1", "null", "3", '"x"', "\ufffe", "<!doctype html>", "{}".repeat(9)]) {
      for (const part of ["config", "tokenizer"] as const) {
        expect(await outcome({ ...files, [part]: text })).toBe("invalid-model");
        expect(await outcome({ ...files, [part]: Buffer.from([0xff, 0xfe, ...Buffer.from(text)]) })).toBe(
          "invalid-model",
        );
      }
    }
  });

  test("an index that leads elsewhere: 60 files", async () => {
    const folder = fixturePath("golden/models/sharded-gpt2/");
    const contents = new Map(readdirSync(folder).map((name) => [name, readFileSync(folder + name)]));
    const indexName = "model.safetensors.index.json";
    const random = uniform(5);
    const load = (index: string): Promise<string> => {
      const files = [...contents].map(
        ([name, bytes]) => new File([name === indexName ? index : new Uint8Array(bytes)], name),
      );
      return outcome(files as never);
    };
    const text = textOf(contents.get(indexName));
    const numbers = await load(text);
    expect(numbers).toMatch(/^\d/);
    for (let i = 0; i < 60; i++) {
      const index = JSON.parse(text) as Json;
      const [holder, key] = pick(
        random,
        places(index).filter(([, each]) => each !== "metadata"),
      );
      holder[key] =
        random() < 0.5
          ? poison(random)
          : pick(random, [
              "../../etc/passwd",
              "https://evil.example/x.safetensors",
              "config.json",
              "x.safetensors",
            ]);
      const result = await load(JSON.stringify(index));
      // The names of files are what is read of it; what it says of tensors and sizes is not believed anyway.
      if (result !== numbers) expectRefused(`index ${i}`, result);
    }
  });
});

describe("memory", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(`${tmpdir()}/heed-hostile-`);
  });
  afterAll(() => rm(folder, { recursive: true }));

  // [rows, 1024] of F32: 96 MB, of which a file of zeros takes no room on the disk.
  const rows = 24_576;
  const size = rows * 4096;
  const config = {
    model_type: "gpt2",
    vocab_size: rows,
    n_embd: 1024,
    n_head: 1,
    n_layer: 1,
    n_positions: 16,
  };
  const wte = { "wte.weight": { dtype: "F32", shape: [rows, 1024], data_offsets: [0, size] } };
  const cases: [string, object, object, number, RegExp][] = [
    ["all but one tensor", config, wte, 0, /is missing/],
    ["cut off", config, wte, -4, /the tensors end at byte/],
    ["a config of larger matrices", { ...config, n_embd: 2048 }, wte, 0, /is \[24576, 1024\], expected/],
    ["a config of longer tables", { ...config, n_positions: 2 ** 18 }, wte, 0, /is missing/],
    [
      "a config of more layers",
      { ...config, n_embd: 1, n_layer: 2 ** 22 },
      wte,
      0,
      /num_layers is 4194304, expected at most/,
    ],
  ];

  test("of a file that is refused late, no more than twice its size is ever taken", async () => {
    // The most this very program has held. resourceUsage().maxRSS also remembers what its parent, Jest, held when it
    // forked, which hides all that is taken below that. Asked while the file is read: of what is given back, VmHWM was seen
    // to lose the memory.
    const program = `
      const { readFileSync } = await import("node:fs");
      const peak = () => 1024 * Number(/VmHWM:\\s*(\\d+) kB/.exec(readFileSync("/proc/self/status", "utf8"))[1]);
      const { loadModel } = await import(${JSON.stringify(new URL("../../../dist/models.js", import.meta.url).href)});
      let most = 0;
      const onProgress = () => (most = Math.max(most, peak()));
      const load = (url) => loadModel(url, { workers: 0, onProgress }).then((model) => model.dispose(), (error) => error);
      await load(${JSON.stringify(pathToFileURL(fixturePath("golden/models/gpt2")).href)});
      const before = onProgress();
      const { code, message } = await load(process.argv[1]);
      console.log(JSON.stringify({ code, message, taken: onProgress() - before }));`;
    const runs = cases.map(async ([name, json, tensors, more, message], i) => {
      const place = `${folder}/${i}`;
      await mkdir(place);
      const header = Buffer.from(JSON.stringify(tensors));
      const length = Buffer.alloc(8);
      length.writeBigUInt64LE(BigInt(header.length));
      const { tokenizer } = goldenFiles("gpt2");
      await writeFile(`${place}/config.json`, JSON.stringify(json));
      await writeFile(`${place}/tokenizer.json`, Buffer.from(tokenizer as ArrayBuffer));
      await writeFile(`${place}/model.safetensors`, Buffer.concat([length, header]));
      await truncate(`${place}/model.safetensors`, 8 + header.length + size + more);
      const { stdout } = await promisify(execFile)(process.execPath, [
        ...["--input-type=module", "--eval", program, pathToFileURL(place).href],
      ]);
      const {
        code,
        message: said,
        taken,
      } = JSON.parse(stdout) as { code: string; message: string; taken: number };
      expect({ name, code, said }).toEqual({
        name,
        code: "invalid-model",
        said: expect.stringMatching(message),
      });
      expect(taken).toBeLessThan(2 * size);
      return taken;
    });
    const taken = await Promise.all(runs);
    // The one that is read to its end shows that this measures something.
    expect(taken[0]).toBeGreaterThan(size / 2);
  });
});
