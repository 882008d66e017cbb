// What a state that is overwritten step by step keeps of each word: plain arithmetic, for the first section.
import type { PageStrings } from "../../strings/page.ts";
import { h } from "../../views/dom.ts";
import { directionOf } from "../../views/prose_pieces.ts";
import { bar, slider, type Figure } from "./parts.ts";

/** Of each of `count` words read in order, the share left at the end when every later step keeps `keep` of what there is. */
export function remaining(count: number, keep: number): number[] {
  return Array.from({ length: count }, (_, i) => keep ** (count - 1 - i));
}

/** As a reader counts words: what stands between spaces. */
export function wordsOf(text: string): string[] {
  return text.split(/\s+/u).filter((word) => word !== "");
}

/** Longer sentences would only repeat the picture. */
const MOST = 40;

export function memoryFigure({ lesson }: PageStrings): Figure & { show(text: string): void } {
  const words = lesson.memory;
  let shown: readonly string[] = [];
  const list = h("ol", { class: "fading", "aria-label": words.bars });
  const said = h("p", { class: "reading", role: "status" });
  const keep = slider({
    label: words.keep,
    min: 0.5,
    max: 1,
    step: 0.01,
    value: 0.8,
    format: lesson.percent,
    onInput: draw,
  });

  function draw(): void {
    const left = remaining(shown.length, keep.input.valueAsNumber);
    // The words run as their own language does.
    list.dir = directionOf(shown.join(" "));
    list.replaceChildren(
      ...shown.map((word, i) => {
        const share = left[i] ?? 0;
        return h(
          "li",
          { style: { "--left": String(share) } },
          h("bdi", { class: "word" }, word),
          bar(share),
          h("span", { class: "share" }, lesson.percent(share)),
        );
      }),
    );
    const [first] = shown;
    said.textContent =
      first === undefined
        ? lesson.empty
        : `${words.steps(shown.length)} ${words.first(first, shown.length - 1, lesson.percent(left[0] ?? 0))} ${words.direct}`;
  }
  return {
    node: h("div", { class: "hand" }, keep.node, list, said),
    show(text) {
      shown = wordsOf(text).slice(0, MOST);
      draw();
    },
  };
}
