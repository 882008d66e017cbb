// The parts of the page that are plain functions.

import { describe, expect, test } from "@jest/globals";
import type { Token } from "heed/models";
import { differing } from "../../web/panels/differing.ts";
import { fit, fitted, type Span } from "../../web/runner/fit.ts";
import { latestOnly } from "../../web/runner/latest.ts";
import type { Reply, Request } from "../../web/runner/protocol.ts";
import { give } from "../../web/runner/given.ts";
import { createRemoteRunner, type Port } from "../../web/runner/remote.ts";
import type { RunData } from "../../web/runner/run_data.ts";
import { codeOf } from "../../web/runner/runner.ts";
import { AS_TRAINED } from "../../web/state.ts";
import { english } from "../../web/strings/index.ts";
import { blueYellow, colorAt, colorMaps, inkOn, luminance, type Rgb } from "../../web/views/color.ts";
import { move } from "../../web/views/grid_keys.ts";
import { pooled } from "../../web/views/heat_map.ts";
import { exact, short, tiny } from "../../web/views/number.ts";
import { niceAbove, place, scaleOf } from "../../web/views/scale.ts";
import { signsOf } from "../../web/views/signs.ts";
import { tokenLabels, visible, vocabularyLabel } from "../../web/views/token_label.ts";

describe("colours", () => {
  const all = (map: Uint8Array): Rgb[] => Array.from({ length: 256 }, (_, i) => colorAt(map, i / 255));

  test("cividis passes through its published colours, ever lighter", () => {
    const colors = all(colorMaps.cividis);
    expect([0, 23, 64, 128, 192, 255].map((level) => colors[level])).toEqual([
      [0, 34, 78],
      [1, 50, 113],
      [67, 78, 108],
      [125, 124, 120],
      [188, 174, 108],
      [254, 232, 56],
    ]);
    const lights = colors.map(luminance);
    // Rounded to 8 bits, neighbours may tie.
    expect(lights.every((light, i) => i === 0 || light >= (lights[i - 1] ?? 0) - 1e-3)).toBe(true);
  });

  test.each(["viridis", "magma", "greys"] as const)("%s is ever lighter, from dark to bright", (name) => {
    const lights = all(colorMaps[name]).map(luminance);
    // Rounded to 8 bits, neighbours may tie.
    expect(lights.every((light, i) => i === 0 || light >= (lights[i - 1] ?? 0) - 1e-3)).toBe(true);
    expect(lights[0]).toBeLessThan(0.02);
    expect(lights[255]).toBeGreaterThan(0.7);
  });

  test("viridis and magma pass through their published colours", () => {
    const at = (name: "viridis" | "magma", level: number): Rgb => colorAt(colorMaps[name], level / 255);
    expect([0, 130, 255].map((level) => at("viridis", level))).toEqual([
      [68, 1, 84],
      [32, 146, 140],
      [253, 231, 37],
    ]);
    expect([0, 130, 255].map((level) => at("magma", level))).toEqual([
      [0, 0, 4],
      [186, 56, 120],
      [252, 253, 191],
    ]);
  });

  test("a stage with signs keeps its map, weights take the chosen one", () => {
    expect(scaleOf("scores", [1], "magma").map).toBe(blueYellow);
    expect(scaleOf("weights", [], "magma").map).toBe(colorMaps.magma);
  });

  test("the map with a sign is darkest at zero and lighter on both sides", () => {
    const lights = all(blueYellow).map(luminance);
    const darkest = lights.indexOf(Math.min(...lights));
    expect(Math.abs(darkest - 127.5)).toBeLessThanOrEqual(1);
    expect(lights.every((light, i) => i <= 128 || light >= (lights[i - 1] ?? 0) - 1e-3)).toBe(true);
    expect(lights.every((light, i) => i > 127 || light >= (lights[i + 1] ?? 0) - 1e-3)).toBe(true);
  });

  test("ink on any colour has a contrast of at least 4.5", () => {
    for (const color of [...Object.values(colorMaps).flatMap(all), ...all(blueYellow)]) {
      const light = luminance(color);
      const contrast = inkOn(color) === "#fff" ? 1.05 / (light + 0.05) : (light + 0.05) / 0.05;
      expect(contrast).toBeGreaterThanOrEqual(4.5);
    }
  });
});

