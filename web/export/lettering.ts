// Text in pictures: cut to its room, broken into lines, on the side where its direction begins.
import type { Strings } from "../strings/index.ts";
import { directionOf } from "../views/prose_pieces.ts";
import type { TokenLabel } from "../views/token_label.ts";
import type { Font, Look } from "./look.ts";
import { tag, type Attributes, type Child, type Markup } from "./markup.ts";

/** A baseline so far below the middle of a line looks centred. */
export const MIDDLE = 0.35;

export type Anchor = "start" | "middle" | "end";

export interface Place {
  readonly x: number;
  /** Of the baseline. */
  readonly y: number;
  readonly font: Font;
  /** Which side of the text lies at x: start is the left, whatever its direction. */
  readonly anchor?: Anchor;
  readonly fill?: string | undefined;
  readonly more?: Attributes;
}

const SWAPPED: Readonly<Record<Anchor, Anchor>> = { start: "end", middle: "middle", end: "start" };

/** The sans is the whole picture's. */
function fontAttributes(look: Look, { family, size, weight }: Font): Attributes {
  return {
    "font-family": family === "sans" ? undefined : look.fonts[family],
    "font-size": size,
    "font-weight": weight,
  };
}

/** `plain`: what is written, to know its direction by. */
export function lettering(look: Look, place: Place, plain: string, ...children: readonly Child[]): Markup {
  const { x, y, font, anchor = "start", fill, more } = place;
  const isTurned = directionOf(plain) === "rtl";
  const side = isTurned ? SWAPPED[anchor] : anchor;
  return tag(
    "text",
    {
      x,
      y,
      ...fontAttributes(look, font),
      "text-anchor": side === "start" ? undefined : side,
      direction: isTurned ? "rtl" : undefined,
      fill,
      ...more,
    },
    ...children,
  );
}

export function words(look: Look, place: Place, text: string): Markup {
  return lettering(look, place, text, text);
}

/** A token with its mark, in at most `room` pixels. */
export function tokenText(
  look: Look,
  place: Place,
  { mark, text, special }: TokenLabel,
  room: number,
): Markup {
  const font = special ? { ...place.font, size: 0.85 * place.font.size } : place.font;
  const shown = cut(look, text, room - look.measure(mark, font), font);
  return lettering(
    look,
    { ...place, font, fill: special ? look.colors.quiet : place.fill },
    text,
    mark !== "" && tag("tspan", { fill: look.colors.quiet }, mark),
    shown,
  );
}

export function tokenWidth(look: Look, { mark, text }: TokenLabel, font: Font): number {
  return look.measure(mark + text, font);
}

/** As much of a text as has room, in whole characters, with an ellipsis where some had not. */
export function cut(look: Look, text: string, room: number, font: Font): string {
  if (look.measure(text, font) <= room) return text;
  const characters = Array.from(text);
  const begin = (count: number): string => `${characters.slice(0, count).join("")}\u2026`;
  // By halves: a text may be a pasted book.
  let [fits, tooMany] = [0, characters.length];
  while (tooMany - fits > 1) {
    const middle = Math.floor((fits + tooMany) / 2);
    if (look.measure(begin(middle), font) <= room) fits = middle;
    else tooMany = middle;
  }
  return begin(fits);
}

/** Lines of at most `room` pixels, broken at spaces. */
function wrapped(look: Look, text: string, room: number, font: Font): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && look.measure(longer, font) > room) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line].map((one) => cut(look, one, room, font));
}

export interface Block {
  readonly height: number;
  readonly marks: readonly Markup[];
}

export interface ParagraphPlace {
  readonly top: number;
  readonly left?: number;
  readonly width: number;
  readonly font: Font;
  readonly fill?: string;
}

/** A paragraph in the language of the interface, whose first line begins at `top`; words within it may run the other way. */
export function paragraph(
  look: Look,
  { direction }: Pick<Strings, "direction">,
  text: string,
  { top, left = 0, width, font, fill }: ParagraphPlace,
): Block {
  const lines = text === "" ? [] : wrapped(look, text, width, font);
  const height = Math.round(1.4 * font.size);
  const x = direction === "rtl" ? left + width : left;
  const marks = lines.map((line, i) =>
    tag(
      "text",
      {
        x,
        y: top + i * height + font.size,
        ...fontAttributes(look, font),
        direction: direction === "rtl" ? "rtl" : undefined,
        fill,
      },
      line,
    ),
  );
  return { height: lines.length * height, marks };
}
