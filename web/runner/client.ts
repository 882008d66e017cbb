// The page's end of the worker: one run at a time, and only the latest counts.
import type { Reply, Request, RunRequest } from "./protocol.ts";
import type { ModelName } from "./run_data.ts";

/** The part of a Worker used here. */
export interface Port {
  postMessage(request: Request): void;
  addEventListener(type: "message", listener: (event: { data: Reply }) => void): void;
}

export interface Client {
  load(model: ModelName): void;
  /** Asks for a run; of those asked for meanwhile only the last will be made, and a stale reply is dropped. */
  run(model: ModelName, text: string): void;
  /** No reply to what was asked is wanted any more. */
  cancel(): void;
}

export function createClient(port: Port, onReply: (reply: Reply) => void): Client {
  let latest = 0;
  let busy = false;
  let waiting: RunRequest | undefined;

  function settle(): void {
    busy = false;
    if (!waiting) return;
    busy = true;
    port.postMessage(waiting);
    waiting = undefined;
  }

  port.addEventListener("message", ({ data: reply }) => {
    if (reply.type !== "result" && reply.type !== "refused") return onReply(reply);
    settle();
    if (reply.id === latest) onReply(reply);
  });

  return {
    load: (model) => port.postMessage({ type: "load", model }),
    run(model, text) {
      waiting = { type: "run", id: ++latest, model, text };
      if (!busy) settle();
    },
    cancel() {
      latest++;
      waiting = undefined;
    },
  };
}
