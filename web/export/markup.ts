// XML from values: text only ever becomes text.

/** What was written here, and so need not be escaped. */
export class Markup {
  constructor(readonly source: string) {}
}

export type Child = Markup | string | number | false | undefined;
export type Attributes = Readonly<Record<string, string | number | undefined>>;

/** Elements whose children stand on lines of their own; in others spaces mean something. */
const CONTAINERS = new Set(["svg", "g", "defs", "pattern", "linearGradient"]);

export function tag(name: string, attributes: Attributes, ...children: readonly Child[]): Markup {
  const said = Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [` ${key}="${escaped(text(value))}"`],
  );
  const within = children
    .filter((child) => child !== false && child !== undefined && child !== "")
    .map((child) => (child instanceof Markup ? child.source : escaped(text(child as string | number))));
  if (within.length === 0) return new Markup(`<${name}${said.join("")}/>`);
  const between = CONTAINERS.has(name) ? "\n" : "";
  return new Markup(`<${name}${said.join("")}>${between}${within.join(between)}${between}</${name}>`);
}

/** A coordinate: hundredths of a pixel are enough. */
export function round(value: number): number {
  return Math.round(100 * value) / 100 || 0;
}

function text(value: string | number): string {
  return typeof value === "number" ? String(round(value)) : value;
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** Characters that XML 1.0 can't hold (section 2.2), halves of surrogate pairs among them, become U+FFFD. */
function escaped(value: string): string {
  return value
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "\ufffd")
    .replace(/[&<>"]/g, (character) => ENTITIES[character] ?? "");
}
