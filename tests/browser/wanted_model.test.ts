// A model of one's own from the first question to the picture, without a browser: what is asked of the runner, and what is
// said meanwhile.

import { beforeEach, describe, expect, test } from "@jest/globals";
import type { ModelEstimate } from "heed/models";
import { givenOf } from "../../web/own_model/given.ts";
import { pace } from "../../web/own_model/pace.ts";
import { shown } from "../../web/own_model/shown.ts";
import {
  NEW_STATE,
  wantedModel,
  type OwnState,
  type WantedModel,
  type Wanted,
} from "../../web/own_model/wanted_model.ts";
import type { Kept } from "../../web/runner/desk.ts";
import { giveAddress } from "../../web/runner/given.ts";
import { failureOf, type ModelFacts, type Progress } from "../../web/runner/runner.ts";
import { own as english } from "../../web/strings/en/own.ts";

const facts = { architecture: "gpt2", numLayers: 2, numHeads: 2, hasDecoder: false } as ModelFacts;
const estimate = { fits: true, weightBytes: 1, files: [] } as unknown as ModelEstimate;
const kept: Kept = { name: "org/kept", bytes: 1, complete: true };
const wanted = (address: string): Wanted => ({
  given: giveAddress(address, { keep: true }),
  name: address,
  isFromDisk: false,
});

/** What was asked of the runner and waits for its answer. */
interface Asked {
  readonly what: string;
  readonly signal: AbortSignal | undefined;
  progress(progress: Progress): void;
  answer(value: unknown): Promise<void>;
  refuse(code: string): Promise<void>;
}

let asked: Asked[];
let log: string[];
let states: OwnState[];
let progressed: Progress[];
let model: WantedModel;

/** Until whoever waited for it has gone on. */
const settled = (): Promise<void> => new Promise((done) => setImmediate(done));

function asking<T>(what: string, signal?: AbortSignal, progress: Asked["progress"] = () => {}): Promise<T> {
  return new Promise((resolve, reject) => {
    asked.push({
      ...{ what, signal, progress },
      answer: (value) => (resolve(value as T), settled()),
      refuse: (code) => (reject(failureOf(code, `${code}!`)), settled()),
    });
  });
}

const last = (): OwnState => states.at(-1) ?? NEW_STATE;
const saidNow = (): string => last().notice.lines(english).join(" ");
/** The one question that waits last. */
const next = (what: string): Asked => {
  const found = asked.pop();
  expect(found?.what).toBe(what);
  return found as Asked;
};

beforeEach(() => {
  [asked, log, states, progressed] = [[], [], [], []];
  const runner = {
    load: (name: string, onProgress?: Asked["progress"], signal?: AbortSignal) =>
      asking<ModelFacts>(`load ${name}`, signal, onProgress),
    release: (name: string) => void log.push(`release ${name}`),
    estimate: ({ name }: { name: string }, signal?: AbortSignal) =>
      asking<ModelEstimate>(`estimate ${name}`, signal),
    kept: () => Promise.resolve([kept]),
    remove: ({ name }: Pick<Kept, "name">) => asking<readonly Kept[]>(`remove ${name}`),
  };
  model = wantedModel(
    { runner, show: (name) => void log.push(`show ${name}`) },
    { changed: (state) => void states.push(state), progressed: (progress) => void progressed.push(progress) },
  );
});

test("looked up, loaded, shown; the one shown before is released", async () => {
  const first = wanted("org/a");
  void model.lookUp(first);
  expect([last().stage.at, saidNow()]).toEqual(["lookUp", english.looking("org/a")]);
  await next("estimate org/a").answer(estimate);
  expect(last()).toMatchObject({ stage: { at: "found", estimate }, notice: { isFailure: false } });
  expect(saidNow()).toBe("");

  void model.load(first, estimate);
  expect([last().stage.at, saidNow()]).toEqual(["loading", english.opening("org/a")]);
  const load = next("load org/a");
  load.progress({ file: "f", loaded: 1, total: 2 });
  expect(progressed).toEqual([{ file: "f", loaded: 1, total: 2 }]);
  await load.answer(facts);
  expect(last()).toMatchObject({ stage: { at: "shown", wanted: first, estimate, facts }, kept: [kept] });
  expect(saidNow()).toBe(english.shown("org/a"));

  void model.load(wanted("org/b"));
  await next("load org/b").answer({ ...facts, hasDecoder: true });
  expect(saidNow()).toContain(english.hasDecoder);
  expect(log).toEqual(["show org/a", "release org/a", "show org/b"]);
});

