// A runner whose work is done in a worker: what is asked goes out as messages, and comes back as promises.
import type { Reply, Request } from "./protocol.ts";
import type { RunData } from "./run_data.ts";
import { failureOf, type ModelFacts, type Progress, type Runner } from "./runner.ts";
import { windowOf } from "./window.ts";

/** The part of a Worker used here. */
export interface Port {
  postMessage(request: Request): void;
  addEventListener(type: "message", listener: (event: { data: Reply }) => void): void;
}

interface Waiting {
  resolve(value: ModelFacts | RunData): void;
  reject(error: Error): void;
  onProgress?: ((progress: Progress) => void) | undefined;
}

export function createRemoteRunner(port: Port): Runner {
  const waiting = new Map<number, Waiting>();
  let ids = 0;

  port.addEventListener("message", ({ data: reply }) => {
    const asked = waiting.get(reply.id);
    if (reply.type === "progress") return asked?.onProgress?.(reply.progress);
    waiting.delete(reply.id);
    if (reply.type === "failed") asked?.reject(failureOf(reply.code, reply.message));
    else asked?.resolve(reply.type === "loaded" ? reply.facts : reply.run);
  });

  function ask<T extends ModelFacts | RunData>(
    request: (id: number) => Request,
    onProgress?: Waiting["onProgress"],
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      const id = ++ids;
      waiting.set(id, { resolve: resolve as Waiting["resolve"], reject, onProgress });
      port.postMessage(request(id));
    });
  }

  return {
    load: (model, onProgress) => ask((id) => ({ type: "load", id, model }), onProgress),
    release: (model) => port.postMessage({ type: "release", model }),
    run: (request) => ask((id) => ({ type: "run", id, request })),
    window: (run, { layer, head, ...request }) => windowOf(run, layer, head, request),
  };
}
