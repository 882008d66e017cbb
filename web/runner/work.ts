// What the worker does: the models live here, so that typing never waits for a forward pass.
import { loadModel } from "heed/models";
import { fetchBegun } from "./begun.ts";
import { buffersOf } from "./gather.ts";
import { remember } from "./given.ts";
import { createLocalRunner } from "./local.ts";
import { localDesk } from "./local_desk.ts";
import type { Reply, Request } from "./protocol.ts";
import { isLong, type RunData } from "./run_data.ts";
import { codeOf, failureOf, messageOf, type Progress } from "./runner.ts";

/** The part of DedicatedWorkerGlobalScope used here; lib.dom, which the page needs, does not know it. */
interface WorkerScope {
  postMessage(reply: Reply, transfer: Transferable[]): void;
}

const scope = self as unknown as WorkerScope;
/** Milliseconds between two reports of the same download. */
const PROGRESS_INTERVAL = 50;

const runner = createLocalRunner(() =>
  Promise.resolve((source, options) => loadModel(source, { ...options, fetch: fetchBegun })),
);

// Not waiting to be asked: a page's first messages come when it has time for them. Whoever asks joins, or hears of a failure.
runner.load("heed-bert").catch(() => undefined);

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

/** Of what may still be cancelled, by its id. */
const cancellers = new Map<number, AbortController>();

async function load(
  { id, model, given }: Extract<Request, { type: "load" }>,
  signal: AbortSignal,
): Promise<void> {
  if (given) remember(given);
  let latest: Progress;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const onProgress = (progress: Progress): void => {
    latest = progress;
    // Not at every chunk: the page has its first picture to prepare. But the last one, where a server falls silent.
    timer ??= setTimeout(() => {
      timer = undefined;
      send({ type: "progress", id, progress: latest });
    }, PROGRESS_INTERVAL);
  };
  send({ type: "loaded", id, facts: await runner.load(model, onProgress, signal) });
}

export async function answer(request: Request): Promise<void> {
  if (request.type === "release") return runner.release(request.model);
  const { id } = request;
  if (request.type === "cancel") return cancellers.get(id)?.abort();
  const canceller = new AbortController();
  cancellers.set(id, canceller);
  const { signal } = canceller;
  try {
    if (request.type === "load") await load(request, signal);
    else if (request.type === "estimate")
      send({ type: "estimated", id, estimate: await localDesk.estimate(request.given, signal) });
    else if (request.type === "kept") send({ type: "kept", id, models: await localDesk.kept() });
    else if (request.type === "remove")
      send({ type: "kept", id, models: await localDesk.remove(request.kept) });
    else if (request.type === "window") {
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
  } finally {
    cancellers.delete(id);
  }
}
