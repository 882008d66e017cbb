// The one sentence that says what a picture of shares shows.
import type { Direction } from "../reading/focus.ts";
import type { Strings } from "../strings/index.ts";
import { sideRead, sideShared, type Axes } from "../reading/units.ts";
import { h } from "./dom.ts";

/** ‘it’ looks most at ‘animal’, 61 % (L2H1). The head is named where there are several. */
export function spokenSummary(
  { reading }: Strings,
  axes: Axes,
  shares: Float32Array,
  read: readonly number[],
  direction: Direction,
  head?: string,
): string {
  const most = shares.indexOf(Math.max(...shares));
  const label = sideShared(axes, direction).labels[most];
  if (!label || read.length === 0) return reading.nothingShown;
  const words = read.map((unit) => sideRead(axes, direction).labels[unit]?.plain ?? "");
  const share = shares[most] ?? 0;
  if (direction === "from")
    return reading.sentence(reading.looksMost(words, label.plain, reading.percent(share)), head);
  const said =
    share < 0.01 ? reading.nobodyLooks(words) : reading.lookedAt(words, label.plain, reading.percent(share));
  return reading.sentence(said, head);
}

/** One sentence a head, each on a line of its own. */
export function say(said: HTMLElement, sentences: readonly string[]): void {
  said.classList.toggle("several", sentences.length > 1);
  said.replaceChildren(
    ...[...new Set(sentences)].flatMap((sentence, i) => [
      i > 0 ? " " : "",
      h("span", { class: "sentence-line" }, sentence),
    ]),
  );
}

/** How much of what the read words give is not shown; undefined where all is, or nothing can be said. */
export function hiddenShare(
  { reading }: Strings,
  { cols }: Axes,
  shares: Float32Array,
  direction: Direction,
): string | undefined {
  if (direction === "to" || cols.renormalise || !cols.ofToken.includes(-1)) return undefined;
  if (shares.length === 0) return undefined;
  const rest = 1 - shares.reduce((sum, share) => sum + share, 0);
  return rest < 0.005 ? undefined : reading.hiddenShare(reading.percent(rest));
}
