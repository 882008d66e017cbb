// "Use your own model": asked for by address or by files, told what it takes, loaded while the picture before stays where it
// is, and shown only when it is there.
import type { ModelEstimate } from "heed/models";
import type { Desk, Kept } from "../runner/desk.ts";
import { give, giveAddress, type Given } from "../runner/given.ts";
import { codeOf, messageOf, type ModelFacts, type Runner } from "../runner/runner.ts";
import type { OwnStrings } from "../strings/own.ts";
import { h } from "../views/dom.ts";
import { barView, type Bar } from "./bar.ts";
import { cardView } from "./card.ts";
import type { Dropped } from "./drops.ts";
import { pickedOf, type Picked } from "./files.ts";
import { formView, type Form } from "./form.ts";
import { givenOf, isRepository } from "./given.ts";
import { keptView } from "./kept_list.ts";
import { shown } from "./shown.ts";

export interface OwnModelHost {
  readonly runner: Runner & Desk;
  /** Shows a model that is loaded, and stays so until another is shown. */
  show(name: string, facts: ModelFacts): void;
}

export interface OwnModelPanel {
  readonly node: HTMLElement;
  /** All of it in another language. */
  speak(words: OwnStrings): void;
  /** What was dropped on the page. */
  take(dropped: Dropped): void;
  /** A link asks for this address; nothing is fetched before the visitor says so. */
  linked(address: string): Promise<void>;
}

/** A model that is asked for. */
interface Wanted {
  readonly given: Given;
  readonly name: string;
  readonly isFromDisk: boolean;
  readonly estimate?: ModelEstimate;
  readonly facts?: ModelFacts;
}

const NOTHING = { address: "", revision: "", hub: "", keep: true };

