// The sentence itself: every word shaded by how much the chosen words look at it, or it at them.
import { readUnits, turning } from "../reading/focus.ts";
import { sharesOf, whenThere } from "../reading/shares.ts";
import { axesOf, sideRead, sideShared, type Axes } from "../reading/units.ts";
import { directionChoice } from "./direction_choice.ts";
import { button, h } from "./dom.ts";
import { byPointer, severalToggle } from "./several.ts";
import { hiddenShare, spokenSummary } from "./spoken.ts";
import { textsView, type Texts } from "./texts.ts";
import type { MakeView, Scene } from "./view.ts";

export const textView: MakeView = (first, events) => {
  let scene = first;
  let axes: Axes;
  let texts: Texts;
  /** Counts up, so that a late answer to an old question is dropped. */
  let asked = 0;

  const direction = directionChoice(scene.strings, scene.state.direction, (next) =>
    events.change(turning(scene, next)),
  );
  const unlock = button("", clear);
  const several = severalToggle(scene.strings.textView.several);
  const said = h("p", { class: "said", "aria-live": "polite" });
  const aside = h("p", { class: "aside" });
  const place = h("div");
  const node = h(
    "div",
    { class: "text-view" },
    h("div", { class: "tools" }, direction.node, several.node, unlock),
    place,
    said,
    aside,
  );

  function clear(): void {
    events.change({ locked: [] });
    texts.focus(scene.state.direction);
  }

  function build(): void {
    axes = axesOf(scene);
    texts = textsView(() => scene, axes, events, {
      clear,
      isSeveral: several.isOn,
      hover(side, unit) {
        const { direction } = scene.state;
        const [read] = readUnits(scene, axes);
        const isOther = axes.rows === axes.cols || side !== direction;
        const a = sideRead(axes, direction).shown[read ?? -1]?.from;
        const b = isOther ? sideShared(axes, direction).shown[unit ?? -1]?.from : undefined;
        if (a === undefined || b === undefined) events.hover(undefined);
        else events.hover(direction === "from" ? { row: a, col: b } : { row: b, col: a });
      },
    });
    place.replaceChildren(texts.node);
  }

  function draw(): void {
    const { state, strings } = scene;
    const read = readUnits(scene, axes);
    const head = state.heads[0] ?? 0;
    direction.select(state.direction);
    unlock.textContent = strings.textView.unlock;
    unlock.hidden = state.locked.length === 0;
    const question = ++asked;
    const shares = sharesOf(scene, axes, { layer: state.layer, head, read, direction: state.direction });
    if (shares instanceof Promise) said.textContent = strings.reading.tooLong;
    whenThere(shares, (values) => {
      if (question !== asked) return;
      texts.mark(scene, axes, read, values);
      said.textContent = spokenSummary(strings, axes, values, read, state.direction);
      const notes = [
        strings.textView.head(strings.reading.head(state.layer, head)),
        strings.textView.scale(state.direction === "from"),
      ];
      const hidden = hiddenShare(strings, axes, values, state.direction);
      aside.textContent = [
        strings.reading.sentence(notes.join(" \u00b7 ")),
        hidden,
        byPointer(strings.textView.howTo),
      ]
        .filter(Boolean)
        .join(strings.reading.gap);
    });
  }

  build();
  draw();
  return {
    node,
    update(next) {
      const isOther = isOtherText(scene, next);
      scene = next;
      if (isOther) build();
      draw();
    },
    dispose: () => void asked++,
  };
};

/** Whether other units are shown, or of another run. */
export function isOtherText(before: Scene, after: Scene): boolean {
  return (
    before.run !== after.run ||
    before.strings !== after.strings ||
    before.state.words !== after.state.words ||
    before.state.special !== after.state.special ||
    before.state.renormalise !== after.state.renormalise
  );
}
