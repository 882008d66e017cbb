// What an element asks of its runner, and what it says meanwhile: when models are loaded, let go and asked for again.

import { expect, test } from "@jest/globals";
import { createAsking, type Answers, type Asking } from "../../web/element/asking.ts";
import { DEFAULT_SETTINGS, type Settings } from "../../web/element/settings.ts";
import type { RunData } from "../../web/runner/run_data.ts";
import { failureOf, type Progress, type Runner, type RunRequest } from "../../web/runner/runner.ts";

interface Deferred<Value> {
  readonly promise: Promise<Value>;
  resolve(value?: unknown): void;
  reject(error: Error): void;
}

function deferred<Value>(): Deferred<Value> {
  let resolve!: Deferred<Value>["resolve"];
  let reject!: Deferred<Value>["reject"];
  const promise = new Promise<Value>((yes, no) => ([resolve, reject] = [yes as typeof resolve, no]));
  return { promise, resolve, reject };
}

interface Load extends Deferred<never> {
  progress(percent: number): void;
}

/** A runner whose loads and runs end when the test says so, and an element that writes down all that it is told. */
function start() {
  const calls: string[] = [];
  const said: string[] = [];
  let note = "";
  const loads = new Map<string, Load>();
  const runs = new Map<string, Deferred<RunData>>();
  const runner: Runner = {
    load(model, onProgress, signal) {
      calls.push(`load ${model}`);
      const progress = (loaded: number) => onProgress?.({ file: "", loaded, total: 100 } satisfies Progress);
      const load = { ...deferred<never>(), progress };
      signal?.addEventListener("abort", () => {
        calls.push(`cancel ${model}`);
        load.reject(failureOf("aborted", "cancelled"));
      });
      loads.set(model, load);
      return load.promise;
    },
    release: (model) => calls.push(`release ${model}`),
    run({ text }: RunRequest) {
      calls.push(`run ${text}`);
      const run = deferred<RunData>();
      runs.set(text, run);
      return run.promise;
    },
    window: () => Promise.reject(failureOf("disposed", "gone")),
  };
  const answers: Answers = {
    loading: (model, percent) => (note = `${model} ${percent}`),
    here: () => (note = ""),
    ready: (model) => said.push(`ready ${model}`),
    run: ({ text }) => said.push(`run ${text}`),
    gone: () => said.push("gone"),
    nothing: () => said.push("nothing"),
    notLoaded: (model) => said.push(`not loaded ${model}`),
    refused: () => said.push("refused"),
  };
  const asking: Asking = createAsking(answers);
  const settled = () => new Promise((resolve) => setTimeout(resolve));
  const follow = async (settings: Partial<Settings> = {}): Promise<void> => {
    void asking.follow({ ...DEFAULT_SETTINGS, text: "a", model: "A", ...settings }, runner);
    await settled();
  };
  const loaded = async (model = "A"): Promise<void> => {
    loads.get(model)?.resolve({});
    await settled();
  };
  const ran = async (text = "a", { isLong = false } = {}): Promise<void> => {
    runs.get(text)?.resolve({ text, stages: { weights: new Float32Array(isLong ? 0 : 1) } });
    await settled();
  };
  const failed = async (what: Deferred<unknown> | undefined): Promise<void> => {
    what?.reject(failureOf("network", "no way"));
    await settled();
  };
  return {
    ...{ asking, calls, said, loads, runs, runner, follow, loaded, ran, failed, settled },
    note: () => note,
  };
}

test("taken out while its model loads and put back: it is loaded anew, without a word of failure", async () => {
  const { asking, calls, said, follow, loaded, ran, settled } = start();
  await follow();
  asking.release();
  await settled();
  await follow();
  await loaded();
  await ran();
  expect(calls).toEqual(["load A", "cancel A", "load A", "run a"]);
  expect(said).toEqual(["ready A", "run a"]);
});

