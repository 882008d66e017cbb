// The lesson's address: which section, and the visitor's sentence, both behind the #, so that no server is sent either.
// "#softmax" alone is a link as HTML makes it; a sentence is said as in every link, "#softmax&text=…&v=1".
import { fragmentOf } from "../share/link.ts";
import { DEFAULT_STATE } from "../state.ts";

export interface Place {
  /** The id of a section; "": the top. */
  readonly section: string;
  /** Undefined: none was given. */
  readonly text: string | undefined;
}

/** More is no sentence. */
export const LONGEST = 400;

export function readPlace(hash: string): Place {
  const [section = "", ...rest] = hash.replace(/^#/, "").split("&");
  // Any link of the page is one of the lesson too: of what it says, the sentence counts.
  const isState = section.includes("=");
  const text = new URLSearchParams((isState ? [section, ...rest] : rest).join("&")).get("text");
  return {
    section: isState ? "" : decoded(section),
    text: text === null ? undefined : text.slice(0, LONGEST),
  };
}

/** The usual sentence is what the page shows anyway, and so is not written. */
export function writePlace({ section, text = DEFAULT_STATE.text }: Place): string {
  const said = fragmentOf({ ...DEFAULT_STATE, text }).slice(1);
  const parts = [encodeURIComponent(section), said].filter((part) => part !== "");
  return parts.length === 0 ? "" : `#${parts.join("&")}`;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return "";
  }
}
