// How far a download is: a bar, bytes, the time that is left, and a way out.
import type { Progress } from "../runner/runner.ts";
import type { OwnStrings } from "../strings/own.ts";
import { h } from "../views/dom.ts";
import { pace } from "./pace.ts";

export interface Bar {
  readonly node: HTMLElement;
  update(progress: Progress): void;
}

export function barView(label: string, words: OwnStrings, onCancel: () => void): Bar {
  const measure = pace();
  const bar = h("progress", { "aria-label": label });
  const text = h("p", { class: "aside" });
  const node = h(
    "div",
    { class: "own-bar" },
    bar,
    text,
    h("button", { type: "button", class: "quiet", on: { click: onCancel } }, words.cancel),
  );
  return {
    node,
    update({ overall }) {
      if (!overall || overall.total === 0) return;
      const { loaded, total } = overall;
      bar.max = total;
      bar.value = loaded;
      const left = measure.left(loaded, total, performance.now());
      const said = words.progress(loaded, total);
      text.textContent = left === undefined ? said : `${said}, ${words.left(left)}`;
    },
  };
}