test("taken out while its text runs and put back: it is run again, and the first run's end is nobody's", async () => {
  const { asking, calls, said, runs, follow, loaded, failed, ran, settled } = start();
  await follow();
  await loaded();
  const first = runs.get("a");
  asking.release();
  await settled();
  await follow();
  await failed(first);
  await loaded();
  await ran();
  expect(calls.filter((call) => call !== "cancel A")).toEqual([
    ...["load A", "run a", "release A"],
    ...["load A", "run a"],
  ]);
  expect(said).toEqual(["ready A", "run a"]);
});

test("taken out with its picture and put back: the picture does", async () => {
  const { asking, calls, said, follow, loaded, ran } = start();
  await follow();
  await loaded();
  await ran();
  asking.release();
  await follow({ layer: 2 });
  expect(calls.filter((call) => /load|run/.test(call))).toEqual(["load A", "run a"]);
  expect(said).toEqual(["ready A", "run a"]);
});

test("a long text's picture needs its model: put back it is read again", async () => {
  const { asking, calls, said, follow, loaded, ran } = start();
  await follow();
  await loaded();
  await ran("a", { isLong: true });
  // Another text is on its way when the first one's picture goes.
  await follow({ text: "b" });
  asking.release();
  asking.release();
  expect(said).toEqual(["ready A", "run a", "gone"]);
  await follow();
  await loaded();
  await ran("b");
  await ran("a", { isLong: true });
  expect(calls.filter((call) => call.startsWith("run"))).toEqual(["run a", "run b", "run a"]);
  expect(said).toEqual(["ready A", "run a", "gone", "run a"]);
});

test("what failed is not tried again by itself, but when it is set anew or put back", async () => {
  const { asking, calls, said, loads, runs, follow, loaded, failed, ran } = start();
  await follow();
  await failed(loads.get("A"));
  await follow({ layer: 2 });
  expect(calls).toEqual(["load A"]);
  expect(asking.again()).toBe(true);
  await follow();
  await loaded();
  await failed(runs.get("a"));
  await follow({ layer: 3 });
  expect(calls).toEqual(["load A", "load A", "run a"]);
  asking.release();
  await follow();
  await loaded();
  await ran();
  expect(said).toEqual(["not loaded A", "ready A", "refused", "run a"]);
  // What did not fail is not run again.
  expect(asking.again()).toBe(false);
  await follow();
  expect(calls.filter((call) => call.startsWith("run"))).toEqual(["run a", "run a"]);
});

test("nothing is said to be loading once the model that is asked for is here", async () => {
  const { asking, note, loads, follow, loaded, ran } = start();
  await follow();
  expect(note()).toBe("A undefined");
  await loaded();
  await ran();
  expect(note()).toBe("");
  await follow({ model: "B" });
  loads.get("B")?.progress(99);
  expect(note()).toBe("B 99");
  await follow();
  expect(note()).toBe("");
  loads.get("B")?.progress(100);
  expect(note()).toBe("");
  // Typing while it loads: the files are the same.
  await follow({ model: "B", text: "b" });
  loads.get("B")?.progress(100);
  expect(note()).toBe("B 100");
  await loaded("B");
  expect(note()).toBe("");
  asking.release();
  await follow({ model: "B", text: "c" });
  loads.get("B")?.progress(50);
  expect(note()).toBe("B 50");
  await loaded("B");
  expect(note()).toBe("");
});

test("a load that nobody waits for any more is cancelled; the picture's model and the one before stay", async () => {
  const { asking, calls, said, follow, loaded, ran, settled } = start();
  await follow();
  await loaded();
  await ran();
  for (const model of ["B", "C", "D"]) await follow({ model });
  expect(calls.filter((call) => /cancel|release/.test(call))).toEqual(["cancel B", "cancel C"]);
  await loaded("D");
  await ran();
  expect(said).toEqual(["ready A", "run a", "ready D", "run a"]);
  await follow();
  expect(calls.filter((call) => call === "load A")).toHaveLength(1);
  asking.release();
  await settled();
  expect(calls.filter((call) => call.startsWith("release")).sort()).toEqual(["release A", "release D"]);
});
