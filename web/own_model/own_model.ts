// "Use your own model": asked for by address or by files, told what it takes, loaded while the picture before stays where it
// is, and shown only when it is there.
import type { ModelEstimate } from "heed/models";
import type { Kept } from "../runner/desk.ts";
import { giveAddress, type Given } from "../runner/given.ts";
import type { OwnStrings } from "../strings/own.ts";
import { h } from "../views/dom.ts";
import { barView, type Bar } from "./bar.ts";
import { cardView } from "./card.ts";
import type { Dropped } from "./drops.ts";
import { pickedOf } from "./files.ts";
import { formView, type Form } from "./form.ts";
import { givenOf, isRepository, type Typed } from "./given.ts";
import { keptView } from "./kept_list.ts";
import { shown } from "./shown.ts";
import { NEW_STATE, wantedModel, type OwnModelHost, type OwnState, type Wanted } from "./wanted_model.ts";

export interface OwnModelPanel {
  readonly node: HTMLElement;
  /** All of it in another language. */
  speak(words: OwnStrings): void;
  /** What was dropped on the page. */
  take(dropped: Dropped): void;
  /** A link asks for this address; nothing is fetched before the visitor says so. */
  linked(address: string): Promise<void>;
}

const UNTYPED: Typed = { address: "", revision: "", hub: "", keep: true };

export function ownModelPanel(first: OwnStrings, host: OwnModelHost): OwnModelPanel {
  let words = first;
  let drawn = NEW_STATE;
  /** Of what is loading: the same from its beginning to its end. */
  let bar: Bar | undefined;
  const model = wantedModel(host, { changed: follow, progressed: (progress) => bar?.update(progress) });
  let form = makeForm(UNTYPED);
  const status = h("div", { class: "own-said", role: "status" });
  const place = h("div", { class: "own-wanted" });
  const list = h("div", { class: "own-kept" });
  const node = h("div", { class: "own-body" });

  function makeForm(typed: Typed): Form {
    return formView(typed, words, {
      typed: (typed) =>
        void model.lookUp({ given: givenOf(typed), name: shown(typed.address), isFromDisk: false }),
      picked: (picked) => void model.take(picked),
    });
  }

  /** Draws what has changed: what has not keeps its focus, and is not spoken again. */
  function follow(state: OwnState): void {
    const { stage, notice, kept } = drawn;
    drawn = state;
    if (state.stage !== stage) {
      bar = state.stage.at === "loading" ? barView(state.stage.wanted.name, words, cancel) : undefined;
      drawStage();
    }
    if (state.notice !== notice) drawNotice();
    if (state.kept !== kept) drawKept();
  }

  function cancel(): void {
    model.cancel();
    form.focus();
  }

  function drawNotice(): void {
    const { notice } = drawn;
    status.classList.toggle("failure", notice.isFailure);
    status.replaceChildren(...notice.lines(words).map((line) => h("p", {}, line)));
  }

  function drawStage(): void {
    const { stage } = drawn;
    if (stage.at === "nothing" || stage.at === "lookUp") return place.replaceChildren();
    const { wanted, estimate } = stage;
    const card = cardView(
      {
        name: wanted.name,
        from: wanted.isFromDisk ? undefined : whence(wanted.given),
        estimate,
        facts: stage.at === "shown" ? stage.facts : undefined,
      },
      words,
    );
    const below = stage.at === "found" ? offer(wanted, stage.estimate) : bar?.node;
    place.replaceChildren(card, ...(below ? [below] : []));
  }

  /** What can be done with what was found. */
  function offer(wanted: Wanted, estimate: ModelEstimate): HTMLElement {
    const { fits, weightBytes, files } = estimate;
    if (!fits) return h("p", { class: "own-said failure" }, words.tooLarge(weightBytes));
    const size = files.reduce((sum, file) => sum + file.bytes, 0);
    const click = (): void => void model.load(wanted, estimate);
    return h("button", { type: "button", class: "quiet primary", on: { click } }, words.download(size));
  }

  function drawKept(): void {
    list.replaceChildren(...keptView(drawn.kept, words, { open, remove: (kept) => void remove(kept) }));
  }

  function open({ name, hub, complete }: Kept): void {
    const given = giveAddress(name, { keep: true, ...(hub !== undefined && { hub }) });
    const wanted = { given, name: shown(name), isFromDisk: false };
    // What is whole needs no request; of the rest one may want to know how much is left.
    void (complete ? model.load(wanted) : model.lookUp(wanted));
  }

  async function remove(kept: Kept): Promise<void> {
    // Its button is gone.
    if (await model.remove(kept)) form.focus();
  }

  function build(): void {
    node.replaceChildren(h("p", { class: "own-intro" }, words.intro), form.node, status, place, list);
  }

  build();
  void model.list();
  return {
    node,
    speak(next) {
      words = next;
      form = makeForm(form.typed);
      build();
      bar?.speak(words);
      drawStage();
      drawNotice();
      drawKept();
    },
    take(dropped) {
      void pickedOf(dropped).then(model.take, () => model.take({ files: [], title: "" }));
    },
    linked(address) {
      form = makeForm({ ...UNTYPED, address });
      build();
      return model.linked(address);
    },
  };
}

/** Where an address leads. */
function whence({ source, options }: Given): string {
  const address = String(source);
  return isRepository(address) ? `${options.hub ?? "https://huggingface.co"}/${address}` : address;
}
