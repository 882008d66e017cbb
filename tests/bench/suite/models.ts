// A whole model on both sides: heed's loadModel(), on the calling thread and in shards over workers, and onnxruntime-web.

import type { LoadOptions, Model, ModelSource } from "heed/models";
import type { Bert } from "./bert.js";
import { bertOnnx, weightsFile } from "./bert_onnx.js";
import type { Addresses, Contender } from "./contender.js";
import { loadOrt, openSession } from "./ort.js";

interface HeedModels {
  loadModel(source: ModelSource, options?: LoadOptions): Promise<Model>;
}

export async function heedModel({ models }: Addresses, workers: number | "auto"): Promise<Contender<Bert>> {
  const { loadModel } = (await import(models)) as HeedModels;
  return {
    name: workers === 0 ? "heed model" : "heed model, shards",
    async prepare({ files, ids, sizes }) {
      const model = await loadModel(files, { workers });
      const run = () => model.run({ ids }, { capture: [] });
      return {
        run,
        result: async () => ({ output: (await run()).hidden(sizes.numLayers) }),
        memory: () => model.memory.heapBytes,
        dispose: () => model.dispose(),
      };
    },
  };
}

export async function onnxruntimeModel(addresses: Addresses): Promise<Contender<Bert>> {
  const ort = await loadOrt(addresses);
  return {
    name: "onnxruntime-web",
    async prepare(bert) {
      const session = await openSession(ort, bertOnnx(bert), [
        { path: weightsFile, data: bert.files.weights },
      ]);
      const ids = new ort.Tensor("int64", BigInt64Array.from(bert.ids, BigInt), [bert.ids.length]);
      const run = () => session.run({ ids });
      return {
        run,
        result: async () => ({ output: (await run())["hidden"]!.data }),
        dispose: () => session.release(),
      };
    },
  };
}
