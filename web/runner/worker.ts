// The worker: the engine and the models live here, so that typing never waits for a forward pass.
import { createEngine } from "heed";
import { loadModel, type Model } from "heed/models";
import { fit } from "./fit.ts";
import type { Reply, Request, RunRequest } from "./protocol.ts";
import { STAGES, type ModelName, type RunData, type Stage } from "./run_data.ts";

/** The part of DedicatedWorkerGlobalScope used here; lib.dom, which the page needs, does not know it. */
interface WorkerScope {
  postMessage(reply: Reply, transfer: Transferable[]): void;
  addEventListener(type: "message", listener: (event: MessageEvent<Request>) => void): void;
}

const scope = self as unknown as WorkerScope;
const models = new Map<ModelName, Model>();
/** One engine for both models, in this thread: this is a worker already. */
let engine: ReturnType<typeof createEngine> | undefined;

const PREDICTIONS = 5;

function send(reply: Reply, transfer: Transferable[] = []): void {
  scope.postMessage(reply, transfer);
}

async function load(name: ModelName): Promise<void> {
  try {
    engine ??= createEngine({ workers: 0 });
    const model = await loadModel(name, {
      engine: await engine,
      onProgress: ({ loaded, total }) => send({ type: "progress", model: name, loaded, total }),
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
    const data = await forward(model, name, text);
    send(
      { type: "result", id, run: data },
      Object.values(data.stages).map((stage) => stage.buffer as ArrayBuffer),
    );
  } catch (error) {
    send({ type: "refused", id, message: messageOf(error) });
  }
}

async function forward(model: Model, name: ModelName, text: string): Promise<RunData> {
  const { kept, leftOut } = fit(text, model.maxLength, (part) => model.tokenize(part));
  const started = performance.now();
  const result = await model.run(kept, { capture: STAGES });
  const milliseconds = performance.now() - started;
  const size = result.tokens.length ** 2;
  const gather = (stage: Stage): Float32Array => {
    const all = new Float32Array(model.numLayers * model.numHeads * size);
    for (let layer = 0; layer < model.numLayers; layer++) {
      for (let head = 0; head < model.numHeads; head++) {
        all.set(result.attention(layer, head, stage), (layer * model.numHeads + head) * size);
      }
    }
    return all;
  };
  return {
    model: name,
    text: kept,
    leftOut,
    tokens: result.tokens,
    numLayers: model.numLayers,
    numHeads: model.numHeads,
    isCausal: model.isCausal,
    maxLength: model.maxLength,
    stages: {
      products: gather("products"),
      scores: gather("scores"),
      maskedScores: gather("maskedScores"),
      weights: gather("weights"),
    },
    predictions: result.tokens.map((_, position) => result.predictions(position, PREDICTIONS)),
    milliseconds,
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

scope.addEventListener("message", ({ data: request }) => {
  void (request.type === "load" ? load(request.model) : run(request));
});
