// A word of the text taken out, or another put in its place.
import type { ReadText } from "../runner/run_data.ts";

export interface WordPlace {
  readonly text: string;
  readonly sequence: "text" | "pair";
  /** In the text or the pair. */
  readonly start: number;
  readonly end: number;
}

/** The word that a token is part of; undefined for a token that stands in no text, as [CLS]. */
export function wordPlace(run: ReadText, token: number): WordPlace | undefined {
  const word = run.words.find(({ tokens: [from, to] }) => from <= token && token < to);
  const [first, last] = [run.tokens[word?.tokens[0] ?? -1], run.tokens[(word?.tokens[1] ?? 0) - 1]];
  if (!first || !last || last.end <= first.start) return undefined;
  const sequence = first.sequence === 1 ? "pair" : "text";
  const spelled = run[sequence].slice(first.start, last.end);
  const start = first.start + spelled.length - spelled.trimStart().length;
  return { text: run[sequence].slice(start, last.end), sequence, start, end: last.end };
}

/** With another word, or none ("") in its place; then one of the spaces around it goes too. What was cut off stays. */
export function withWord(run: ReadText, place: WordPlace, word: string): { text?: string; pair?: string } {
  const whole = run[place.sequence];
  let before = whole.slice(0, place.start);
  let after = whole.slice(place.end);
  if (word === "") {
    if (/^\s/.test(after) && (before === "" || /\s$/.test(before))) after = after.slice(1);
    else if (/\s$/.test(before)) before = before.slice(0, -1);
  }
  const isCut = place.sequence === "text" && run.pair === "";
  return { [place.sequence]: before + word + after + (isCut ? run.leftOut : "") };
}
