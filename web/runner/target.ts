// What an encoder-decoder's decoder reads: what was typed, or what the model writes by itself.
import type { Model } from "heed/models";
import { fit } from "./fit.ts";
import type { Target } from "./gather.ts";

/** Tokens written at most: a translation is about as long as its source; what goes on and on is cut off. */
const written = (read: number, maxLength: number): number => Math.min(2 * read + 16, maxLength - 1);

/** The last text of each model, and what it wrote: switches and parts ask for the same again. */
const known = new WeakMap<Model, { readonly source: string; readonly text: Promise<string> }>();

/** `typed`: "" for the model's own, greedily. Rejects as generate() does. */
export async function targetOf(model: Model, source: string, typed: string): Promise<Target> {
  const isWritten = typed.trim() === "";
  const text = isWritten ? await writtenFor(model, source) : typed;
  const { kept, leftOut } = fit(text, model.maxLength, (part) => model.tokenize(part));
  return { text: kept, leftOut, isWritten };
}

function writtenFor(model: Model, source: string): Promise<string> {
  const before = known.get(model);
  if (before?.source === source) return before.text;
  const maxTokens = written(model.tokenize(source).length, model.maxLength);
  const text = model.generate(source, { maxTokens });
  known.set(model, { source, text });
  text.catch(() => known.delete(model));
  return text;
}
