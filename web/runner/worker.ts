// The worker: the models live here, so that typing never waits for a forward pass.
import { loadModel } from "heed/models";
import { buffersOf } from "./gather.ts";
import { createLocalRunner } from "./local.ts";
import type { Reply, Request } from "./protocol.ts";
import { codeOf, messageOf, type Progress } from "./runner.ts";

/** The part of DedicatedWorkerGlobalScope used here; lib.dom, which the page needs, does not know it. */
interface WorkerScope {
  postMessage(reply: Reply, transfer: Transferable[]): void;
  addEventListener(type: "message", listener: (event: MessageEvent<Request>) => void): void;
}

const scope = self as unknown as WorkerScope;
/** Milliseconds between two reports of the same download. */
const PROGRESS_INTERVAL = 50;

const runner = createLocalRunner(() => Promise.resolve(loadModel));

function send(reply: Reply, transfer: Transferable[] = []): void {
  scope.postMessage(reply, transfer);
}

async function answer(request: Request): Promise<void> {
  if (request.type === "release") return runner.release(request.model);
  const { id } = request;
  try {
    if (request.type === "load") {
      let told = -Infinity;
      const onProgress = (progress: Progress): void => {
        // Not at every chunk: the page has its first picture to prepare.
        if (performance.now() - told < PROGRESS_INTERVAL) return;
        told = performance.now();
        send({ type: "progress", id, progress });
      };
      send({ type: "loaded", id, facts: await runner.load(request.model, onProgress) });
    } else {
      const run = await runner.run(request.request);
      send({ type: "result", id, run }, buffersOf(run));
    }
  } catch (error) {
    send({ type: "failed", id, code: codeOf(error), message: messageOf(error) });
  }
}

scope.addEventListener("message", ({ data }) => void answer(data));
