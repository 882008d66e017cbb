// heed/element where there is no DOM, and the parts of it that are plain functions.

import { describe, expect, test } from "@jest/globals";
import { readdirSync, readFileSync } from "node:fs";
import { give, givenBy } from "../../web/runner/given.ts";
import { createLocalRunner } from "../../web/runner/local.ts";
import { HeedError } from "heed";
import { codeOf, failureOf } from "../../web/runner/runner.ts";
import { windowOf } from "../../web/runner/window.ts";
import type { RunData } from "../../web/runner/run_data.ts";
import * as codec from "../../web/element/codecs.ts";
import { heldSettings } from "../../web/element/held_settings.ts";
import { tellHeight } from "../../web/embed/height.ts";
import { settingsFor } from "../../web/element/settings.ts";
import { fixturePath } from "../fixtures/read.ts";
import { collectGarbage } from "../js/instances.ts";

test("imports without a DOM, where it defines nothing", async () => {
  const { HeedAttention } = (await import(fixturePath("../../dist/element.js"))) as {
    HeedAttention: { observedAttributes: string[] };
  };
  expect(typeof HeedAttention).toBe("function");
  expect("customElements" in globalThis).toBe(false);
  expect("HTMLElement" in globalThis).toBe(false);
});

test("the manifest names every attribute, event and method", () => {
  const manifest = JSON.parse(readFileSync(fixturePath("../../dist/custom-elements.json"), "utf8"));
  const [declaration] = manifest.modules[0].declarations;
  const names = (list: { name: string }[]) => list.map(({ name }) => name).sort();
  expect(declaration.tagName).toBe("heed-attention");
  expect(names(declaration.attributes)).toEqual(
    Object.values(settingsFor([]))
      .map(({ attribute }) => attribute)
      .sort(),
  );
  expect(names(declaration.events)).toEqual(["heed-error", "heed-ready", "heed-run", "heed-select"]);
  expect(names(declaration.members.filter(({ kind }: { kind: string }) => kind === "method"))).toEqual([
    "exportCSV",
    "exportJSON",
    "exportPNG",
    "exportSVG",
  ]);
  for (const member of declaration.members)
    expect([member.name, member.description]).toEqual([member.name, expect.stringMatching(/./)]);
});

