// Everything inside the shadow root: the message, the controls that are asked for, and the view.
import { isLong } from "../runner/run_data.ts";
import type { ViewName } from "../state.ts";
import type { Strings } from "../strings/index.ts";
import { changedSaid } from "../views/changed.ts";
import { cutView } from "../views/cut.ts";
import { h } from "../views/dom.ts";
import { numberTable } from "../views/number_table.ts";
import type { Scene, View, ViewEvents } from "../views/view.ts";
import { MAKE_CONTROL } from "./controls.ts";
import { REGISTRY, SHOWN_VIEWS } from "./registry.ts";
import { CONTROLS, type ControlName } from "./settings.ts";

export interface Frame {
  readonly node: HTMLElement;
  /** Draws a scene, with these controls around it. */
  show(scene: Scene, controls: readonly ControlName[]): void;
  /** In the picture's place; what was drawn is forgotten. */
  say(message: string): void;
  /** Beside the picture, which stays. "": nothing. */
  note(message: string): void;
  speak(strings: Strings): void;
  dispose(): void;
}

export function makeFrame(events: ViewEvents): Frame {
  const loading = h("p", { class: "loading", role: "status", part: "status" });
  const message = h("p", { class: "message", role: "status", part: "message" });
  const cut = h("div", { class: "cut", part: "cut" });
  const changed = h("p", { class: "changed", part: "changed" });
  const made = CONTROLS.map((name) => ({ name, ...MAKE_CONTROL[name](events, SHOWN_VIEWS) }));
  const nodeOf = (name: ControlName): HTMLElement | undefined => made.find((one) => one.name === name)?.node;
  const place = h("div", { class: "view", part: "view" });
  const tablePlace = h("div");
  const rail = h("div", { class: "rail", part: "controls" }, nodeOf("layer"), nodeOf("heads"));
  const panels = h(
    "div",
    { class: "panels" },
    rail,
    h("div", { class: "figure" }, nodeOf("view"), nodeOf("stage"), place, nodeOf("map"), tablePlace),
  );
  const picture = h(
    "div",
    { class: "picture", hidden: true },
    nodeOf("model"),
    nodeOf("sentence"),
    changed,
    panels,
  );
  const node = h("div", { class: "frame", part: "frame" }, loading, message, cut, picture);
  let view: View | undefined;
  let table: View | undefined;
  let name: ViewName | undefined;
  let strings: Strings | undefined;

  function forget(): void {
    view?.dispose();
    table?.dispose();
    view = table = undefined;
    place.replaceChildren();
    tablePlace.replaceChildren();
  }

  function draw(scene: Scene): void {
    const registered = REGISTRY[scene.state.view] ?? REGISTRY.matrix;
    if (view && name === scene.state.view && strings === scene.strings) {
      view.update(scene);
      return table?.update(scene);
    }
    forget();
    name = scene.state.view;
    strings = scene.strings;
    view = registered?.make(scene, events);
    table = registered?.table && numberTable(scene, registered.table);
    if (view) place.append(view.node);
    if (table) tablePlace.append(table.node);
  }

  return {
    node,
    show(scene, controls) {
      const { run, state, strings } = scene;
      message.textContent = "";
      picture.hidden = false;
      changed.textContent = changedSaid(run.whatIf, strings.element);
      changed.hidden = changed.textContent === "";
      cut.replaceChildren(
        ...cutView([run.text, run.pair].filter(Boolean).join(" "), run.leftOut, {
          strings: strings.element.cut,
          model: run.model,
          maxLength: run.maxLength,
        }),
      );
      const meant = REGISTRY[state.view]?.controls ?? [];
      for (const control of made) {
        const always = ["model", "sentence", "view"].includes(control.name);
        // A long run holds no whole matrices to draw them of.
        const isSmall = !isLong(run) || !["sentence", "heads", "stage"].includes(control.name);
        const wanted = isSmall && controls.includes(control.name) && (always || meant.includes(control.name));
        control.node.hidden = !wanted || (control.name === "view" && SHOWN_VIEWS.length < 2);
        if (wanted) control.update(scene);
      }
      rail.hidden = [...rail.children].every((child) => (child as HTMLElement).hidden);
      panels.classList.toggle("railed", !rail.hidden);
      draw(scene);
    },
    say(text) {
      forget();
      cut.replaceChildren();
      picture.hidden = true;
      message.textContent = text;
    },
    note(text) {
      loading.textContent = text;
    },
    speak(strings) {
      node.lang = strings.language;
      node.dir = strings.direction;
    },
    dispose: forget,
  };
}
