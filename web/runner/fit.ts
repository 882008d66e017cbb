// How much of a text a model can read: the longest beginning, in whole words, of at most maxLength tokens.

export interface Fit {
  readonly kept: string;
  readonly leftOut: string;
}

/** What fit() needs of a token: where it ends, and whether the tokenizer added it. */
export interface Span {
  readonly end: number;
  readonly special: boolean;
}

/** Far more than can be looked at; what lies beyond is left out unread, so that a pasted book costs no more than a page. */
const MOST_CHARACTERS = 20000;

export function fit(text: string, maxLength: number, tokenize: (text: string) => readonly Span[]): Fit {
  let limit = text.length <= MOST_CHARACTERS ? text.length : wordBoundary(text, MOST_CHARACTERS);
  for (;;) {
    const kept = text.slice(0, limit);
    const tokens = tokenize(kept);
    if (tokens.length <= maxLength) return { kept, leftOut: text.slice(limit) };
    // The tokens that fit end here; cut text may split into other tokens than before, so look again with less.
    const added = tokens.filter((token) => token.special && token.end === 0).length;
    const last = tokens.filter((token) => !(token.special && token.end === 0))[maxLength - added - 1];
    const end = Math.min(last?.end ?? 0, limit - 1);
    limit = wordBoundary(text, Math.max(end, 0));
  }
}

/** The part of fit()'s model that is used. */
export interface Reader {
  readonly maxLength: number;
  tokenize(text: string, pair?: string): readonly Span[];
}

/** Text and pair, cut to what a model can read of both; the pair gets at most half of the room. */
export function fitted(
  text: string,
  pair: string,
  model: Reader,
): { text: string; pair: string; leftOut: string } {
  if (pair === "") {
    const { kept, leftOut } = fit(text, model.maxLength, (part) => model.tokenize(part));
    return { text: kept, pair, leftOut };
  }
  const second = fit(pair, Math.floor(model.maxLength / 2), (part) => model.tokenize(part));
  const taken = model.tokenize("", second.kept).length - model.tokenize("").length;
  const first = fit(text, model.maxLength - taken, (part) => model.tokenize(part));
  return {
    text: first.kept,
    pair: second.kept,
    leftOut: [first.leftOut, second.leftOut].filter((part) => part.trim() !== "").join(" "),
  };
}

/** The end of the last whole word within text[0, limit), or, in the middle of one endless word, of its last whole character. */
function wordBoundary(text: string, limit: number): number {
  if (limit >= text.length || /\s/.test(text.charAt(limit))) return limit;
  const space = text.slice(0, limit).search(/\s\S*$/);
  if (space > 0) return space;
  // A character as readers count them: an emoji of several signs, a letter with its marks.
  const character = new Intl.Segmenter().segment(text.slice(0, limit + 64)).containing(limit)?.index;
  if (character) return character;
  // Never between the two halves of a surrogate pair.
  return /[\uDC00-\uDFFF]/.test(text.charAt(limit)) && limit > 0 ? limit - 1 : limit;
}
