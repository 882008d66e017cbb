// The lesson's address: which section, and the visitor's sentence, both behind the #, so that no server is sent either.
// "#softmax" alone is a link as HTML makes it; with a sentence, "#softmax&text=…".

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
  const isText = section.startsWith("text=");
  const text = new URLSearchParams((isText ? [section, ...rest] : rest).join("&")).get("text");
  return {
    section: isText ? "" : decoded(section),
    text: text === null ? undefined : text.slice(0, LONGEST),
  };
}

/** `usual` is what the page shows anyway, and so is not written. */
export function writePlace({ section, text }: Place, usual: string): string {
  const said = text === undefined || text === usual ? "" : String(new URLSearchParams({ text }));
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
