// Runs one text of a model of any address, and answers for parts of its weights.
import { createEngine } from "heed";
import { loadModel } from "heed/models";
import { gatherRun, type Gathered } from "../runner/gather.ts";
import type { WindowRequest } from "../runner/run_data.ts";

export type Asked =
  | { readonly source: string; readonly text: string }
  | { readonly id: number; readonly layer: number; readonly head: number; readonly request: WindowRequest };

let gathered: Gathered | undefined;

self.addEventListener("message", ({ data: asked }: MessageEvent<Asked>) => void answer(asked));

async function answer(asked: Asked): Promise<void> {
  if ("source" in asked) {
    const engine = await createEngine({ workers: 0 });
    const model = await loadModel(asked.source, { engine, workers: 0 });
    const name = model.architecture === "gpt2" ? "heed-gpt" : "heed-bert";
    gathered = await gatherRun({ model, name, text: asked.text });
    postMessage({ run: gathered.data });
  } else {
    const { id, layer, head, request } = asked;
    postMessage({ id, values: gathered?.window(layer, head, request) });
  }
}
