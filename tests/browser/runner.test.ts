// What stands between a page and its models, without a browser: a text cut to fit, only the latest asked for, answers brought
// to who asked.

import { describe, expect, test } from "@jest/globals";
import { differing } from "../../web/panels/differing.ts";
import { fit, fitted, type Span } from "../../web/runner/fit.ts";
import { give } from "../../web/runner/given.ts";
import { latestOnly } from "../../web/runner/latest.ts";
import type { Reply, Request } from "../../web/runner/protocol.ts";
import { createRemoteRunner, type Port } from "../../web/runner/remote.ts";
import type { RunData } from "../../web/runner/run_data.ts";
import { codeOf } from "../../web/runner/runner.ts";
import { AS_TRAINED } from "../../web/state.ts";

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
