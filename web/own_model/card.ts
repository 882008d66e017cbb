// The card of a model of one's own: what it is and what it takes, as far as that is known.
import type { ModelEstimate } from "heed/models";
import type { ModelFacts } from "../runner/runner.ts";
import type { OwnStrings } from "../strings/own.ts";
import { h, type Child } from "../views/dom.ts";

export interface CardData {
  /** As it may be shown. */
  readonly name: string;
  /** Undefined: this machine. */
  readonly from: string | undefined;
  readonly estimate: ModelEstimate | undefined;
  readonly facts: ModelFacts | undefined;
}

export function cardView({ name, from, estimate, facts }: CardData, words: OwnStrings): HTMLElement {
  const { facts: said } = words;
  const known = facts ?? estimate;
  const bytes = estimate?.files.reduce((sum, file) => sum + file.bytes, 0);
  const rows: (readonly [string, Child])[] = [
    [said.architecture, known?.architecture],
    [said.kind, facts && (facts.isCausal ? said.causal : said.masked)],
    [said.layers, known && words.number(known.numLayers)],
    [said.heads, known && words.number(known.numHeads)],
    [said.tokens, known && words.number(known.maxLength)],
    [said.parameters, estimate && words.number(estimate.parameters)],
    [said.memory, estimate && words.bytes(estimate.weightBytes)],
    [said.download, from !== undefined && bytes !== undefined && words.bytes(bytes)],
    [said.source, from ?? said.disk],
  ];
  return h(
    "section",
    { class: "own-card", "aria-label": name },
    h("h2", {}, h("bdi", {}, name)),
    h(
      "dl",
      {},
      ...rows.flatMap(([term, value]) =>
        value ? [h("div", {}, h("dt", {}, term), h("dd", {}, h("bdi", {}, value)))] : [],
      ),
    ),
  );
}
