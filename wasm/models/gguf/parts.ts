// A model in several GGUF files, as llama.cpp's gguf-split writes them: "name-00001-of-00003.gguf" and so on. The first one
// says everything but where the others' tensors are, and each says by "split.no" and "split.count" which it is.

import { failure, shown } from "../errors.js";
import type { GgufHeader } from "./header.js";

const maxParts = 1000;

/** The names of all parts of the model that a file of this name is a part of; undefined: it is a model by itself. */
export function partNames(name: string): string[] | undefined {
  const [, stem, of = ""] = /^(.+)-\d{5}-of-(\d{5})\.gguf$/.exec(name) ?? [];
  const count = Number(of);
  if (stem === undefined || count < 2 || count > maxParts) return undefined;
  return Array.from({ length: count }, (_, i) => `${stem}-${String(i + 1).padStart(5, "0")}-of-${of}.gguf`);
}

interface Part {
  readonly header: GgufHeader;
}

/** Which of how many, from 0. */
function placeOf({ file, values }: GgufHeader): { no: number; count: number } {
  // A file that was split into one.
  const count = values.get("split.count") || 1;
  const no = values.get("split.no") ?? 0;
  const isPlace = Number.isInteger(count) && Number.isInteger(no) && (no as number) >= 0 && no < count;
  if (isPlace) return { no: no as number, count: count as number };
  throw failure(
    "invalid-model",
    `${file}: "split.no" is ${shown(no)} and "split.count" ${shown(count)}; expected a part and how many there are`,
  );
}

/**
 * The parts of a model in their order, given in any.
 * Errors: "invalid-argument" (one is missing), "invalid-model" (they are not of one model).
 */
export function inOrder<P extends Part>(parts: readonly P[]): P[] {
  const placed = parts.map((part) => ({ part, ...placeOf(part.header) })).sort((a, b) => a.no - b.no);
  const { part: first, count = 1 } = placed[0] ?? {};
  placed.forEach(({ part: { header }, no, count: other }, i) => {
    if (other !== count)
      throw failure(
        "invalid-model",
        `${header.file} is one of ${other} parts, and ${first?.header.file} of ${count}`,
      );
    if (no > i) throw missing(header.file, count, i);
    if (no < i) throw failure("invalid-model", `${header.file} is part ${no + 1}, which there is twice`);
  });
  if (first && placed.length < count) throw missing(first.header.file, count, placed.length);
  const sorted = placed.map(({ part }) => part);
  checkCount(sorted);
  return sorted;
}

function missing(file: string, count: number, index: number): Error {
  const ending = `-00001-of-${String(count).padStart(5, "0")}.gguf`;
  return failure(
    "invalid-argument",
    `${file} is one of ${count} parts of a model, and part ${index + 1} is missing; expected all of them, or the address of ` +
      `one whose name ends in ${ending}`,
  );
}

function checkCount(parts: readonly Part[]): void {
  const expected = parts[0]?.header.values.get("split.tensors.count");
  const found = parts.reduce((sum, { header }) => sum + header.tensors.length, 0);
  if (expected === undefined || expected === found) return;
  throw failure(
    "invalid-model",
    `${parts[0]?.header.file} says that its parts have ${shown(expected)} tensors; they have ${found}`,
  );
}
