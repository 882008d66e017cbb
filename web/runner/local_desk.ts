// The desk in the thread where the models are.
import { estimateModel, savedModels, type SavedModel } from "heed/models";
import type { Desk, Kept } from "./desk.ts";
import { isModel } from "./given.ts";
import { failureOf } from "./runner.ts";

export const localDesk: Desk = {
  async estimate({ source, options }, signal) {
    if (isModel(source)) throw failureOf("invalid-argument", "this model is loaded already");
    return estimateModel(source, { ...options, ...(signal && { signal }) });
  },
  kept: async () => (await savedModels()).map(plain),
  async remove({ name, hub }) {
    for (const model of await savedModels())
      if (model.name === name && model.hub === hub) await model.delete();
    return (await savedModels()).map(plain);
  },
};

function plain({ name, hub, bytes, complete }: SavedModel): Kept {
  return { name, bytes, complete, ...(hub !== undefined && { hub }) };
}
