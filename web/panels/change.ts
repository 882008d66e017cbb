// The prediction at the chosen position, as trained and with the switches.
import { compareAt } from "./experiments.ts";
import { h } from "../views/dom.ts";
import { vocabularyLabel } from "../views/token_label.ts";
import { labelNode, panelNode, tableNode, type MakePanel } from "./panel.ts";

/** Beyond these the rows say nothing. */
const MOST = 6;

export const changePanel: MakePanel = (first) => {
  const said = h("p", { class: "verdict", role: "status" });
  const place = h("div");
  const about = h("p", { class: "aside" });
  const { node, title } = panelNode("change", said, place, about);

  function update({ trained, changed, cell, labels, strings }: typeof first): void {
    const words = strings.whatif.change;
    const word = labels[cell.row]?.plain ?? "";
    const comparison = compareAt(trained, changed, cell.row);
    title.textContent = trained.spelling === "bytes" ? words.titleNext(word) : words.title(word);
    place.replaceChildren();
    if (!comparison) return;
    const { guesses, first: top, last, distance } = comparison;
    const name = (token: string): string => vocabularyLabel(token, trained.spelling).plain;
    said.textContent =
      changed === trained
        ? words.same
        : words.said(distance, name(top.token), top.before, top.after, name(last.token));
    about.textContent = trained.model === "heed-bert" ? `${words.measure} ${words.pronoun}` : words.measure;
    const bar = (probability: number, kind: string): HTMLElement =>
      h(
        "span",
        { class: "chance-cell", style: { "--share": `${(100 * probability).toFixed(2)}%` } },
        strings.whatif.percent(probability),
        h("span", { class: `chance-bar ${kind}`, "aria-hidden": "true" }),
      );
    place.replaceChildren(
      tableNode(
        words.caption,
        [words.token, words.before, words.after, words.difference],
        guesses
          .slice(0, MOST)
          .map(({ token, before, after }) => [
            labelNode(vocabularyLabel(token, trained.spelling)),
            bar(before, "before"),
            bar(after, "after"),
            words.points(after - before),
          ]),
      ),
    );
  }

  update(first);
  return { node, update, dispose: () => {} };
};
