// A run in a worker of its own, as long as it may be.
import type { Gathered } from "../runner/gather.ts";
import type { RunData, WindowRequest } from "../runner/run_data.ts";
import type { Asked } from "./long_worker.ts";
import workerUrl from "./long_worker.ts?worker&url";

interface Policy {
  createScriptURL(url: string): unknown;
}

interface Answer {
  readonly run?: RunData;
  readonly id?: number;
  readonly values?: Float32Array;
}

export interface LongRun {
  readonly data: Gathered["data"];
  window(layer: number, head: number, request: WindowRequest): Promise<Float32Array>;
}

export function longRun(source: string, text: string): Promise<LongRun> {
  const { trustedTypes } = globalThis as {
    trustedTypes?: { createPolicy(name: string, rules: { createScriptURL(url: string): string }): Policy };
  };
  const policy = trustedTypes?.createPolicy("heed", { createScriptURL: () => workerUrl });
  const worker = new Worker((policy?.createScriptURL(workerUrl) ?? workerUrl) as string, { type: "module" });
  const waiting = new Map<number, (values: Float32Array) => void>();
  let ids = 0;
  const post = (asked: Asked): void => worker.postMessage(asked);
  return new Promise((resolve) => {
    worker.addEventListener("message", ({ data: { run, id = 0, values } }: MessageEvent<Answer>) => {
      if (values) waiting.get(id)?.(values);
      waiting.delete(id);
      if (!run) return;
      resolve({
        data: run,
        window: (layer, head, request) =>
          new Promise((answer) => {
            waiting.set(++ids, answer);
            post({ id: ids, layer, head, request });
          }),
      });
    });
    post({ source: new URL(source, location.href).href, text });
  });
}