describe("scales", () => {
  test("weights go from 0 to 1, whatever they are", () => {
    expect(scaleOf("weights", [0.1, 0.2])).toMatchObject({ min: 0, max: 1 });
  });

  test("the others go as far below zero as above, \u2212\u221e not counted", () => {
    const scale = scaleOf("maskedScores", [-Infinity, 3.2, -5.1]);
    expect(scale).toMatchObject({ min: -6, max: 6, ticks: [-6, -3, 0, 3, 6] });
    expect([place(scale, -6), place(scale, 0), place(scale, 6)]).toEqual([0, 0.5, 1]);
    expect(scaleOf("products", [])).toMatchObject({ min: -1, max: 1 });
  });

  test.each([
    [0, 1],
    [1, 1],
    [1.01, 2],
    [0.03, 0.04],
    [79, 80],
    [81, 100],
  ])("%d is rounded up to %d", (value, wanted) => {
    expect(niceAbove(value)).toBeCloseTo(wanted, 12);
  });
});

describe("numbers", () => {
  test("exact names one float32", () => {
    for (const value of [0.1, 1 / 3, 64.491, 1e-30, -0.47764, 3.4e38, 0, 1]) {
      const single = Math.fround(value);
      expect(Math.fround(Number(exact(single).replace("\u2212", "-")))).toBe(single);
    }
    expect(exact(Math.fround(0.1))).toBe("0.1");
    expect(exact(-Infinity)).toBe("\u2212\u221e");
  });

  test("short ones", () => {
    expect(short(0.99995, "weights")).toBe("1.000");
    expect(short(-0.001, "scores")).toBe("0.00");
    expect(short(-4.256, "scores")).toBe("\u22124.26");
    expect([0.004, 0.0051, 0.989, 0.996].map((value) => tiny(value, "weights"))).toEqual([
      "",
      ".01",
      ".99",
      "1.0",
    ]);
    expect([9.97, -12.3, -Infinity].map((value) => tiny(value, "scores"))).toEqual(["10", "\u221212", ""]);
  });
});

describe("tokens", () => {
  const token = (text: string, start: number, end: number, special = false): Token => ({
    id: 0,
    text,
    start,
    end,
    special,
    sequence: 0,
  });

  test("byte-level ones show their space, their bytes, and where they go on with a word", () => {
    const text = "un\u00e9 \u{1f642}";
    const labels = tokenLabels({
      tokens: [
        token("un", 0, 2),
        token("\u00c3\u00a9", 2, 3),
        token("\u0120\u00f0\u0141\u013b", 3, 6),
        token("\u0124", 4, 6),
      ],
      text,
      pair: "",
      spelling: "bytes",
    });
    expect(labels.map(({ mark, text: shown, piece }) => [mark, shown, piece])).toEqual([
      ["", "un", false],
      ["", "\u00e9", true],
      ["\u2423", "\u2039F0\u203a\u20399F\u203a\u203999\u203a", false],
      ["", "\u203982\u203a", false],
    ]);
  });

  test("WordPieces keep their mark; unknown words say what they were", () => {
    const labels = tokenLabels({
      tokens: [
        token("[CLS]", 0, 0, true),
        token("##iled", 4, 8),
        token("[UNK]", 9, 11),
        { ...token("[UNK]", 0, 2), sequence: 1 },
      ],
      text: "unveiled \u{1f642}",
      pair: "\u{1f680}",
      spelling: "wordpiece",
    });
    expect(labels.map(({ mark, text }) => mark + text)).toEqual(["[CLS]", "##iled", "[UNK]", "[UNK]"]);
    expect(labels.map(({ plain }) => plain).slice(2)).toEqual(["[UNK] (\u{1f642})", "[UNK] (\u{1f680})"]);
    expect(vocabularyLabel("\u0120the", "bytes")).toMatchObject({ mark: "\u2423", text: "the" });
    expect(vocabularyLabel("<|endoftext|>", "bytes")).toMatchObject({ special: true });
  });

  test("what can't be seen is named", () => {
    expect(visible("a\u202eb\u0000\n\t\ud800")).toBe("aU+202EbU+0000\u21b5\u21e5U+D800");
    expect(visible("a\u200db \u{1f468}\u200d\u{1f469}")).toBe("aU+200Db \u{1f468}\u200d\u{1f469}");
  });

  test("the signs that are there are explained, and what became [UNK] is named", () => {
    const told = (run: Pick<RunData, "tokens" | "text" | "pair" | "spelling">): string =>
      signsOf({ run: run as RunData, labels: tokenLabels(run), strings: english })
        .join("\n")
        .replace(/[\u2068\u2069]/g, "");
    const long = "a".repeat(10000);
    const tokens = [
      token("[CLS]", 0, 0, true),
      token("[UNK]", 0, 2),
      token("##iled", 3, 7),
      token("[UNK]", 8, 8 + long.length),
      token("[SEP]", 0, 0, true),
    ];
    const text = `\u{1f642} iled ${long}`;
    expect(told({ tokens, text, pair: "", spelling: "wordpiece" }).split("\n")).toEqual([
      "A token is a word or a piece of one",
      "[CLS] stands before the text",
      "[SEP] after it",
      "## goes on with the word before it",
      "[UNK]: \u2018\u{1f642}\u2019 and \u2018aaaaaaaaaaaa\u2026\u2019 are not in this model\u2019s vocabulary",
    ]);
    const bytes = [token("\u00d8", 0, 1), token("\u0120he", 1, 4)];
    expect(
      told({ tokens: bytes, text: "\u0627 he", pair: "", spelling: "bytes" }).split("\n").slice(1),
    ).toEqual(["\u2423 is a space", "\u2039D8\u203a is one byte of a character"]);
    expect(told({ tokens: [token("he", 0, 2)], text: "he", pair: "", spelling: "bytes" })).not.toMatch(/\n/);
  });
});

