// Where to look in a sentence that nobody has spoken of yet, and whether a word that was chosen is still the one.
import { followedCell } from "./focus.ts";
import { headMatrix, isLong, partOf, type RunData } from "../runner/run_data.ts";
import type { Cell } from "../state.ts";
import type { Scene } from "../views/view.ts";

/** The words whose stand-in heed-bert was trained to name. */
export const PRONOUNS: ReadonlySet<string> = new Set(["it", "its", "he", "him", "his", "she", "her"]);

/** A head's strongest pair of two words; of a sentence with pronouns, the strongest that begins with one. */
export function worthLooking({ run, state }: Pick<Scene, "run" | "state">): Cell {
  const none = followedCell({ run, state: { ...state, cell: undefined } });
  if (isLong(run) || partOf(run) === "cross") return none;
  const words = run.words.filter(
    ({ text, tokens: [from] }) => !run.tokens[from]?.special && /\p{L}/u.test(text),
  );
  const pronouns = words.filter(({ text }) => PRONOUNS.has(text.trim().toLowerCase()));
  const weights = headMatrix(run, "weights", state.layer, state.heads[0] ?? 0);
  const n = run.tokens.length;
  let [best, most] = [none, 0];
  for (const asks of pronouns.length > 0 ? pronouns : words)
    for (const answers of words) {
      const [row, col] = [asks.tokens[0], answers.tokens[0]];
      const weight = weights[row * n + col] ?? 0;
      if (asks !== answers && weight > most) [best, most] = [{ row, col }, weight];
    }
  return best;
}

/** A token that was chosen, with all that stood around it. */
export interface Chosen {
  readonly before: string;
  readonly word: string;
  readonly after: string;
}

export function chosenIn({ text, tokens }: Pick<RunData, "text" | "tokens">, row: number): Chosen {
  const { start = 0, end = 0 } = tokens[row] ?? {};
  const plain = (part: string): string => part.trim().toLowerCase();
  return {
    before: plain(text.slice(0, start)),
    word: plain(text.slice(start, end)),
    after: plain(text.slice(end)),
  };
}

/** Whether a chosen word still stands in a text, where `now` is chosen; what was put in its place counts as it. */
export function isStanding({ before, word, after }: Chosen, now: Chosen, text: string): boolean {
  if (word !== "" && word === now.word) return true;
  const edited = text.trim().toLowerCase();
  return before + after !== "" && edited.startsWith(before) && edited.endsWith(after);
}