describe("while one is loading", () => {
  let load: Asked;
  beforeEach(() => {
    void model.load(wanted("org/a"), estimate);
    load = next("load org/a");
  });

  test("a deletion that is refused leaves it alone, and says its own reason", async () => {
    const { stage } = last();
    const gone = model.remove(kept);
    await next("remove org/kept").refuse("invalid-argument");
    expect(await gone).toBe(false);
    expect(last().stage).toBe(stage);
    expect([last().notice.isFailure, saidNow()]).toEqual([
      true,
      `${english.notRemoved("\u2068org/kept\u2069")} ${english.inUse}`,
    ]);
    expect(load.signal?.aborted).toBe(false);
    await load.answer(facts);
    expect([last().stage.at, log]).toEqual(["shown", ["show org/a"]]);
  });

  test("a deletion leaves it alone too; another failure is told in detail", async () => {
    const { stage } = last();
    const gone = model.remove(kept);
    await next("remove org/kept").answer([]);
    expect([await gone, last().stage === stage, last().kept]).toEqual([true, true, []]);
    void model.remove(kept);
    await next("remove org/kept").refuse("crashed");
    expect(saidNow()).toBe(
      `${english.notRemoved("\u2068org/kept\u2069")} ${english.detail} \u2068crashed!\u2069`,
    );
    expect(last().stage).toBe(stage);
  });

  test("cancelled, it is given up and said to be", async () => {
    model.cancel();
    expect(load.signal?.aborted).toBe(true);
    await load.refuse("aborted");
    expect([last().stage.at, saidNow()]).toEqual(["nothing", english.cancelledKept]);
  });

  test("another that is asked for takes its place: it is told of no more, and released if it came", async () => {
    void model.lookUp(wanted("org/b"));
    expect(load.signal?.aborted).toBe(true);
    load.progress({ file: "f", loaded: 1, total: 2 });
    await load.answer(facts);
    expect([last().stage.at, log, progressed]).toEqual(["lookUp", ["release org/a"], []]);
    await next("estimate org/b").refuse("network");
    expect([last().stage.at, last().notice.isFailure]).toEqual(["nothing", true]);
    expect(saidNow()).toContain(english.errors["network"]);
  });

  test("files that hold nothing leave it alone", async () => {
    const { stage } = last();
    await model.take({ files: [], title: "" });
    expect([last().stage === stage, saidNow()]).toEqual([true, english.noFiles]);
  });
});

test("from the disk it is loaded at once, if it fits", async () => {
  for (const fits of [true, false]) {
    void model.take({ files: [new File(["x"], "x")], title: "mine" });
    const { what, answer } = asked.pop() as Asked;
    expect(what).toMatch(/^estimate given:\d+\/mine$/);
    await answer({ ...estimate, fits });
    expect(last().stage.at).toBe(fits ? "loading" : "found");
    expect(asked.length).toBe(fits ? 1 : 0);
    asked.length = 0;
  }
});

test("what is no address is told so, without the engine's words", async () => {
  void model.lookUp(wanted("javascript:x"));
  await next("estimate javascript:x").refuse("invalid-argument");
  expect(saidNow()).toBe(`${english.failed("javascript:x")} ${english.badAddress}`);
});

test("a link's model waits for the visitor, unless it is kept here", async () => {
  await model.linked("org/else");
  expect([asked.length, last().stage.at]).toEqual([0, "nothing"]);
  expect(saidNow()).toBe(english.linked("\u2068org/else\u2069"));
  void model.linked("org/kept");
  await settled();
  next("load org/kept");
});

describe("the parts", () => {
  test("the time that is left goes by the last seconds", () => {
    const { left } = pace();
    expect(left(0, 1000, 0)).toBeUndefined();
    expect(left(500, 1000, 500)).toBeUndefined();
    expect(left(500, 1000, 1000)).toBeCloseTo(1);
    for (let at = 2000; at <= 8000; at += 1000) left(500 + at / 100, 1000, at);
    expect(left(590, 1000, 9000)).toBeCloseTo(41);
  });

  test("a name is shown whole in its own direction, without what is invisible, and not for ever", () => {
    expect(shown("a\u202eb")).toBe("\u2068aU+202Eb\u2069");
    expect(shown("x".repeat(500))).toHaveLength(82);
  });

  test("what is typed becomes a source; what an address can't say stays out of links", () => {
    const plain = { revision: "", hub: "", keep: false };
    expect(givenOf({ ...plain, address: "org/model", revision: "v1" })).toMatchObject({
      name: "org/model@v1",
      source: "org/model@v1",
      options: {},
    });
    expect(givenOf({ ...plain, address: "org/model", hub: "https://example.org", keep: true })).toMatchObject(
      {
        name: expect.stringMatching(/^given:/),
        options: { hub: "https://example.org", keep: true },
      },
    );
  });
});
