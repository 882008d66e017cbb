// A tiny model on a made server, and what was read of it.

import type { ModelSource } from "heed/models";
import { byteTokenizer, safetensors, tinyConfig } from "./checkpoint.js";
import { fakeModels } from "./fake_native.js";

export const weights = safetensors({ w: { dtype: "F32", shape: [2], data_offsets: [0, 8] } }, 8);
export const otherWeights = safetensors({ v: { dtype: "F32", shape: [1], data_offsets: [0, 4] } }, 4);

export type Site = Record<string, BodyInit | (() => Response | Promise<Response>)>;

/** A server: what it has under https://example.org/m/, and what it was asked for. */
export function server(site: Site) {
  const asked: string[] = [];
  const fetch = async (input: URL | string, init?: RequestInit): Promise<Response> => {
    const url = new URL(input);
    asked.push(url.href);
    init?.signal?.throwIfAborted();
    const found = site[url.pathname.replace("/m/", "")];
    if (typeof found === "function") return found();
    if (found === undefined) return new Response("no", { status: 404, statusText: "Not Found" });
    const size = found instanceof ArrayBuffer ? found.byteLength : new Blob([found as string]).size;
    return new Response(found, { headers: { "content-length": String(size) } });
  };
  return { asked, fetch: fetch as typeof globalThis.fetch };
}

export const site = (changes: Site = {}): Site => ({
  "config.json": JSON.stringify(tinyConfig()),
  "tokenizer.json": JSON.stringify(byteTokenizer()),
  "model.safetensors": weights,
  ...changes,
});

/** A site whose weights are in shards. */
export const sharded = (changes: Site): Site => {
  const files = site(changes);
  delete files["model.safetensors"];
  return files;
};

export async function loaded(source: ModelSource, options: object = {}): Promise<string[]> {
  const fake = fakeModels();
  await fake.loadModel(source, { retry: { delay: 1 }, ...options });
  return fake.natives[0]?.weights.map(({ name }) => name) ?? [];
}

export const index = (map: unknown): string => JSON.stringify({ metadata: {}, weight_map: map });
