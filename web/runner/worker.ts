// The worker: the models live here, so that typing never waits for a forward pass.
import { loadModel } from "heed/models";
import { buffersOf } from "./gather.ts";
import { createLocalRunner } from "./local.ts";
import type { Reply, Request } from "./protocol.ts";
import { isLong, type RunData } from "./run_data.ts";
import { codeOf, failureOf, messageOf, type Progress } from "./runner.ts";

/** The part of DedicatedWorkerGlobalScope used here; lib.dom, which the page needs, does not know it. */
interface WorkerScope {
  postMessage(reply: Reply, transfer: Transferable[]): void;
  addEventListener(type: "message", listener: (event: MessageEvent<Request>) => void): void;
}

const scope = self as unknown as WorkerScope;
/** Milliseconds between two reports of the same download. */
const PROGRESS_INTERVAL = 50;

const runner = createLocalRunner(() => Promise.resolve(loadModel));

/** Runs whose windows may be asked for, by the id of their request, the latest last. */
const longRuns = new Map<number, RunData>();
const MOST_KEPT = 4;

function keep(id: number, run: RunData): void {
  longRuns.set(id, run);
  for (const oldest of [...longRuns.keys()].slice(0, -MOST_KEPT)) longRuns.delete(oldest);
}

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
    } else if (request.type === "window") {
      const run = longRuns.get(request.run);
      if (!run) throw failureOf("invalid-argument", "this run is too long ago");
      const values = await runner.window(run, request.request);
      send({ type: "window", id, values }, [values.buffer as ArrayBuffer]);
    } else {
      const run = await runner.run(request.request);
      if (isLong(run)) keep(id, run);
      send({ type: "result", id, run }, buffersOf(run));
    }
  } catch (error) {
    send({ type: "failed", id, code: codeOf(error), message: messageOf(error) });
  }
}

scope.addEventListener("message", ({ data }) => void answer(data));