describe("the keys of a grid", () => {
  const key = (name: string, ctrlKey = false) => ({ key: name, ctrlKey, metaKey: false, altKey: false });

  test("stop at the edges", () => {
    expect(move({ row: 0, col: 0 }, key("ArrowUp"), 5)).toEqual({ row: 0, col: 0 });
    expect(move({ row: 4, col: 4 }, key("PageDown"), 5)).toEqual({ row: 4, col: 4 });
    expect(move({ row: 2, col: 3 }, key("Home", true), 5)).toEqual({ row: 0, col: 0 });
  });

  test("leave the browser its own", () => {
    expect(move({ row: 0, col: 0 }, key("ArrowDown", true), 5)).toBeUndefined();
    expect(move({ row: 0, col: 0 }, { ...key("ArrowLeft"), altKey: true }, 5)).toBeUndefined();
    expect(move({ row: 0, col: 0 }, key("a"), 5)).toBeUndefined();
  });
});

test("a small picture of a large matrix keeps its largest values", () => {
  const values = new Float32Array([
    0,
    1,
    0,
    -9,
    0,
    0,
    2,
    0,
    -Infinity,
    -Infinity,
    0,
    0,
    -Infinity,
    -Infinity,
    0,
    5,
  ]);
  expect([...pooled(values, [4, 4], [2, 2])]).toEqual([1, -9, -Infinity, 5]);
});