export function ownModelPanel(first: OwnStrings, host: OwnModelHost): OwnModelPanel {
  const { runner } = host;
  let words = first;
  let form: Form = makeForm(NOTHING);
  let wanted: Wanted | undefined;
  /** Of what is under way. */
  let canceller: AbortController | undefined;
  let held: Given | undefined;
  let kept: readonly Kept[] = [];
  let saying: (words: OwnStrings) => readonly string[] = () => [];

  const status = h("div", { class: "own-said", role: "status" });
  const place = h("div", { class: "own-wanted" });
  const list = h("div", { class: "own-kept" });
  const node = h("div", { class: "own-body" });

  function makeForm(typed: typeof NOTHING): Form {
    return formView(typed, words, {
      typed: (typed) => {
        const given = givenOf(typed);
        void lookUp({ given, name: shown(typed.address), isFromDisk: false });
      },
      picked: (picked) => void takePicked(picked),
    });
  }

  function say(next: typeof saying, isFailure = false): void {
    saying = next;
    status.classList.toggle("failure", isFailure);
    status.replaceChildren(...next(words).map((line) => h("p", {}, line)));
  }

  function draw(bar?: Bar): void {
    const { given, estimate } = wanted ?? {};
    if (!wanted || !given) return place.replaceChildren();
    const from = wanted.isFromDisk ? undefined : whence(given);
    const card = cardView({ ...wanted, from, estimate, facts: wanted.facts }, words);
    place.replaceChildren(
      card,
      ...(bar ? [bar.node] : wanted.facts || !estimate ? [] : [offer(wanted, estimate)]),
    );
  }

  /** What can be done with what was found. */
  function offer(found: Wanted, { fits, weightBytes, files }: ModelEstimate): HTMLElement {
    if (!fits) return h("p", { class: "own-said failure" }, words.tooLarge(weightBytes));
    const size = files.reduce((sum, file) => sum + file.bytes, 0);
    const click = (): void => void load(found);
    return h("button", { type: "button", class: "quiet primary", on: { click } }, words.download(size));
  }

  /** Whether this is still what is wanted. */
  const isCurrent = (mine: AbortController): boolean => canceller === mine;

  function begin(next: Wanted | undefined): AbortController {
    canceller?.abort();
    wanted = next;
    return (canceller = new AbortController());
  }

  async function lookUp(asked: Wanted): Promise<void> {
    const mine = begin(asked);
    place.replaceChildren();
    say(({ looking }) => [looking(asked.name)]);
    try {
      const estimate = await runner.estimate(asked.given, mine.signal);
      if (!isCurrent(mine)) return;
      wanted = { ...asked, estimate };
      say(() => []);
      draw();
      // From the disk there is nothing to think over.
      if (asked.isFromDisk && estimate.fits) await load(wanted);
    } catch (error) {
      if (isCurrent(mine)) fail(asked, error);
    }
  }

  async function load(found: Wanted): Promise<void> {
    const mine = begin(found);
    const bar = barView(words.loading(found.name), words, () => {
      mine.abort();
      form.focus();
    });
    say(({ opening }) => [opening(found.name)]);
    draw(bar);
    try {
      const facts = await runner.load(found.given.name, bar.update, mine.signal);
      if (!isCurrent(mine)) return runner.release(found.given.name);
      if (held) runner.release(held.name);
      held = found.given;
      wanted = { ...found, facts };
      host.show(found.given.name, facts);
      say(({ shown: is, hasDecoder }) => [is(found.name), ...(facts.hasDecoder ? [hasDecoder] : [])]);
      draw();
    } catch (error) {
      if (isCurrent(mine)) fail(found, error);
    }
    await listKept();
  }

  function fail({ name, given, isFromDisk }: Wanted, error: unknown): void {
    wanted = undefined;
    draw();
    const code = codeOf(error);
    if (code === "aborted")
      return say(({ cancelled, cancelledKept }) => [given.options.keep ? cancelledKept : cancelled]);
    // The engine's own words are for who writes programs.
    if (code === "invalid-argument" && !isFromDisk && given.options.revision === undefined)
      return say(({ failed, badAddress }) => [failed(name), badAddress], true);
    const detail = shownDetail(messageOf(error));
    say(
      ({ failed, errors, detail: before }) => [
        failed(name),
        errors[code] ?? errors["crashed"] ?? "",
        `${before} \u2068${detail}\u2069`,
      ],
      true,
    );
  }

  async function takePicked({ files, title }: Picked): Promise<void> {
    if (files.length === 0) return say(({ noFiles }) => [noFiles], true);
    const name = title || "model";
    await lookUp({ given: give(files, name), name: shown(name), isFromDisk: true });
  }

  async function listKept(change: () => Promise<readonly Kept[]> = () => runner.kept()): Promise<void> {
    // Where nothing can be kept there is nothing to list.
    kept = await change().catch(() => []);
    drawKept();
  }

  function drawKept(): void {
    list.replaceChildren(
      ...keptView(kept, words, {
        open({ name, hub, complete }) {
          const given = giveAddress(name, { keep: true, ...(hub !== undefined && { hub }) });
          const asked = { given, name: shown(name), isFromDisk: false };
          // What is whole needs no request; of the rest one may want to know how much is left.
          void (complete ? load(asked) : lookUp(asked));
        },
        remove: (model) => void remove(model),
      }),
    );
  }

  async function remove(model: Kept): Promise<void> {
    try {
      kept = await runner.remove(model);
      say(({ removed }) => [removed(shown(model.name))]);
      drawKept();
      form.focus();
    } catch (error) {
      fail({ given: giveAddress(model.name, {}), name: shown(model.name), isFromDisk: false }, error);
    }
  }

  function build(): void {
    node.replaceChildren(h("p", { class: "own-intro" }, words.intro), form.node, status, place, list);
  }

  build();
  void listKept();
  return {
    node,
    speak(next) {
      words = next;
      form = makeForm(form.typed);
      build();
      say(saying, status.classList.contains("failure"));
      // What is under way keeps its bar.
      if (!canceller || wanted?.facts || wanted?.estimate) draw();
      drawKept();
    },
    take(dropped) {
      void pickedOf(dropped).then(takePicked, () => takePicked({ files: [], title: "" }));
    },
    async linked(address) {
      form = makeForm({ ...NOTHING, address });
      build();
      const mine = begin(undefined);
      say(({ linked }) => [linked(shown(address))]);
      // Who has it kept has been asked before, and nothing needs to be fetched.
      const known = (await runner.kept().catch(() => [])).some(
        ({ name, hub, complete }) => name === address && hub === undefined && complete,
      );
      if (known && isCurrent(mine))
        await load({ given: giveAddress(address, { keep: true }), name: shown(address), isFromDisk: false });
    },
  };
}

/** Where an address leads. */
function whence({ source, options }: Given): string {
  const address = String(source);
  return isRepository(address) ? `${options.hub ?? "https://huggingface.co"}/${address}` : address;
}

/** As much of a message as one reads. */
function shownDetail(message: string): string {
  return message.length > 500 ? `${message.slice(0, 499)}\u2026` : message;
}
