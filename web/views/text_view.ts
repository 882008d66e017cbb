// The sentence itself: every word shaded by how much the chosen words look at it, or it at them.
import { choosing, chosenUnit, movingTo, readUnits, toggling, turning } from "../focus.ts";
import { sharesOf, whenThere } from "../shares.ts";
import { unitsOf, type Units } from "../units.ts";
import { directionChoice } from "./direction_choice.ts";
import { h } from "./dom.ts";
import { proseView, type Prose } from "./prose.ts";
import { hiddenShare, spokenSummary } from "./spoken.ts";
import type { MakeView, Scene } from "./view.ts";

export const textView: MakeView = (first, events) => {
  let scene = first;
  let units: Units;
  let prose: Prose;
  /** Counts up, so that a late answer to an old question is dropped. */
  let asked = 0;

  const direction = directionChoice(scene.strings, scene.state.direction, (next) =>
    events.change(turning(scene, next)),
  );
  const unlock = h("button", { class: "quiet", type: "button", on: { click: clear } });
  const said = h("p", { class: "said", "aria-live": "polite" });
  const aside = h("p", { class: "aside" });
  const place = h("div");
  const node = h(
    "div",
    { class: "text-view" },
    h("div", { class: "tools" }, direction.node, unlock),
    place,
    said,
    aside,
  );

  function clear(): void {
    events.change({ locked: [] });
    prose.focus();
  }

  function build(): void {
    units = unitsOf(scene);
    prose = proseView(scene, units, {
      move: (unit) => events.change(movingTo(scene, units, unit)),
      choose: (unit) => events.change(choosing(scene, units, unit)),
      toggle: (unit) => events.change(toggling(scene, units, unit)),
      clear,
      hover(unit) {
        const [read] = readUnits(scene, units);
        const [a, b] = [units.shown[read ?? -1]?.from, units.shown[unit ?? -1]?.from];
        if (a === undefined || b === undefined) events.hover(undefined);
        else events.hover(scene.state.direction === "from" ? { row: a, col: b } : { row: b, col: a });
      },
    });
    place.replaceChildren(prose.node);
  }

  function draw(): void {
    const { state, strings } = scene;
    const read = readUnits(scene, units);
    const marks = { active: chosenUnit(scene, units), read, locked: state.locked.length > 0 };
    const head = state.heads[0] ?? 0;
    direction.select(state.direction);
    unlock.textContent = strings.textView.unlock;
    unlock.hidden = state.locked.length === 0;
    const question = ++asked;
    const shares = sharesOf(scene, units, { layer: state.layer, head, read, direction: state.direction });
    if (shares instanceof Promise) said.textContent = strings.reading.tooLong;
    whenThere(shares, (values) => {
      if (question !== asked) return;
      prose.mark(scene, { ...marks, shares: values });
      said.textContent = spokenSummary(strings, units, values, read, state.direction);
      const notes = [
        strings.textView.head(strings.reading.head(state.layer, head)),
        strings.textView.scale(state.direction === "from"),
      ];
      const hidden = hiddenShare(strings, units, values, state.direction);
      aside.textContent = [`${notes.join(" \u00b7 ")}.`, hidden, strings.textView.howTo]
        .filter(Boolean)
        .join(" ");
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