describe("fitting a text", () => {
  /** A token a word of at most four letters, as WordPiece would, between [CLS] and [SEP]. */
  const tokenize = (text: string): Span[] => [
    { end: 0, special: true },
    ...Array.from(text.matchAll(/\S{1,4}/g), (match) => ({
      end: match.index + match[0].length,
      special: false,
    })),
    { end: 0, special: true },
  ];

  test("what fits is left alone", () => {
    expect(fit("one two", 4, tokenize)).toEqual({ kept: "one two", leftOut: "" });
  });

  test("cuts at a word, even where a token boundary would fit", () => {
    expect(fit("one longerword two", 4, tokenize)).toEqual({ kept: "one", leftOut: " longerword two" });
  });

  test("cuts within a word that is too long by itself, not within a character", () => {
    expect(fit("abcdefghijkl", 4, tokenize)).toEqual({ kept: "abcdefgh", leftOut: "ijkl" });
    const { kept, leftOut } = fit("\u{1f642}".repeat(30), 5, (text) =>
      Array.from(text, (_, i) => ({ end: 2 * i + 1, special: false })),
    );
    expect(kept + leftOut).toBe("\u{1f642}".repeat(30));
    expect(kept).not.toMatch(/[\ud800-\udbff]$/);
    for (const sign of ["e\u0301\u0302", "\u{1f469}\u200d\u{1f467}", "\u{1f44d}\u{1f3fd}"]) {
      const cut = fit(sign.repeat(9), 11, (text) =>
        Array.from(text, (_, i) => ({ end: Math.min(i + 1, text.length), special: false })),
      );
      expect(cut.kept).toBe(sign.repeat(Math.floor(cut.kept.length / sign.length)));
      expect(cut.kept + cut.leftOut).toBe(sign.repeat(9));
      expect(cut.kept).not.toBe("");
    }
  });

  test("keeps all it can, whatever the length", () => {
    for (let words = 1; words < 40; words++) {
      const text = Array.from({ length: words }, (_, i) => "ab".repeat((i % 4) + 1)).join(" ");
      const { kept, leftOut } = fit(text, 16, tokenize);
      expect(kept + leftOut).toBe(text);
      expect(tokenize(kept).length).toBeLessThanOrEqual(16);
    }
  });

  test("a pair gets at most half of the room, the text the rest", () => {
    const model = {
      maxLength: 12,
      // The second text comes with a token of its own at its end.
      tokenize: (text: string, pair = ""): Span[] => [
        ...tokenize(text),
        ...(pair === "" ? [] : [...tokenize(pair).slice(1)]),
      ],
    };
    expect(fitted("a b c", "d e", model)).toEqual({ text: "a b c", pair: "d e", leftOut: "" });
    const long = fitted("a b c d e f g h i", "1 2 3 4 5 6", model);
    expect(long).toEqual({ text: "a b c d e", pair: "1 2 3 4", leftOut: " f g h i  5 6" });
  });

  test("a very long text is not tokenized whole", () => {
    let longest = 0;
    fit("word ".repeat(1e6), 128, (text) => ((longest = Math.max(longest, text.length)), tokenize(text)));
    expect(longest).toBeLessThanOrEqual(20000);
  });
});

describe("only the latest counts", () => {
  function start() {
    const begun: string[] = [];
    const ends: { resolve(value: string): void; reject(error: Error): void }[] = [];
    const latest = latestOnly((asked: string) => {
      begun.push(asked);
      return new Promise<string>((resolve, reject) => ends.push({ resolve, reject }));
    });
    return { begun, ends, latest };
  }
  const settled = () => new Promise((resolve) => setTimeout(resolve));

  test("one at a time, and of those that wait only the last", async () => {
    const { begun, ends, latest } = start();
    const asked = ["a", "ab", "abc"].map((text) => latest.ask(text));
    expect(begun).toEqual(["a"]);
    ends[0]?.resolve("A");
    await settled();
    expect(begun).toEqual(["a", "abc"]);
    ends[1]?.resolve("ABC");
    expect(await Promise.all(asked)).toEqual([undefined, undefined, "ABC"]);
  });

  test("what is no longer wanted is dropped, failures too", async () => {
    const { begun, ends, latest } = start();
    const first = latest.ask("a");
    latest.cancel();
    ends[0]?.reject(new Error("no"));
    expect(await first).toBeUndefined();
    const second = latest.ask("b");
    ends[1]?.reject(new Error("wrong"));
    await expect(second).rejects.toThrow("wrong");
    const third = latest.ask("c");
    ends[2]?.resolve("C");
    expect(await third).toBe("C");
    expect(begun).toEqual(["a", "b", "c"]);
  });
});

describe("only what differs is asked for", () => {
  test("unless it failed or was cancelled; what is on its way is not asked for twice", async () => {
    let isBroken = true;
    const work = (asked: { readonly text: string }): Promise<string> =>
      isBroken ? Promise.reject(new Error("no")) : Promise.resolve(asked.text.toUpperCase());
    const some = differing(work, ({ text }) => text);
    const [a, b] = [{ text: "a" }, { text: "b" }];
    expect(some.isAsked(a)).toBe(false);
    const failing = some.ask(a);
    expect([some.isAsked({ ...a }), some.isAsked(b)]).toEqual([true, false]);
    await expect(failing).rejects.toThrow("no");
    expect(some.isAsked(a)).toBe(false);

    isBroken = false;
    expect([await some.ask(a), some.isAsked(a)]).toEqual(["A", true]);
    const left = some.ask(b);
    some.cancel();
    expect([some.isAsked(b), await left]).toEqual([false, undefined]);
    expect([await some.ask(b), some.isAsked(b), some.isAsked(a)]).toEqual(["B", true, false]);
  });
});

