// Everything inside the shadow root: the message, the controls that are asked for, and the view.
import { hasSteps, isLong, keysOf, type ReadText } from "../runner/run_data.ts";
import { messageOf } from "../runner/runner.ts";
import type { Strings } from "../strings/index.ts";
import { AS_TRAINED } from "../state.ts";
import { changedSaid } from "../views/changed.ts";
import { cutView } from "../views/cut.ts";
import { button, h } from "../views/dom.ts";
import { numberTable } from "../views/number_table.ts";
import type { Scene, View, ViewEvents } from "../views/view.ts";
import { MAKE_CONTROL } from "./controls.ts";
import type { Drawing } from "./drawing.ts";
import { drawingOf, REGISTRY, SHOWN_VIEWS } from "./registry.ts";
import { CONTROLS, type ControlName } from "./settings.ts";

export interface Frame {
  readonly node: HTMLElement;
  /**
   * Draws a scene, with these controls around it: at once, or when what its view needs is there; never rejects. `own`: the model
   * that was set.
   */
  show(scene: Scene, controls: readonly ControlName[], own: string): void | Promise<void>;
  /** In the picture's place; what was drawn is forgotten. */
  say(message: string): void;
  /** Beside the picture, which stays. "": nothing. */
  note(message: string): void;
  speak(strings: Strings): void;
  dispose(): void;
}

/** `fail`: told what was said of a view that could not be drawn. */
export function makeFrame(events: ViewEvents, fail: (message: string) => void): Frame {
  const loading = h("p", { class: "loading", role: "status", part: "status" });
  const message = h("p", { class: "message", role: "status", part: "message" });
  const cut = h("div", { class: "cut", part: "cut" });
  const changed = h("p", { class: "changed", part: "changed" });
  const reset = button("", () => events.change({ whatIf: AS_TRAINED }));
  const untrained = h("div", { class: "untrained" }, changed, reset);
  const made = CONTROLS.map((name) => ({ name, ...MAKE_CONTROL[name](events, SHOWN_VIEWS) }));
  const nodeOf = (name: ControlName): HTMLElement | undefined => made.find((one) => one.name === name)?.node;
  const place = h("div", { class: "view", part: "view" });
  const tablePlace = h("div", { class: "table-place" });
  const rail = h("div", { class: "rail", part: "controls" }, nodeOf("layer"), nodeOf("heads"));
  const bar = h("div", { class: "views-bar" }, nodeOf("model"), nodeOf("view"), nodeOf("stage"));
  const options = h("div", { class: "options" }, nodeOf("map"), nodeOf("tokens"));
  const figure = h("div", { class: "figure" }, place, options, tablePlace);
  const picture = h(
    "div",
    { class: "picture", hidden: true },
    nodeOf("attention"),
    untrained,
    bar,
    nodeOf("sentence"),
    rail,
    figure,
  );
  const node = h("div", { class: "frame", part: "frame" }, loading, message, cut, picture);
  let view: View | undefined;
  let table: View | undefined;
  let drawn: { readonly drawing: Drawing; readonly strings: Strings } | undefined;
  let latest: Scene | undefined;

  function forget(): void {
    view?.dispose();
    table?.dispose();
    view = table = drawn = latest = undefined;
    place.ariaBusy = null;
    place.replaceChildren();
    tablePlace.replaceChildren();
  }

  function draw(scene: Scene, drawing: Drawing): void {
    place.ariaBusy = null;
    if (drawing === drawn?.drawing && drawn.strings === scene.strings) {
      view?.update(scene);
      return table?.update(scene);
    }
    forget();
    drawn = { drawing, strings: scene.strings };
    wear(node.getRootNode(), drawing.sheet);
    view = drawing.make(scene, events);
    place.append(view.node);
    const { table: stageOf } = REGISTRY[scene.state.view];
    table = stageOf && numberTable(scene, stageOf);
    if (table) tablePlace.append(table.node);
  }

  /** The picture from before stays until then. */
  async function drawLater(scene: Scene, coming: Promise<Drawing>): Promise<void> {
    place.ariaBusy = "true";
    const drawing = await coming.catch(messageOf);
    if (latest !== scene) return;
    if (typeof drawing !== "string") return draw(scene, drawing);
    forget();
    const { element, views } = scene.strings;
    message.textContent = element.notDrawn(views.names[scene.state.view], drawing);
    fail(message.textContent);
  }

  return {
    node,
    show(scene, controls, own) {
      const { run, state, strings } = scene;
      message.textContent = "";
      picture.hidden = false;
      changed.textContent = changedSaid(scene);
      untrained.hidden = changed.textContent === "";
      reset.textContent = strings.element.changed.reset;
      // Without controls it is a figure, as its author set it.
      reset.hidden = controls.length === 0;
      cut.replaceChildren(...[...new Set([run, keysOf(run)])].flatMap((text) => cutOf(scene, text)));
      const meant = REGISTRY[state.view].controls;
      for (const control of made) {
        const always = ["model", "sentence", "attention", "view"].includes(control.name);
        const isHere = always || meant.includes(control.name);
        const wanted = isHere && controls.includes(control.name) && hasRoom(control.name, scene, controls);
        control.node.hidden = !wanted || (control.name === "view" && SHOWN_VIEWS.length < 2);
        if (wanted) control.update(scene, own);
      }
      rail.hidden = [...rail.children].every((child) => (child as HTMLElement).hidden);
      // Without the heads' cards the layers are a line above the picture, not a column beside it that ends at once.
      picture.classList.toggle("railed", !nodeOf("heads")?.hidden);
      latest = scene;
      const drawing = drawingOf(scene);
      return drawing instanceof Promise ? drawLater(scene, drawing) : draw(scene, drawing);
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

/** What of a text was not read. */
function cutOf({ run, strings }: Scene, { text, pair, leftOut }: ReadText): (Node | string)[] {
  const { model, maxLength } = run;
  const read = [text, pair].filter(Boolean).join(" ");
  return [...cutView(read, leftOut, { strings: strings.element.cut, model, maxLength })];
}

function wear(root: Node, sheet: CSSStyleSheet | undefined): void {
  if (!sheet || !(root instanceof ShadowRoot) || root.adoptedStyleSheets.includes(sheet)) return;
  root.adoptedStyleSheets.push(sheet);
}

/** Whether a control has its numbers, in a run without whole matrices; and whether the view does not say the same already. */
function hasRoom(control: ControlName, { run, state }: Scene, controls: readonly ControlName[]): boolean {
  if (control === "attention") return run.stacks !== undefined;
  // Their text is shaded as the tokens are. Where no other view can be chosen, who asked for both shall have them.
  const isText = state.view === "text" || state.view === "rows";
  if (control === "sentence" && isText && controls.includes("view")) return false;
  if (!isLong(run)) return true;
  // Its matrix is a map, token by token.
  if (control === "tokens") return state.view !== "matrix";
  return control === "stage" ? hasSteps(run) && state.view === "matrix" : control !== "sentence";
}