test("the manifest names every part that a page can style", () => {
  const manifest = JSON.parse(readFileSync(fixturePath("../../dist/custom-elements.json"), "utf8"));
  const named = manifest.modules[0].declarations[0].cssParts.map(({ name }: { name: string }) => name);
  const made = ["element", "views"].flatMap((folder) => {
    const at = fixturePath(`../../web/${folder}/`);
    const sources = readdirSync(at, { recursive: true, encoding: "utf8" }).filter((name) =>
      /\.ts$/.test(name),
    );
    return sources.flatMap((name) => [
      ...readFileSync(at + name, "utf8").matchAll(/\bh\(\s*"\w+",\s*\{[^}]*\bpart: "(\w+)"/g),
    ]);
  });
  expect(named.sort()).toEqual(made.map(([, part]) => part).sort());
});

test("a figure's height is told once, whatever is heard of it first", async () => {
  const told: unknown[] = [];
  const observed: unknown[] = [];
  const page = { getBoundingClientRect: () => ({ height: 99.5 }) };
  class ResizeObserver {
    constructor(private readonly tell: () => void) {
      observed.push(this);
    }
    observe(): void {
      this.tell();
    }
  }
  const names = ["parent", "self", "document", "ResizeObserver"] as const;
  const before = Object.getOwnPropertyDescriptors(globalThis);
  const parent = { postMessage: (message: unknown) => told.push(message) };
  Object.assign(globalThis, { parent, self: {}, document: { documentElement: page }, ResizeObserver });
  try {
    const figure = Object.assign(new EventTarget(), { updateComplete: Promise.resolve() });
    tellHeight(figure as never);
    for (const name of ["heed-error", "heed-run"]) figure.dispatchEvent(new Event(name));
    await figure.updateComplete;
  } finally {
    for (const name of names) {
      delete (globalThis as Record<string, unknown>)[name];
      if (before[name]) Object.defineProperty(globalThis, name, before[name]);
    }
  }
  expect(told).toEqual([{ type: "heed-height", height: 100 }]);
  expect(observed).toHaveLength(1);
});

describe("what an author may write", () => {
  test("a model: a name, an address, and whatever loadModel() takes in hand", () => {
    const file = (name: string): File => new File(["GGUF"], name);
    const named = (given: unknown): string | undefined => codec.model.read(given)?.value;
    expect([named("heed-bert"), named(new URL("https://a.b/c"))]).toEqual(["heed-bert", "https://a.b/c"]);
    expect(named(file("tiny.gguf"))).toMatch(/^given:\d+\/tiny\.gguf$/);
    expect(named([file("tiny.gguf")])).toMatch(/\/tiny\.gguf$/);
    expect(named([file("config.json"), file("model.safetensors")])).toMatch(/\/model$/);
    expect(named({ weights: new ArrayBuffer(4) })).toMatch(/^given:\d+\/model$/);
    expect([named({}), named([]), named([{}]), named(3)]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  test.each([
    ["count", codec.count, ["0", " 7 ", 3], ["", " ", "1.5", "-1", "65536", "0x1", "1e1", null, {}, NaN]],
    ["positive", codec.positive, ["0.5", "1e3", 2], ["0", "-1", "Infinity", "0x1", "1e-300", "", "one"]],
    ["counts", codec.counts, ["", "1, 2 3", [0]], ["1 x", "1,-2", 7, {}]],
    ["flag", codec.flag, ["", "true", "false", true], ["yes", 1, "0"]],
    ["cell", codec.cell, ["1 2", [3, 4], { row: 0, col: 1 }], ["1", "1 2 3", { row: -1, col: 0 }, "a b"]],
    ["headNames", codec.headNames, ["L2H1 l0h3", [[1, 2]], ""], ["2.1", [[1]], [[1, "x"]], "L1"]],
    ["oneOf", codec.oneOf(["a", "b"]), ["a"], ["A", "c", ["a"], undefined]],
    ["someOf", codec.someOf(["a", "b"]), ["none", "all", "b a", []], ["", "a c", 3]],
  ] as [string, codec.Codec<unknown>, unknown[], unknown[]][])("%s", (_, { read, write }, good, bad) => {
    for (const given of bad) expect([given, read(given)]).toEqual([given, undefined]);
    for (const given of good) {
      const value = read(given);
      expect([given, value]).toEqual([given, { value: expect.anything() }]);
      // What is written reads as the same again.
      expect(read(write(value?.value))).toEqual(value);
    }
  });
});

test("a model that was set is held, and can be gone back to, until another is set", async () => {
  /** After one collection, or as many as it takes: one or two find now and then that something holds it still. */
  const forgotten = async (name: string, most: number): Promise<boolean> => {
    for (let i = 0; i < most && givenBy(name); i++) await collectGarbage();
    return givenBy(name) === undefined;
  };
  const settings = heldSettings(() => undefined);
  expect(settings.own).toBe("heed-bert");
  settings.set("model", { weights: new ArrayBuffer(4) });
  const { own } = settings;
  // By a visitor.
  settings.apply({ model: "heed-gpt" });
  expect([settings.state.model, settings.own, await forgotten(own, 1)]).toEqual(["heed-gpt", own, false]);
  settings.set("src", "./folder/");
  expect(settings.own).toBe("./folder/");
  settings.set("model", "heed-bert");
  expect([settings.own, await forgotten(own, 100)]).toEqual(["heed-bert", true]);
});

test("failures are HeedErrors", () => {
  const failure = failureOf("network", "no");
  expect(failure).toBeInstanceOf(HeedError);
  expect([String(failure), codeOf(failure)]).toEqual(["HeedError: no", "network"]);
});

test("what made no sense is told as it was", () => {
  const settings = heldSettings(() => undefined);
  expect(settings.set("text", 5)).toBe("text is 5; expected a text");
  expect(settings.set("layer", "5 x")).toBe('layer is "5 x"; expected an integer of at least 0');
});

describe("a runner in this thread", () => {
  const start = () => {
    const calls: string[] = [];
    const runner = createLocalRunner(
      async () =>
        (async (source: string) => {
          calls.push(`load ${source}`);
          if (source === "broken") throw new Error("broken");
          return {
            numLayers: 1,
            numHeads: 1,
            maxLength: 4,
            isCausal: false,
            dispose: () => calls.push(`dispose ${source}`),
          };
        }) as never,
    );
    return { calls, runner };
  };
  const settled = () => new Promise((resolve) => setTimeout(resolve));

  test("loads a model once, and disposes of it after the last release", async () => {
    const { calls, runner } = start();
    await Promise.all([runner.load("a"), runner.load("a"), runner.load("b")]);
    runner.release("a");
    await settled();
    expect(calls).toEqual(["load a", "load b"]);
    runner.release("a");
    runner.release("nobody's");
    await settled();
    expect(calls).toEqual(["load a", "load b", "dispose a"]);
    await runner.load("a");
    expect(calls.at(-1)).toBe("load a");
  });

  test("a model released while it loads goes when it has come", async () => {
    const { calls, runner } = start();
    const loading = runner.load("a");
    runner.release("a");
    await loading;
    await settled();
    expect(calls).toEqual(["load a", "dispose a"]);
  });

  test("who cancels gets his answer; loading ends when nobody waits any more", async () => {
    const signals: (AbortSignal | undefined)[] = [];
    const runner = createLocalRunner(
      async () =>
        (async (_: string, { signal }: { signal?: AbortSignal }) => {
          signals.push(signal);
          return new Promise((_, reject) =>
            signal?.addEventListener("abort", () => reject(failureOf("aborted", "loading ended"))),
          );
        }) as never,
    );
    const [first, second] = [new AbortController(), new AbortController()];
    const waiting = [runner.load("a", undefined, first.signal), runner.load("a", undefined, second.signal)];
    await settled();
    first.abort();
    await expect(waiting[0]).rejects.toMatchObject({ code: "aborted" });
    expect(signals.map((signal) => signal?.aborted)).toEqual([false]);
    second.abort();
    await expect(waiting[1]).rejects.toMatchObject({ code: "aborted" });
    expect(signals.map((signal) => signal?.aborted)).toEqual([true]);
  });

  test("a loaded model that is given is used as it is, and stays its owner's", async () => {
    const { calls, runner } = start();
    const model = { ...{ numLayers: 2, run() {}, tokenize() {} }, dispose: () => calls.push("dispose") };
    const { name } = give(model as never, "mine");
    expect(give(model as never, "mine").name).toBe(name);
    expect(await runner.load(name)).toMatchObject({ numLayers: 2 });
    runner.release(name);
    await settled();
    expect(calls).toEqual([]);
  });

  test("what failed is tried anew, and counts for nobody", async () => {
    const { calls, runner } = start();
    await expect(Promise.all([runner.load("broken"), runner.load("broken")])).rejects.toThrow("broken");
    await expect(runner.load("broken")).rejects.toThrow("broken");
    expect(calls).toEqual(["load broken", "load broken"]);
    await expect(runner.run({ model: "broken" } as never)).rejects.toMatchObject({
      code: "invalid-argument",
    });
  });
});

test("a window's cells are the mean or the largest of the weights under them", async () => {
  const weights = Float32Array.from({ length: 16 }, (_, i) => i / 16);
  const run = { tokens: Array(4), numHeads: 1, stages: { weights } } as unknown as RunData;
  const whole = { rows: [0, 4], cols: [0, 4], out: [2, 2] } as const;
  expect([...(await windowOf(run, 0, 0, { ...whole, reduce: "mean" }))].map((value) => 16 * value)).toEqual([
    2.5, 4.5, 10.5, 12.5,
  ]);
  expect([...(await windowOf(run, 0, 0, { ...whole, reduce: "max" }))].map((value) => 16 * value)).toEqual([
    5, 7, 13, 15,
  ]);
  const part = { rows: [1, 3], cols: [2, 3], out: [2, 1], reduce: "max" } as const;
  expect([...(await windowOf(run, 0, 0, part))].map((value) => 16 * value)).toEqual([6, 10]);
  const long = { ...run, stages: { weights: new Float32Array() } } as unknown as RunData;
  await expect(windowOf(long, 0, 0, part)).rejects.toMatchObject({ code: "invalid-argument" });
});
