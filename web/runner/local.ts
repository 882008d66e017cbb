// A runner in the thread that it is made in: the page's worker has one, and so has a page without a worker.
import type { Model } from "heed/models";
import { fitted } from "./fit.ts";
import { gatherRun, type Gathered } from "./gather.ts";
import { isLong, type RunData } from "./run_data.ts";
import { failureOf, type ModelFacts, type Progress, type Runner } from "./runner.ts";
import { windowOf } from "./window.ts";

/** heed/models, fetched when the first model is asked for. */
export type Library = () => Promise<typeof import("heed/models").loadModel>;

interface Loaded {
  readonly model: Promise<Model>;
  users: number;
  readonly listeners: Set<(progress: Progress) => void>;
}

export function createLocalRunner(library: Library): Runner {
  const models = new Map<string, Loaded>();
  /** Of runs that hold no whole matrices, for as long as someone shows them. */
  const windows = new WeakMap<RunData, Gathered["window"]>();

  async function open(source: string, listeners: Loaded["listeners"]): Promise<Model> {
    const loadModel = await library();
    return loadModel(source, {
      onProgress: (progress) => listeners.forEach((listener) => listener(progress)),
    });
  }

  return {
    async load(source, onProgress) {
      let entry = models.get(source);
      if (!entry) {
        const listeners: Loaded["listeners"] = new Set();
        entry = { model: open(source, listeners), users: 0, listeners };
        models.set(source, entry);
      }
      const { model, listeners } = entry;
      entry.users++;
      if (onProgress) listeners.add(onProgress);
      try {
        return factsOf(await model);
      } catch (error) {
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
      entry.model.then(
        (model) => model.dispose(),
        () => {},
      );
    },
    async run({ model: source, text, pair, whatIf, position }) {
      const model = await models.get(source)?.model;
      if (!model) throw failureOf("invalid-argument", `${source} is not loaded yet`);
      const input = { model, name: shortName(source), whatIf, position, ...fitted(text, pair, model) };
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

function factsOf({ numLayers, numHeads, maxLength, isCausal }: Model): ModelFacts {
  return { numLayers, numHeads, maxLength, isCausal };
}

/** A bundled name as it is; of an address its last folder. */
export function shortName(source: string): string {
  const parts = source
    .replace(/[?#].*$/s, "")
    .split("/")
    .filter(Boolean);
  return (parts.at(-1) ?? source).slice(0, 60);
}
