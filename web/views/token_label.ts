// How a token is shown: readable, marked for what it is, and never able to disturb what stands around it.
import { keysOf, type RunData, type Spelling } from "../runner/run_data.ts";
import { h } from "./dom.ts";

export interface TokenLabel {
  /** Shown before the text in a quieter ink: "##" of a WordPiece, "␣" of a byte-level token that begins with a space. */
  readonly mark: string;
  readonly text: string;
  /** In a sentence about it; also what a screen reader says. */
  readonly plain: string;
  readonly special: boolean;
  /** Goes on with the word that the token before began. */
  readonly piece: boolean;
}

/** One a token. */
export interface Labels {
  readonly labels: readonly TokenLabel[];
  /** Of the tokens that are looked at, where they are another text's. */
  readonly keyLabels?: readonly TokenLabel[];
}

export function labelsOf(run: RunData): Labels {
  const keys = keysOf(run);
  const labels = tokenLabels(run);
  return keys === run ? { labels } : { labels, keyLabels: tokenLabels({ ...keys, spelling: run.spelling }) };
}

/** The tokens of a run: what of it is needed here. */
export function tokenLabels({
  tokens,
  text: first,
  pair,
  spelling,
}: Pick<RunData, "tokens" | "text" | "pair" | "spelling">): TokenLabel[] {
  return tokens.map((token, position) => {
    if (token.special) return label("", token.text, true, false);
    const text = token.sequence === 1 ? pair : first;
    const slice = text.slice(token.start, token.end);
    if (spelling === "wordpiece") {
      const piece = token.text.startsWith("##");
      // The vocabulary is lower-case; an unknown word is shown as what it was, in the words of the vocabulary.
      if (token.text === "[UNK]")
        return { ...label("", token.text, false, piece), plain: `[UNK] (${shortened(slice)})` };
      return label(piece ? "##" : "", piece ? token.text.slice(2) : token.text, false, piece);
    }
    const before = tokens[position - 1];
    const goesOn =
      before?.sequence === token.sequence &&
      before.end === token.start &&
      /[\p{L}\p{N}]$/u.test(text.slice(0, token.start));
    return spelled(token.text, goesOn && /^[\p{L}\p{N}]/u.test(slice));
  });
}

/** A token of the vocabulary that stands in no text: a prediction. */
export function vocabularyLabel(token: string, spelling: Spelling): TokenLabel {
  if (/^(\[[A-Z]+\]|<\|.*\|>)$/.test(token)) return label("", token, true, false);
  if (spelling === "bytes") return spelled(token, false);
  const piece = token.startsWith("##");
  return label(piece ? "##" : "", piece ? token.slice(2) : token, false, piece);
}

/** In a list of a text's tokens, where equal ones must be told apart: the number first, whichever way the page runs. */
export function numbered({ plain }: TokenLabel, token: number): string {
  return `\u2066${token} \u2068${plain}\u2069\u2069`;
}

/** The label as a node: isolated from the direction of what surrounds it. */
export function tokenNode(shown: TokenLabel): HTMLElement {
  const kind = shown.special ? "token special" : "token";
  return h(
    "bdi",
    { class: kind, dir: "auto" },
    shown.mark && h("span", { class: "mark" }, shown.mark),
    shown.text,
  );
}

function label(mark: string, text: string, special: boolean, piece: boolean): TokenLabel {
  const shown = visible(text);
  return { mark, text: shown, plain: mark === "##" ? `##${shown}` : shown, special, piece };
}

/** A byte-level token, or one of SentencePiece's, from the vocabulary's spelling. */
function spelled(token: string, piece: boolean): TokenLabel {
  const byte = /^<0x([0-9A-F]{2})>$/.exec(token)?.[1];
  if (byte) return label("", hex(parseInt(byte, 16)), false, piece);
  // No byte is spelled with SentencePiece's mark of a space.
  const text = decodeBytes(token).replace(/\u2581/g, " ");
  if (text === " ") return label("", "\u2423", false, false);
  return text.startsWith(" ") ? label("\u2423", text.slice(1), false, false) : label("", text, false, piece);
}

/** Of what may be a word of ten thousand letters. */
export function shortened(text: string, most = 20): string {
  const characters = Array.from(text);
  return visible(characters.slice(0, most).join("")) + (characters.length > most ? "\u2026" : "");
}

/** But for what joins two pictures to one. */
const UNSEEN =
  /(?!(?<=[\p{Extended_Pictographic}\p{EMod}\ufe0f])\u200d\p{Extended_Pictographic})[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** Controls and invisible characters by name, so that what is there can be seen; the rest as it is. */
export function visible(text: string): string {
  return text
    .replace(/\n/g, "\u21b5")
    .replace(/\t/g, "\u21e5")
    .replace(UNSEEN, (character) => {
      const code = character.codePointAt(0) ?? 0;
      return `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
    });
}

/**
 * Byte-level BPE writes each byte as one printable character (Radford et al. 2019, encoder.py): the printable Latin-1 bytes as
 * themselves, the others in order from U+0100 on. A token that holds only a part of a character is shown by its bytes.
 */
function decodeBytes(token: string): string {
  const bytes = Array.from(token, (character) => BYTE_OF.get(character));
  if (bytes.some((byte) => byte === undefined)) return token;
  const raw = Uint8Array.from(bytes as number[]);
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(raw);
  } catch {
    return Array.from(raw, (byte) =>
      byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : hex(byte),
    ).join("");
  }
}

function hex(byte: number): string {
  return `\u2039${byte.toString(16).toUpperCase().padStart(2, "0")}\u203a`;
}

const BYTE_OF: ReadonlyMap<string, number> = /* @__PURE__ */ (() => {
  const map = new Map<string, number>();
  let next = 0x100;
  for (let byte = 0; byte < 256; byte++) {
    const printable = (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
    map.set(String.fromCharCode(printable ? byte : next++), byte);
  }
  return map;
})();
