// What the panel says of what it did or could not do, in whichever language it speaks by then.
import { codeOf, messageOf } from "../runner/runner.ts";
import type { OwnStrings } from "../strings/own.ts";
import type { Wanted } from "./wanted_model.ts";

export interface Notice {
  lines(words: OwnStrings): readonly string[];
  readonly isFailure: boolean;
}

export const said = (lines: Notice["lines"], isFailure = false): Notice => ({ lines, isFailure });

export const unsaid = said(() => []);

/** Of a model that was given up, or that failed. */
export function notLoaded({ name, given: { options }, isFromDisk }: Wanted, error: unknown): Notice {
  const code = codeOf(error);
  if (code === "aborted")
    return said(({ cancelled, cancelledKept }) => [options.keep ? cancelledKept : cancelled]);
  // The engine's own words are for who writes programs.
  if (code === "invalid-argument" && !isFromDisk && options.revision === undefined)
    return said(({ failed, badAddress }) => [failed(name), badAddress], true);
  const detail = detailOf(error);
  return said(
    (words) => [words.failed(name), words.errors[code] ?? words.errors["crashed"] ?? "", detail(words)],
    true,
  );
}

/** Of a kept model that could not be deleted. */
export function notRemoved(name: string, error: unknown): Notice {
  const detail = detailOf(error);
  // The storage refuses it while a file is being written, and knows no other reason by name.
  const isInUse = codeOf(error) === "invalid-argument";
  return said((words) => [words.notRemoved(name), isInUse ? words.inUse : detail(words)], true);
}

/** As much of a message as one reads. */
function detailOf(error: unknown): (words: OwnStrings) => string {
  const message = messageOf(error);
  const read = message.length > 500 ? `${message.slice(0, 499)}\u2026` : message;
  return ({ detail }) => `${detail} \u2068${read}\u2069`;
}
