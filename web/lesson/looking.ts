// Which word the figures speak of: the same in all of them, until the visitor chooses another in one; figures side by side are
// followed together.
import type { HeedAttention } from "../element/element.ts";
import { otherEnd, type Direction } from "../reading/focus.ts";
import type { RunData } from "../runner/run_data.ts";
import type { Cell } from "../state.ts";
import { chosenIn, isStanding, worthLooking, type Chosen } from "../reading/worth.ts";

/** The head of heed-bert that the lesson speaks of: it finds what a pronoun stands for. */
export const SPOKEN_OF = { layer: 2, heads: [1] };

export interface Looking {
  /** Of an element whose run is about to be drawn. */
  came(element: HeedAttention, run: RunData): void;
  /** The visitor chose something in an element. */
  chose(element: HeedAttention): void;
}

/** `linked`: the elements that are followed together. */
export function lookingAt(linked: readonly (readonly HeedAttention[])[]): Looking {
  /** Where the word that all speak of begins, in the text that came last. */
  let spoken: { readonly text: string; readonly start: number } | undefined;
  const byHand = new WeakMap<HeedAttention, Chosen>();

  /** The first of a text's runs decides: the word that the lesson speaks of where it is there, else one worth looking at. */
  function spokenToken({ dataset, state }: HeedAttention, run: RunData): number {
    if (spoken?.text !== run.text) {
      const named = run.tokens.findIndex(
        ({ start, end }) => run.text.slice(start, end).trim().toLowerCase() === dataset["look"],
      );
      const head = run.model === "heed-bert" ? SPOKEN_OF : undefined;
      const row = named < 0 ? worthLooking({ run, state: { ...state, ...head } }).row : named;
      spoken = { text: run.text, start: firstLetter(run, row) };
    }
    return Math.max(0, tokenAt(run, spoken.start));
  }

  return {
    came(element, run) {
      if (element.dataset["look"] === undefined) return;
      const { cell } = element;
      const chosen = byHand.get(element);
      if (cell && chosen && isStanding(chosen, chosenIn(run, cell.row), run.text)) return;
      byHand.delete(element);
      element.cell = cellOf(element, run, spokenToken(element, run), element.direction);
    },
    chose(element) {
      const { run, cell, direction, locked } = element;
      if (!run || !cell) return;
      byHand.set(element, chosenIn(run, cell.row));
      for (const other of linked.find((group) => group.includes(element)) ?? []) {
        if (other === element || !other.run) continue;
        const twin = twins(run, other.run);
        const token = twin(direction === "from" ? cell.row : cell.col);
        if (token < 0) continue;
        other.direction = direction;
        other.locked = locked.map(twin).filter((at) => at >= 0);
        other.cell = isSameHead(element, other) ? cell : cellOf(other, other.run, token, direction);
        byHand.set(other, chosenIn(other.run, other.cell.row));
      }
    },
  };
}

/** A token of one run in another's of the same text; −1: it has none. */
export function twins(run: RunData, other: RunData): (token: number) => number {
  if (run.model === other.model) return (token) => token;
  return (token) => (run.tokens[token]?.special ? -1 : tokenAt(other, firstLetter(run, token)));
}

function tokenAt({ tokens }: RunData, place: number): number {
  return tokens.findIndex(({ special, start, end }) => !special && start <= place && place < end);
}

/** Of a token that begins with the space before it, some vocabularies' way, the place after that. */
function firstLetter({ text, tokens }: RunData, token: number): number {
  const { start = 0, end = 0 } = tokens[token] ?? {};
  return start + Math.max(0, text.slice(start, end).search(/\S/u));
}

function isSameHead(a: HeedAttention, b: HeedAttention): boolean {
  return a.run?.model === b.run?.model && a.layer === b.layer && a.head === b.head;
}

function cellOf({ state }: HeedAttention, run: RunData, token: number, direction: Direction): Cell {
  const other = otherEnd({ run, state }, token, direction);
  return direction === "from" ? { row: token, col: other } : { row: other, col: token };
}
