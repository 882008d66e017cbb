// The composition root: what is typed and picked goes to the element; what the element shows goes to the panels around it.
import { carried } from "./element/adapt.ts";
import { HeedAttention } from "./element/element.ts";
import { EXAMPLES, type Example } from "./examples.ts";
import { followedCell } from "./focus.ts";
import { buildPage } from "./page.ts";
import { targetField } from "./target_field.ts";
import { takeDrops } from "./own_model/drops.ts";
import type { OwnModelPanel } from "./own_model/own_model.ts";
import { shortName } from "./runner/local.ts";
import {
  headMatrix,
  isLong,
  keysOf,
  MODELS,
  partOf,
  type ModelName,
  type RunData,
} from "./runner/run_data.ts";
import { createRemoteRunner, type Port } from "./runner/remote.ts";
import { lookedFor, strongest } from "./selection.ts";
import type { WhatIfPanels } from "./panels/what_if.ts";
import { chosenLanguage, keepLanguage, offeredLanguage } from "./language.ts";
import { keepAddress, type Arrival } from "./share/address.ts";
import { showState } from "./share/show.ts";
import { DEFAULT_STATE, sameRun, type ViewState } from "./state.ts";
import { languageOf, type Language } from "./strings/languages.ts";
import { pageEnglish, pageStringsOf, type PageStrings } from "./strings/page.ts";
import { whenVisible } from "./element/visible.ts";
import { choiceView } from "./views/choice.ts";
import { predictionsView } from "./views/predictions.ts";
import { h } from "./views/dom.ts";
import { tokenLabels, visible } from "./views/token_label.ts";
import type { ModelFacts } from "./runner/runner.ts";

/** Typing counts as paused after this many milliseconds. */
const PAUSE = 150;
/** What can wait for the first picture comes without it after this many: the picture may be out of sight. */
const LONGEST_WAIT = 2000;

interface State {
  model: string;
  /** One of the visitor's own, that is loaded. */
  own: { readonly model: string; readonly facts: ModelFacts } | undefined;
  /** Each model keeps its own head. */
  readonly heads: Record<string, { layer: number; head: number }>;
  /** Whose text stands in the input unchanged. */
  example: Example | undefined;
  /** An example was just picked, so that the next run moves to what there is to see in it. */
  moveToLook: boolean;
  /** Whose run is shown. */
  shown: string | undefined;
  /** What a link asks for, until the visitor asks for something else. */
  linked: ViewState | undefined;
  /** What a link asks for of a model that is not here, until it is. */
  waiting: ViewState | undefined;
  /** The page shows, or is about to show, what it opens with. */
  isOpening: boolean;
  /** What of the link could not be followed. */
  linkSays: (words: PageStrings["share"]) => string;
}

