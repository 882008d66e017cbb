// One list of words in order of their shares.
import type { Numbers } from "../strings/words.ts";
import { h } from "./dom.ts";
import { listenToOptions } from "./options.ts";
import { tokenNode, type TokenLabel } from "./token_label.ts";

export interface RankingData {
  readonly labels: readonly TokenLabel[];
  /** [m], for the same units. */
  readonly shares: Float32Array;
  /** How many are shown. */
  readonly most: number;
  /** The unit that is followed now; −1: none. */
  readonly followed: number;
  readonly name: string;
  readonly numbers: Numbers;
}

export interface RankingEvents {
  choose(unit: number): void;
  hover(unit: number | undefined): void;
}

/** Units in order of their shares, the greatest first; equals in the order of the text. */
export function ranked(shares: Float32Array): number[] {
  return [...shares.keys()].sort((a, b) => (shares[b] ?? 0) - (shares[a] ?? 0) || a - b);
}

/** Which of several words spelt alike each is, from 1 on; 0 for one that is alone. */
export function occurrences(labels: readonly TokenLabel[]): number[] {
  const counts = new Map<string, number>();
  const nth = labels.map(({ plain }) => {
    const count = (counts.get(plain) ?? 0) + 1;
    counts.set(plain, count);
    return count;
  });
  return nth.map((count, i) => ((counts.get(labels[i]?.plain ?? "") ?? 0) > 1 ? count : 0));
}

export function rankingView(data: RankingData, events: RankingEvents): HTMLElement {
  const order = ranked(data.shares).slice(0, data.most);
  const followed = order.indexOf(data.followed);
  let active = Math.max(0, followed);
  const nth = occurrences(data.labels);
  const options = order.map((unit, place) => {
    const label = data.labels[unit];
    const share = data.shares[unit] ?? 0;
    return h(
      "div",
      {
        class: "ranked",
        role: "option",
        "data-index": place,
        "aria-selected": String(place === followed),
        tabindex: place === active ? 0 : -1,
        style: { "--share": `${(100 * share).toFixed(2)}%` },
      },
      h(
        "span",
        { class: "ranked-word" },
        label && tokenNode(label),
        (nth[unit] ?? 0) > 0 && h("sub", {}, String(nth[unit])),
      ),
      " ",
      h("span", { class: "ranked-share", title: data.numbers.exact(share) }, data.numbers.percent(share)),
      h("span", { class: "ranked-bar", "aria-hidden": "true" }),
    );
  });
  const list = h("div", { class: "ranking", role: "listbox", "aria-label": data.name }, ...options);
  listenToOptions(list, {
    count: () => options.length,
    active: () => active,
    move(place) {
      options[active]?.setAttribute("tabindex", "-1");
      active = place;
      options[active]?.setAttribute("tabindex", "0");
      options[active]?.focus();
    },
    choose: (place) => events.choose(order[place] ?? 0),
    hover: (place) => events.hover(place === undefined ? undefined : order[place]),
  });
  return list;
}
