// What the signs among a text's tokens mean: of those that are there.
import { keysOf } from "../runner/run_data.ts";
import { isolated } from "../strings/words.ts";
import { keyLabelsOf } from "../reading/units.ts";
import { h } from "./dom.ts";
import { shortened } from "./token_label.ts";
import type { Scene } from "./view.ts";

type Shown = Pick<Scene, "run" | "labels" | "keyLabels" | "strings">;

/** Each in a few words. */
export function signsOf({ run, labels, keyLabels, strings }: Shown): string[] {
  const { signs } = strings.element;
  const texts = [...new Set([run, keysOf(run)])];
  const all = [...labels, ...keyLabelsOf({ labels, ...(keyLabels && { keyLabels }) })];
  const special = (at: 0 | -1): string[] =>
    texts.flatMap((text) => text.tokens.at(at) ?? []).flatMap((token) => (token.special ? token.text : []));
  const unknown = texts.flatMap((text) =>
    text.tokens
      .filter((token) => token.text === "[UNK]" && token.end > token.start)
      .map(({ sequence, start, end }) => (sequence === 1 ? text.pair : text.text).slice(start, end)),
  );
  const byte = all.map(({ text }) => /\u2039[\dA-F]{2}\u203a/.exec(text)?.[0]).find(Boolean);
  const told = [signs.token];
  const [first, last] = [special(0)[0], special(-1)[0]];
  if (first) told.push(signs.first(isolated(first)));
  if (last) told.push(signs.last(isolated(last)));
  if (all.some(({ mark }) => mark === "##")) told.push(signs.piece(isolated("##")));
  if (all.some(({ mark, text }) => (mark || text) === "\u2423")) told.push(signs.space(isolated("\u2423")));
  if (byte && run.spelling === "bytes") told.push(signs.byte(isolated(byte)));
  if (unknown.length > 0)
    told.push(
      signs.unknown(
        isolated("[UNK]"),
        [...new Set(unknown)].map((word) => shortened(word, 12)),
      ),
    );
  return told;
}

/** Open where it is a line, closed at first on a phone. */
export function signsView(): { readonly node: HTMLElement; update(shown: Shown): void } {
  const summary = h("summary");
  const said = h("p");
  const node = h("details", { class: "signs" }, summary, said);
  node.open = matchMedia("(min-width: 40rem)").matches;
  return {
    node,
    update(shown) {
      summary.textContent = shown.strings.element.signs.title;
      said.textContent = signsOf(shown).join(" \u00b7 ");
    },
  };
}
