// What is read, to choose words from: the text; or, where one text looks at another, both, one under the other.
import { choosing, chosenUnit, movingTo, toggling, type Direction } from "../reading/focus.ts";
import { keysOf, partOf } from "../runner/run_data.ts";
import { sideRead, type Axes } from "../reading/units.ts";
import { h } from "./dom.ts";
import { proseView, type Prose } from "./prose.ts";
import type { Scene, ViewEvents } from "./view.ts";

export interface Texts {
  readonly node: HTMLElement;
  /** `shares`: of every unit that is not read, by which it is shaded. */
  mark(scene: Scene, axes: Axes, read: readonly number[], shares: Float32Array): void;
  focus(direction: Direction): void;
}

export interface TextsEvents {
  clear(): void;
  isSeveral(): boolean;
  /** The pointer is over a unit of a side, or over none. */
  hover?(side: Direction, unit: number | undefined): void;
}

const SIDES: readonly Direction[] = ["from", "to"];

/** `sceneNow`: what is shown when a word is chosen. */
export function textsView(
  sceneNow: () => Scene,
  axes: Axes,
  events: ViewEvents,
  { clear, isSeveral, hover }: TextsEvents,
): Texts {
  const first = sceneNow();
  const isCross = partOf(first.run) === "cross";
  const { reading, parts } = first.strings;

  /** A text that looks at itself is read in the direction of the state. */
  const prose = (text: Scene["run"] | ReturnType<typeof keysOf>, side: Direction | undefined): Prose => {
    const direction = (): Direction => side ?? sceneNow().state.direction;
    const name = side === undefined ? reading.words : `${parts.sides[side]}. ${reading.words}`;
    return proseView(text, sideRead(axes, side ?? "from"), name, {
      move: (unit) => events.change(movingTo(sceneNow(), axes, unit, direction())),
      choose: (unit) => events.change(choosing(sceneNow(), axes, unit, direction())),
      toggle: (unit) => events.change(toggling(sceneNow(), axes, unit, direction())),
      ...{ clear, isSeveral },
      ...(hover && { hover: (unit) => hover(direction(), unit) }),
    });
  };

  if (!isCross) {
    const only = prose(first.run, undefined);
    return {
      node: only.node,
      mark({ state, strings }, _, read, shares) {
        const active = chosenUnit(sceneNow(), axes);
        only.mark(strings, { active, read, locked: state.locked.length > 0, shares });
      },
      focus: () => only.focus(),
    };
  }
  const both = { from: prose(first.run, "from"), to: prose(keysOf(first.run), "to") };
  const named = SIDES.map((side) =>
    h("div", { class: "side" }, h("p", { class: "side-name" }, parts.sides[side]), both[side].node),
  );
  return {
    node: h("div", { class: "sides" }, ...named),
    mark(scene, _, read, shares) {
      const { state, strings } = scene;
      for (const side of SIDES) {
        const isRead = side === state.direction;
        both[side].mark(strings, {
          active: chosenUnit(scene, axes, side),
          read: isRead ? read : [],
          locked: isRead && state.locked.length > 0,
          shares: isRead ? undefined : shares,
        });
      }
    },
    focus: (direction) => both[direction].focus(),
  };
}
