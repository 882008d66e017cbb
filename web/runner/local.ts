// A runner in the thread that it is made in: the page's worker has one, and so has a page without a worker.
import type { Model } from "heed/models";
import { fitted } from "./fit.ts";
import { gatherRun, type Gathered } from "./gather.ts";
import { givenBy, isModel, type Given } from "./given.ts";
import { isLong, type RunData } from "./run_data.ts";
import { failureOf, type ModelFacts, type Progress, type Runner } from "./runner.ts";
import { targetOf } from "./target.ts";
import { windowOf } from "./window.ts";

/** heed/models, fetched when the first model is asked for. */
export type Library = () => Promise<typeof import("heed/models").loadModel>;

interface Loaded {
  readonly model: Promise<Model>;
  /** Held here, so that its name goes on meaning it. */
  readonly given: Given | undefined;
  readonly canceller: AbortController;
  users: number;
  readonly listeners: Set<(progress: Progress) => void>;
}

export function createLocalRunner(library: Library): Runner {
  const models = new Map<string, Loaded>();
  /** Of runs that hold no whole matrices, for as long as someone shows them. */
  const windows = new WeakMap<RunData, Gathered["window"]>();

  function open(source: string): Loaded {
    const listeners: Loaded["listeners"] = new Set();
    const canceller = new AbortController();
    const given = givenBy(source);
    const load = async (): Promise<Model> => {
      const from = given?.source ?? source;
      if (isModel(from)) return from;
      const loadModel = await library();
      return loadModel(from, {
        ...given?.options,
        signal: canceller.signal,
        onProgress: (progress) => listeners.forEach((listener) => listener(progress)),
      });
    };
    return { model: load(), given, canceller, users: 0, listeners };
  }

  /** Until its model is there, or this caller wants it no longer; the last of them waits for loading to have ended. */
  async function wanted(source: string, entry: Loaded, signal: AbortSignal | undefined): Promise<Model> {
    if (!signal) return entry.model;
    const aborted = (): Error => failureOf("aborted", `loading ${shortName(source)} was cancelled`);
    const { promise, reject } = withReject();
    const leave = (): void => {
      if (--entry.users > 0) return reject(aborted());
      if (models.get(source) === entry) models.delete(source);
      entry.canceller.abort(signal.reason);
      // It may have been there already.
      entry.model.then(dispose(entry), () => {}).finally(() => reject(aborted()));
    };
    if (signal.aborted) leave();
    else signal.addEventListener("abort", leave, { once: true });
    try {
      const model = await Promise.race([entry.model, promise]);
      if (signal.aborted) throw aborted();
      return model;
    } finally {
      signal.removeEventListener("abort", leave);
    }
  }

  return {
    async load(source, onProgress, signal) {
      const entry = models.get(source) ?? open(source);
      models.set(source, entry);
      const { listeners } = entry;
      entry.users++;
      if (onProgress) listeners.add(onProgress);
      try {
        return factsOf(await wanted(source, entry, signal));
      } catch (error) {
        if (signal?.aborted) throw error;
        // Whoever waited is refused too, so nobody is left to count; the next load() tries anew.
        if (models.get(source) === entry) models.delete(source);
        throw error;
      } finally {
        if (onProgress) listeners.delete(onProgress);
      }
    },
    release(source) {
      const entry = models.get(source);
      if (!entry || --entry.users > 0) return;
      models.delete(source);
      // One that could not be loaded has nothing to dispose of.
      entry.model.then(dispose(entry), () => {});
    },
    async run({ model: source, text, pair, whatIf, position, attention: part = "encoder", target = "" }) {
      const model = await models.get(source)?.model;
      if (!model) throw failureOf("invalid-argument", `${source} is not loaded yet`);
      const read = fitted(text, pair, model);
      const asked =
        model.decoder && part !== "encoder" ? { part, target: await targetOf(model, read.text, target) } : {};
      const input = { model, name: shortName(source), whatIf, position, ...read, ...asked };
      const { data, window } = await gatherRun(input);
      if (isLong(data)) windows.set(data, window);
      return data;
    },
    async window(run, { layer, head, ...request }) {
      const window = windows.get(run);
      return window ? window(layer, head, request) : windowOf(run, layer, head, request);
    },
  };
}

function factsOf({ architecture, numLayers, numHeads, maxLength, isCausal, decoder }: Model): ModelFacts {
  return { architecture, numLayers, numHeads, maxLength, isCausal, hasDecoder: Boolean(decoder) };
}

/** A model that was given loaded stays its owner's. */
function dispose({ given }: Loaded): (model: Model) => void {
  return (model) => {
    if (model !== given?.source) model.dispose();
  };
}

function withReject(): { promise: Promise<never>; reject: (error: Error) => void } {
  let reject: (error: Error) => void = () => {};
  const promise = new Promise<never>((_, no) => {
    reject = no;
  });
  // Nobody may be waiting by then.
  promise.catch(() => {});
  return { promise, reject };
}

/** A bundled name as it is; of an address its last folder, without what is invisible or turns the text around it. */
export function shortName(source: string): string {
  const parts = source
    .replace(/[?#].*$/s, "")
    .split("/")
    .filter(Boolean);
  return (parts.at(-1) ?? source).slice(0, 60).replace(/\p{C}/gu, "\ufffd");
}
