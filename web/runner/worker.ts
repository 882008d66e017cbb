// The worker: the models live here, so that typing never waits for a forward pass.
import { loadModel, type Model } from "heed/models";
import { fit } from "./fit.ts";
import type { Reply, Request, RunRequest } from "./protocol.ts";
import { buffersOf, gather } from "./gather.ts";
import type { ModelName } from "./run_data.ts";

/** The part of DedicatedWorkerGlobalScope used here; lib.dom, which the page needs, does not know it. */
interface WorkerScope {
  postMessage(reply: Reply, transfer: Transferable[]): void;
  addEventListener(type: "message", listener: (event: MessageEvent<Request>) => void): void;
}

const scope = self as unknown as WorkerScope;
const models = new Map<ModelName, Model>();
/** Milliseconds between two reports of the same download. */
const PROGRESS_INTERVAL = 50;

function send(reply: Reply, transfer: Transferable[] = []): void {
  scope.postMessage(reply, transfer);
}

async function load(name: ModelName): Promise<void> {
  let told = -Infinity;
  try {
    const model = await loadModel(name, {
      onProgress({ loaded, total }) {
        // Not at every chunk: the page has its first picture to prepare.
        if (performance.now() - told < PROGRESS_INTERVAL) return;
        told = performance.now();
        send({ type: "progress", model: name, loaded, total });
      },
    });
    models.set(name, model);
    send({ type: "ready", model: name });
  } catch (error) {
    send({ type: "failed", model: name, message: messageOf(error) });
  }
}

async function run({ id, model: name, text }: RunRequest): Promise<void> {
  try {
    const model = models.get(name);
    if (!model) throw new Error(`${name} is not loaded yet`);
    const { kept, leftOut } = fit(text, model.maxLength, (part) => model.tokenize(part));
    const data = await gather({ model, name, text: kept, leftOut });
    send({ type: "result", id, run: data }, buffersOf(data));
  } catch (error) {
    send({ type: "refused", id, message: messageOf(error) });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

scope.addEventListener("message", ({ data: request }) => {
  void (request.type === "load" ? load(request.model) : run(request));
});