describe("the worker's end in the page", () => {
  function start() {
    const sent: Request[] = [];
    const worker = new EventTarget();
    const port: Port = {
      postMessage: (request) => sent.push(request),
      addEventListener: (type, listener) =>
        worker.addEventListener(type, listener as unknown as EventListener),
    };
    const tell = (type: string, event: object) => worker.dispatchEvent(Object.assign(new Event(type), event));
    return {
      ...{ sent, tell, runner: createRemoteRunner(port) },
      answer: (reply: Reply) => tell("message", { data: reply }),
    };
  }
  const facts = {
    architecture: "bert",
    numLayers: 1,
    numHeads: 2,
    maxLength: 3,
    isCausal: false,
    hasDecoder: false,
  };

  test("answers go to who asked, in whatever order", async () => {
    const { sent, runner, answer } = start();
    const seen: number[] = [];
    const loading = runner.load("heed-bert", ({ loaded }) => seen.push(loaded));
    const running = runner.run({ model: "heed-bert", text: "a", pair: "", whatIf: AS_TRAINED });
    expect(sent.map((request) => request.type)).toEqual(["load", "run"]);
    answer({ type: "result", id: 2, run: { text: "a", stages: { weights: Float32Array.of(1) } } as RunData });
    answer({ type: "progress", id: 1, progress: { file: "config.json", loaded: 7, total: 9 } });
    answer({ type: "loaded", id: 1, facts });
    expect([await loading, (await running).text, seen]).toEqual([facts, "a", [7]]);
  });

  test("parts of a run without whole matrices are asked of the worker, by that run", async () => {
    const { sent, runner, answer } = start();
    const running = runner.run({ model: "heed-bert", text: "a", pair: "", whatIf: AS_TRAINED });
    answer({ type: "result", id: 1, run: { stages: { weights: new Float32Array() } } as RunData });
    const request = { layer: 1, head: 2, rows: [0, 9], cols: [0, 9], out: [1, 1], reduce: "max" } as const;
    const part = runner.window(await running, request);
    expect(sent.at(-1)).toEqual({ type: "window", id: 2, run: 1, request });
    answer({ type: "window", id: 2, values: Float32Array.of(0.5) });
    expect([...(await part)]).toEqual([0.5]);
  });

  test("files are sent along; a loaded model can't be, and whoever gives it hears what can", async () => {
    const { sent, runner, answer } = start();
    const files = give([new File(["GGUF"], "a.gguf")], "a.gguf");
    const loading = runner.load(files.name);
    expect(sent).toEqual([{ type: "load", id: 1, model: files.name, given: files }]);
    answer({ type: "loaded", id: 1, facts });
    await loading;
    const loaded = give({ run() {}, tokenize() {} } as never, "mine");
    await expect(runner.load(loaded.name)).rejects.toMatchObject({
      code: "invalid-argument",
      message: expect.stringContaining("give the name, the address or the files that it was loaded from"),
    });
    expect(sent).toHaveLength(1);
  });

  test("failures keep their code", async () => {
    const { runner, answer } = start();
    const loading = runner.load("nothing");
    answer({ type: "failed", id: 1, code: "network", message: "not there" });
    const error = await loading.catch((caught: unknown) => caught);
    expect([codeOf(error), String(error)]).toEqual(["network", "HeedError: not there"]);
  });

  test.each([
    ["error", {}, "network", "could not be fetched"],
    ["error", { message: "out of memory" }, "crashed", "out of memory"],
    ["messageerror", {}, "crashed", "could not be read"],
  ])(
    "%s %j of the worker is told to all who wait, and the next call works",
    async (type, event, code, said) => {
      const { runner, tell, answer } = start();
      const waiting = [runner.load("heed-bert"), runner.kept()];
      tell(type, event);
      for (const one of waiting)
        await expect(one).rejects.toMatchObject({ code, message: expect.stringContaining(said) });
      const next = runner.load("heed-bert");
      answer({ type: "loaded", id: 3, facts });
      expect(await next).toEqual(facts);
    },
  );
});
