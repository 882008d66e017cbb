// How far a download is: a bar, bytes, the time that is left, and a way out.
import type { Progress } from "../runner/runner.ts";
import type { OwnStrings } from "../strings/own.ts";
import { button, h } from "../views/dom.ts";
import { pace } from "./pace.ts";

export interface Bar {
  readonly node: HTMLElement;
  update(progress: Progress): void;
  speak(words: OwnStrings): void;
}

/** `name`: of the model, as it may be shown. */
export function barView(name: string, first: OwnStrings, onCancel: () => void): Bar {
  const measure = pace();
  let words = first;
  let far: { readonly loaded: number; readonly total: number; readonly left: number | undefined } | undefined;
  const bar = h("progress");
  const text = h("p", { class: "aside" });
  const cancel = button("", onCancel);
  const node = h("div", { class: "own-bar" }, bar, text, cancel);

  function tell(): void {
    if (!far) return;
    const said = words.progress(far.loaded, far.total);
    text.textContent = far.left === undefined ? said : `${said}, ${words.left(far.left)}`;
  }

  function speak(next: OwnStrings): void {
    words = next;
    bar.setAttribute("aria-label", words.loading(name));
    cancel.textContent = words.cancel;
    tell();
  }

  speak(first);
  return {
    node,
    speak,
    update({ overall }) {
      if (!overall || overall.total === 0) return;
      const { loaded, total } = overall;
      bar.max = total;
      bar.value = loaded;
      far = { loaded, total, left: measure.left(loaded, total, performance.now()) };
      tell();
    },
  };
}
