// A runner whose work is done in a worker: what is asked goes out as messages, and comes back as promises.
import type { ModelEstimate } from "heed/models";
import type { Reply, Request } from "./protocol.ts";
import type { Desk, Kept } from "./desk.ts";
import { givenBy, isModel } from "./given.ts";
import { isLong, type RunData } from "./run_data.ts";
import { failureOf, type ModelFacts, type Progress, type Runner } from "./runner.ts";
import { windowOf } from "./window.ts";

interface PortEvents {
  message: { readonly data: Reply };
  /** Of what was thrown there; a worker that could not be fetched has no message. */
  error: { readonly message?: string };
  messageerror: object;
}

/** The part of a Worker used here. */
export interface Port {
  postMessage(request: Request): void;
  addEventListener<Name extends keyof PortEvents>(
    type: Name,
    listener: (event: PortEvents[Name]) => void,
  ): void;
}

type Answer = ModelFacts | RunData | Float32Array | ModelEstimate | readonly Kept[];

interface Waiting {
  resolve(value: Answer): void;
  reject(error: Error): void;
  onProgress?: ((progress: Progress) => void) | undefined;
}

// A model is WebAssembly's memory, which can't be sent.
const STAYS =
  "a loaded model stays in the thread that loaded it, and here a worker runs the models; give the name, the address or the " +
  "files that it was loaded from, and the worker loads them";

export function createRemoteRunner(port: Port): Runner & Desk {
  const waiting = new Map<number, Waiting>();
  /** Of runs without whole matrices, by which the worker knows them. */
  const longRuns = new WeakMap<RunData, number>();
  let ids = 0;

  port.addEventListener("message", ({ data: reply }) => {
    if (reply.type === "begun") return;
    const asked = waiting.get(reply.id);
    if (reply.type === "progress") return asked?.onProgress?.(reply.progress);
    waiting.delete(reply.id);
    if (reply.type === "failed") asked?.reject(failureOf(reply.code, reply.message));
    else asked?.resolve(answerOf(reply));
  });

  // Whose answer it was that will not come, nobody can tell.
  port.addEventListener("error", ({ message }) =>
    message
      ? rejectAll("crashed", `what runs the models has failed: ${message}`)
      : rejectAll("network", "what runs the models could not be fetched"),
  );
  port.addEventListener("messageerror", () =>
    rejectAll("crashed", "what the models gave could not be read, perhaps for want of memory"),
  );

  function rejectAll(code: string, message: string): void {
    for (const { reject } of waiting.values()) reject(failureOf(code, message));
    waiting.clear();
  }

  function ask<T extends Answer>(
    request: (id: number) => Request,
    { onProgress, signal }: { onProgress?: Waiting["onProgress"]; signal?: AbortSignal | undefined } = {},
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      const id = ++ids;
      waiting.set(id, { resolve: resolve as Waiting["resolve"], reject, onProgress });
      port.postMessage(request(id));
      const cancel = (): void => port.postMessage({ type: "cancel", id });
      if (signal?.aborted) cancel();
      else signal?.addEventListener("abort", cancel, { once: true });
    });
  }

  return {
    async load(model, onProgress, signal) {
      const given = givenBy(model);
      if (isModel(given?.source)) throw failureOf("invalid-argument", STAYS);
      return ask((id) => ({ type: "load", id, model, ...(given && { given }) }), { onProgress, signal });
    },
    release: (model) => port.postMessage({ type: "release", model }),
    async run(request) {
      let asked = 0;
      const run = await ask<RunData>((id) => ({ type: "run", id: (asked = id), request }));
      if (isLong(run)) longRuns.set(run, asked);
      return run;
    },
    window(run, request) {
      const known = longRuns.get(run);
      if (known !== undefined) return ask((id) => ({ type: "window", id, run: known, request }));
      const { layer, head, ...part } = request;
      return windowOf(run, layer, head, part);
    },
    estimate: (given, signal) => ask((id) => ({ type: "estimate", id, given }), { signal }),
    kept: () => ask((id) => ({ type: "kept", id })),
    remove: ({ name, hub }) =>
      ask((id) => ({ type: "remove", id, kept: { name, ...(hub !== undefined && { hub }) } })),
  };
}

function answerOf(reply: Exclude<Reply, { type: "begun" | "progress" | "failed" }>): Answer {
  if (reply.type === "loaded") return reply.facts;
  if (reply.type === "result") return reply.run;
  if (reply.type === "window") return reply.values;
  return reply.type === "estimated" ? reply.estimate : reply.models;
}