export function startApp(root: HTMLElement, port: Port): void {
  const runner = createRemoteRunner(port);
  HeedAttention.runner = runner;
  customElements.define("heed-attention", HeedAttention);
  const page = buildPage(root);
  const { input, figure, slots } = page;
  const opened = firstAnswer(figure);
  const target = targetField(figure, moved);
  slots.target.append(target.node);
  let strings: PageStrings = pageEnglish;
  let spoken: Language = "en";
  const state: State = {
    model: "heed-bert",
    own: undefined,
    heads: { "heed-bert": { layer: 2, head: 1 }, "heed-gpt": { layer: 2, head: 2 } },
    example: EXAMPLES[0],
    moveToLook: true,
    shown: undefined,
    linked: undefined,
    waiting: undefined,
    isOpening: true,
    linkSays: () => "",
  };

  function ask(): void {
    figure.model = state.model;
    // Cells that were hidden are those of the text before.
    if (figure.text !== input.value) figure.hide = [];
    figure.text = input.value;
    if (input.value.trim() === "") clear();
    drawWhatIf();
  }

  /** The visitor did something: what was linked, or opened with, is not what is wanted any more. */
  function moved(): void {
    state.linked = undefined;
    state.waiting = undefined;
    state.isOpening = false;
    state.linkSays = () => "";
    page.linkSaid.textContent = "";
  }

  function clear(): void {
    page.status.textContent = "";
    slots.predictions.replaceChildren();
  }

  /** Of a run that is about to be drawn, or is: which head and cell to show, and what to say. */
  function arrange(run: RunData): void {
    const bundled = MODELS.find((name) => name === state.model);
    const look = bundled && state.example?.looks[bundled];
    if (state.linked) showLinked(run, state.linked);
    else if (state.moveToLook && look) show(look.layer, look.head);
    else if (state.shown !== run.model)
      show(state.heads[run.model]?.layer ?? 0, state.heads[run.model]?.head ?? 0);
    const weights = headMatrix(run, "weights", figure.layer, figure.head);
    const { row } = followedCell({ run, state: figure.state });
    if (state.linked) figure.cell ??= followedCell({ run, state: figure.state });
    else if (state.moveToLook && look) figure.cell = lookedFor(look, tokenLabels(run), run, weights);
    else if (state.shown !== run.model || !figure.cell)
      figure.cell = { row, col: isLong(run) ? row : strongest(weights, row, keysOf(run).tokens.length) };
    state.moveToLook = false;
    state.shown = run.model;
    tell(run);
    if (state.isOpening) address.opened();
    changes.observe(figure, { attributes: true });
  }

  /** What there is to say of a run, in the page's language. */
  function tell(run: RunData): void {
    const { numLayers, numHeads, milliseconds } = run;
    // Of the field above it.
    const { tokens } = run.stacks?.source ?? run;
    const notes = isBundled() && state.example && strings.examples[EXAMPLES.indexOf(state.example)];
    slots.note.textContent = (notes && notes[run.model === "heed-gpt" ? 1 : 0]) || "";
    page.status.textContent = strings.page.status(tokens.length, numLayers * numHeads, milliseconds);
    target.show(strings);
    drawPredictions(run);
    drawHint(run);
  }

  /** As far as the run has it. */
  function showLinked(run: RunData, linked: ViewState): void {
    const shown = { ...linked, ...carried(linked, undefined, run) };
    showState(figure, shown);
    state.heads[run.model] = { layer: shown.layer, head: shown.heads[0] ?? 0 };
    if (JSON.stringify(shown) === JSON.stringify(linked)) return;
    state.linkSays = ({ beyond }) => beyond;
    page.linkSaid.textContent = strings.share.beyond;
  }

  function show(layer: number, head: number): void {
    figure.layer = layer;
    figure.head = head;
  }

  /** All that follows the chosen row. */
  function drawPredictions(run: RunData): void {
    const { row } = followedCell({ run, state: figure.state });
    const [token, label, predictions] = [run.tokens[row], tokenLabels(run)[row], run.predictions[row]];
    if (!token || !label || !predictions) return;
    const { model, spelling } = run;
    if (!saysWords(run)) return slots.predictions.replaceChildren();
    const mask = maskOf(run);
    const onHide = (): void => {
      input.value = `${run.text.slice(0, token.start)}${mask}${run.text.slice(token.end)}${run.leftOut}`;
      onTyped();
      input.focus();
    };
    const onWhich = isLong(run) ? undefined : (): void => whatIf?.enter();
    slots.predictions.replaceChildren(
      predictionsView(
        {
          model,
          isBundled: isBundled(),
          isDecoder: run.stacks !== undefined,
          mask,
          spelling,
          token,
          label,
          predictions,
        },
        { strings, onHide, onWhich },
      ),
    );
  }

  /** Whether the model that is shown came with the page. */
  const isBundled = (): boolean => state.own === undefined || figure.model !== state.own.model;

  /** What stands for a word to be guessed; "": the model reads from left to right. */
  function maskOf(run: RunData): string {
    const { model, spelling } = run;
    const isCausal = isBundled() ? model === "heed-gpt" : state.own?.facts.isCausal;
    if (isCausal || partOf(run) !== "encoder") return "";
    return spelling === "wordpiece" ? "[MASK]" : "<mask>";
  }

  /** An encoder-decoder's words are its decoder's. */
  const saysWords = (run: RunData): boolean => !run.stacks || run.stacks.part !== "encoder";

  function drawHint(run: RunData | undefined): void {
    const { page: words } = strings;
    if (!run || isBundled()) {
      page.hint.textContent = words.hint("heed-bert", "[MASK]");
      return;
    }
    const [model, mask] = [`\u2068${run.model}\u2069`, maskOf(run)];
    const hint = mask === "" ? words.hintCausal(model) : words.hint(model, mask);
    page.hint.textContent = run.stacks ? "" : hint;
  }

  let pause: ReturnType<typeof setTimeout> | undefined;
  function onTyped(): void {
    moved();
    state.example = EXAMPLES.find(({ text }) => text === input.value);
    page.examples.value = state.example ? String(EXAMPLES.indexOf(state.example)) : "";
    clearTimeout(pause);
    pause = setTimeout(ask, PAUSE);
  }

  /** The second after the first picture, which comes as soon as it can; what fails, the element says when it is asked. */
  async function loadAll(): Promise<void> {
    const ready: ModelName[] = [];
    for (const model of MODELS) {
      try {
        await runner.load(model);
        ready.push(model);
        root.dataset.ready = ready.join(" ");
      } catch {
        // The next may come all the same.
      }
      await opened;
    }
  }

  let drawRest: typeof import("./rest.ts").drawRest | undefined;

  async function loadRest(): Promise<void> {
    await Promise.race([opened, within(LONGEST_WAIT)]);
    ({ drawRest } = await import("./rest.ts"));
    speakRest();
  }

  function speakRest(): void {
    whatIf?.dispose();
    whatIf = drawRest?.(page, figure, { runner, strings, state: () => figure.state, change });
    drawWhatIf();
  }

  /** What a panel asks for, done to the element or to the input. */
  function change(next: Partial<ViewState>): void {
    const { text, pair, target, whatIf, layer, heads, cell, direction, locked } = next;
    moved();
    if (whatIf) {
      const { causal, hidden, scaled, temperature, positions, ablated } = whatIf;
      Object.assign(figure, { causal, hide: hidden, scaled, temperature, positions, ablate: ablated });
    }
    if (layer !== undefined) figure.layer = layer;
    if (heads) figure.heads = heads;
    if (direction) figure.direction = direction;
    if (locked) figure.locked = locked;
    if (cell) figure.cell = cell;
    if (pair !== undefined) figure.pair = pair;
    if (target !== undefined) figure.target = target;
    if (text !== undefined) {
      input.value = text;
      onTyped();
    }
    if (figure.run) drawPredictions(figure.run);
    drawWhatIf();
  }

  let isWhatIfSeen = false;
  let whatIf: WhatIfPanels | undefined;

  /** Not waiting for the element, which does nothing while it is out of sight. */
  function drawWhatIf(): void {
    const { run } = figure;
    // Its panels draw whole matrices.
    slots.whatIf.hidden = run !== undefined && isLong(run);
    if (isWhatIfSeen && run && !isLong(run)) void whatIf?.update();
  }

  whenVisible(slots.whatIf, (isVisible) => {
    isWhatIfSeen = isVisible;
    drawWhatIf();
  });

  figure.addEventListener("heed-run", () => {
    if (figure.run) arrange(figure.run);
    drawWhatIf();
  });
  figure.addEventListener("heed-error", ({ detail }) => {
    if (figure.run) return;
    clear();
    // A model of one's own that can't read this gives its place back.
    if (state.model !== state.own?.model) return;
    page.linkSaid.textContent = detail.message;
    state.own = undefined;
    state.model = "heed-bert";
    drawModels();
    ask();
  });
  figure.addEventListener("heed-select", ({ detail }) => {
    const { run } = figure;
    if (!run) return;
    moved();
    state.heads[run.model] = { layer: detail.layer, head: detail.heads[0] ?? 0 };
    drawPredictions(run);
    drawWhatIf();
  });
  input.addEventListener("input", onTyped);
  page.examples.addEventListener("change", () => {
    const picked = EXAMPLES[Number(page.examples.value || NaN)];
    if (!picked) return;
    moved();
    input.value = picked.text;
    state.example = picked;
    state.moveToLook = true;
    ask();
    // Its run may be there already; then none will come.
    const { run } = figure;
    if (run?.text === picked.text && run.model === state.model) arrange(run);
  });

  /** All of the page, in the language that was asked for last. */
  async function speak(language: Language): Promise<void> {
    spoken = language;
    // English is there: nothing to wait for.
    const next = language === "en" ? pageEnglish : await pageStringsOf(language).catch(() => pageEnglish);
    if (spoken !== language) return;
    strings = next;
    document.documentElement.lang = strings.language;
    document.documentElement.dir = strings.direction;
    document.title = strings.page.title;
    page.speak(strings);
    page.linkSaid.textContent = state.linkSays(strings.share);
    drawModels();
    drawHint(figure.run);
    void speakOwn();
    if (figure.run) tell(figure.run);
    speakRest();
  }

  function drawModels(): void {
    const names: readonly string[] = state.own ? [...MODELS, state.own.model] : MODELS;
    const choice = choiceView(
      names.map((model) => ({ value: model, label: h("bdi", {}, visible(shortName(model))) })),
      {
        legend: strings.page.model,
        class: "segmented",
        selected: state.model,
        onChoose(model) {
          moved();
          state.model = model;
          state.moveToLook = state.example !== undefined;
          ask();
        },
      },
    );
    slots.models.replaceChildren(choice.node);
  }

  let ownPanel: Promise<OwnModelPanel> | undefined;

  /** Its code comes with the first who wants it. */
  function openOwn(): Promise<OwnModelPanel> {
    page.own.open = true;
    return (ownPanel ??= makeOwn().catch((error: unknown) => {
      ownPanel = undefined;
      throw error;
    }));
  }

  async function makeOwn(): Promise<OwnModelPanel> {
    const [{ ownModelPanel }, { ownStringsOf }] = await Promise.all([
      import("./own_model/own_model.ts"),
      import("./strings/own.ts"),
    ]);
    const panel = ownModelPanel(await ownStringsOf(spoken), { runner, show: showOwn });
    page.own.append(panel.node);
    return panel;
  }

  async function speakOwn(): Promise<void> {
    if (!ownPanel) return;
    const { ownStringsOf } = await import("./strings/own.ts");
    (await ownPanel).speak(await ownStringsOf(spoken));
  }

  function showOwn(model: string, facts: ModelFacts): void {
    const { waiting } = state;
    moved();
    state.own = { model, facts };
    delete state.heads[shortName(model)];
    state.model = model;
    state.shown = undefined;
    drawModels();
    if (waiting?.model === model) {
      state.linked = waiting;
      showState(figure, waiting);
    }
    ask();
  }

  page.own.addEventListener("toggle", () => {
    if (page.own.open) void openOwn();
  });
  takeDrops(root, (dropped) => void openOwn().then((panel) => panel.take(dropped)));

  page.language.addEventListener("change", () => {
    const language = languageOf(page.language.value) ?? "en";
    keepLanguage(language);
    figure.lang = language;
    void speak(language);
  });

  /** A link, or the bare address, which stands for the first example. */
  function arrive({ linked, unsaid }: Arrival): void {
    // Only what was chosen goes on in links; what the browser asks for is each visitor's own.
    const chosen = chosenLanguage(linked?.language ?? "");
    const asked = { ...(linked ?? DEFAULT_STATE), language: chosen ?? "" };
    // Nothing is asked of an address that a link says, before the visitor says so.
    const isHere = [...MODELS, state.own?.model].some((name) => name === asked.model);
    const wanted = isHere ? asked : { ...asked, model: DEFAULT_STATE.model };
    state.waiting = isHere ? undefined : asked;
    const isShown = sameRun(figure.state, wanted);
    clearTimeout(pause);
    state.linked = linked && wanted;
    state.isOpening = linked === undefined;
    state.model = wanted.model;
    state.example = EXAMPLES.find(({ text }) => text === wanted.text);
    state.moveToLook = linked === undefined;
    state.linkSays = (words) => words.unsaid(unsaid.keys, unsaid.isUnknown);
    input.value = wanted.text;
    page.examples.value = state.example ? String(EXAMPLES.indexOf(state.example)) : "";
    showState(figure, wanted);
    void speak(chosen ?? offeredLanguage());
    // Its run may be there already; then none will come.
    if (isShown && figure.run) arrange(figure.run);
    ask();
    if (state.waiting) void openOwn().then((panel) => panel.linked(asked.model));
  }

  /** An address goes on saying the model that its link asked for. */
  const saidState = (): ViewState => ({
    ...figure.state,
    ...(state.waiting && { model: state.waiting.model }),
  });

  const address = keepAddress(saidState, arrive);
  const changes = new MutationObserver(address.touch);
  void loadAll();
  void loadRest();
}

/** When the first picture, or why there is none, is on the screen. */
async function firstAnswer(figure: HeedAttention): Promise<void> {
  await new Promise((resolve) => {
    for (const name of ["heed-run", "heed-error"]) figure.addEventListener(name, resolve, { once: true });
  });
  // The frame after the one that it is drawn in.
  for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
}

const within = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));
