// <heed-attention>: a sentence, a model, and a picture of what the model's attention does with it.
import type { ExportOptions, FormatName } from "../export/formats.ts";
import type { RunData, Stage } from "../runner/run_data.ts";
import { codeOf, failureOf, messageOf, type Runner } from "../runner/runner.ts";
import type { Cell, ColorMapName, HeadSort, Part, ViewName, ViewState } from "../state.ts";
import { english, stringsOf, type Strings } from "../strings/index.ts";
import { labelsOf, type Labels } from "../views/token_label.ts";
import type { Scene } from "../views/view.ts";
import { carried, withinRun } from "./adapt.ts";
import { Base } from "./base.ts";
import { runDetail, selectDetail, type HeedEventMap } from "./events.ts";
import { createAsking, type Answers } from "./asking.ts";
import type { Given } from "../runner/given.ts";
import { makeFrame, type Frame } from "./frame.ts";
import { heldSettings, PROPERTIES } from "./held_settings.ts";
import { expectView } from "./registry.ts";
import type { ControlName, Theme } from "./settings.ts";
import { open } from "./shared.ts";
import { STYLES } from "./styles.ts";
import { whenLanguageChanges } from "./page_language.ts";
import { whenVisible } from "./visible.ts";

/** What the property `model` takes. */
export type ModelGiven = Given["source"];

type Why = (words: Strings["element"]) => string;

/** Settings that say what is read, and by which model. */
const READ: ReadonlySet<string> = new Set(["text", "pair", "model", "src", "target"]);

/** Failures after which the same may work, of a connection or of a worker. */
const PASSING: ReadonlySet<string> = new Set(["network", "crashed"]);

/**
 * A picture of a really trained model's attention on a sentence. It starts when it is scrolled into sight; all elements of a
 * page that show the same model share one.
 *
 * Attributes and properties mirror each other. A value that makes no sense is answered with `heed-error` and counts as none.
 *
 * @example
 * <script type="module" src="heed/dist/element.js"></script>
 * <heed-attention text="The animal didn't cross the street because it was too tired." layer="2" head="1"></heed-attention>
 *
 * @fires {CustomEvent<ReadyDetail>} heed-ready - A model is loaded and will run.
 * @fires {CustomEvent<RunDetail>} heed-run - A text went through the model; just before it is drawn, so that a listener can still choose what is shown.
 * @fires {CustomEvent<SelectDetail>} heed-select - A visitor chose something.
 * @fires {CustomEvent<ErrorDetail>} heed-error - Something failed, or a setting makes no sense; `code` and `message` say what.
 * @csspart frame - Everything.
 * @csspart controls - Layer and heads.
 * @csspart view - The picture.
 * @csspart status - What is being loaded.
 * @csspart message - What stands in the picture's place.
 * @csspart cut - What was too long for the model.
 * @csspart changed - What is not as trained.
 * @cssprop --heed-paper - Background.
 * @cssprop --heed-raised - Background of controls.
 * @cssprop --heed-ink - Text.
 * @cssprop --heed-quiet - Text of less weight.
 * @cssprop --heed-accent - Chosen controls and focus.
 * @cssprop --heed-on-accent - Text on the accent.
 * @cssprop --heed-tint - Shade of a word that has all of the attention.
 * @cssprop --heed-padding - Room around everything.
 * @cssprop --heed-serif - Font of texts.
 * @cssprop --heed-sans - Font of controls and numbers.
 */
export class HeedAttention extends Base {
  /** The sentence. @attr */
  declare text: string;
  /** A second sentence, for models that read pairs. @attr */
  declare pair: string;
  /**
   * "heed-bert", "heed-gpt", a repository of the Hugging Face hub ("org/model"), or the address of a folder with a model or of
   * a GGUF file. As a property also a dropped folder's Files, a GGUF file, what loadModel() takes in hand, or a model that it has
   * loaded, which stays its owner's and can't be given to a `runner` that works elsewhere; it then reads as the name that
   * they were given. @attr
   */
  declare model: string | Exclude<ModelGiven, string>;
  /** The address of a folder with a model, in the place of `model`. @attr */
  declare src: string;
  /** Of models with an encoder and a decoder: whose attention, "encoder", "decoder" or "cross". @attr */
  declare attention: Part;
  /** Of models with a decoder: the text that it reads; "": what the model itself writes, greedily. @attr */
  declare target: string;
  /** The picture: "matrix", "text", "heads", "rows", "steps", "neuron" or "model". @attr */
  declare view: ViewName;
  /** Counted from 0. @attr */
  declare layer: number;
  /** The head that is shown; the first of `heads`. Of the two the later set counts. @attr */
  declare head: number;
  /** Heads of the layer that are shown together, in views that can. @attr */
  declare heads: readonly number[];
  /** "products", "scores", "maskedScores" or "weights". @attr */
  declare stage: Stage;
  /** Whether a chosen word's looks are read ("from") or the looks at it ("to"). @attr */
  declare direction: "from" | "to";
  /** The followed cell, "row column" in tokens; undefined: the strongest between two words. @attr */
  declare cell: Cell | undefined;
  /** Tokens that stay shown together. @attr */
  declare locked: readonly number[];
  /** Sub-words joined to words. @attr */
  declare words: boolean;
  /** Special tokens shown; default true. @attr */
  declare special: boolean;
  /** Rows made to sum to 1 over what is shown. @attr */
  declare renormalise: boolean;
  /** The colours of weights: "cividis", "viridis", "magma" or "greys". Scores keep blue and yellow, for their signs. @attr */
  declare map: ColorMapName;
  /** The order of the heads in the view "model". @attr */
  declare sort: HeadSort;
  /** What if: the future hidden, or not; undefined: as the model was trained. @attr */
  declare causal: boolean | undefined;
  /** What if: scores divided by this before the softmax. @attr */
  declare temperature: number;
  /** What if false: products not divided by the root of the head's width. @attr */
  declare scaled: boolean;
  /** What if false: no positions. @attr */
  declare positions: boolean;
  /** What if: these cells are masked in every layer and head, "row-column row-column" in tokens. @attr */
  declare hide: readonly Cell[];
  /** What if: these heads say nothing; "L2H1 L0H3". @attr */
  declare ablate: readonly (readonly [layer: number, head: number])[];
  /** Which controls are shown: "none", "all", or some of model, sentence, attention, layer, heads, view, stage, map, tokens. @attr */
  declare controls: readonly ControlName[];
  /** "light", "dark", or "auto": as the page's color-scheme. @attr */
  declare theme: Theme;
  /** The language: en, es, zh or ar; where it stands on no element around it either, English. @attr */
  declare lang: string;

  /** What runs the models of elements that were given no runner of their own: this thread, unless the page sets another. */
  static runner: Runner | undefined;

  /** @internal */
  static readonly properties = PROPERTIES;
  /** @internal */
  static readonly styles = STYLES;

  /** Lit's hook for what a property is: here a look into the settings. @internal */
  static getPropertyDescriptor(name: string): PropertyDescriptor {
    return {
      get(this: HeedAttention): unknown {
        return this.#held.get(name);
      },
      set(this: HeedAttention, value: unknown) {
        const complaint = this.#held.set(name, value);
        if (complaint !== undefined) this.#complain(complaint);
        // What failed may work by now, though nothing else is asked for.
        if (READ.has(name) && this.#asking.again()) this.requestUpdate();
      },
      configurable: true,
      enumerable: true,
    };
  }

  readonly #held = heldSettings((name, before) => this.requestUpdate(name, before));
  #strings: Strings = english;
  #language = "";
  #frame: Frame | undefined;
  #isVisible = false;
  #stopWatching: (() => void) | undefined;
  #stopListening: (() => void) | undefined;
  /** Told when next updated: an attribute is read before anyone can listen. */
  readonly #complaints: string[] = [];

  #runner: Runner | undefined;
  readonly #asking = createAsking(this.#answers());
  #settled: Promise<void> = Promise.resolve();
  #drawn: void | Promise<void> = undefined;
  #shown: ({ readonly run: RunData } & Labels) | undefined;
  /** Nothing is shown. */
  #why: Why = () => "";

  /** The numbers that are shown: every stage, head and vector of the last run; undefined: none yet. */
  get run(): RunData | undefined {
    return this.#shown?.run;
  }

  /** What runs the models: set to have it done elsewhere, in a worker for one. */
  get runner(): Runner | undefined {
    return this.#runner ?? HeedAttention.runner;
  }

  set runner(runner: Runner | undefined) {
    this.#runner = runner;
    this.#asking.again();
    this.requestUpdate();
  }

  /** All settings of what is shown, as one plain value. */
  get state(): ViewState {
    return this.#held.state;
  }

  /** The picture as vector graphics. */
  exportSVG(): Promise<Blob> {
    return this.#export("svg", {});
  }

  /** The picture in pixels; `scale`: pixels a CSS pixel, 1 to 4. A Content-Security-Policy must allow images from blob:. */
  exportPNG(options: ExportOptions = {}): Promise<Blob> {
    return this.#export("png", options);
  }

  /**
   * What the view shows, RFC 4180 in UTF-8; no cell begins as a formula. The steps, query × key, all heads: a long table, one
   * number a line, with its array's name and its place (layer, head, query, key, channel). The other views: the head's matrix
   * as it is shown, keys in the first row and queries in the first column.
   */
  exportCSV(): Promise<Blob> {
    return this.#export("csv", {});
  }

  /**
   * What the view shows, with model, tokens and shapes. `arrays` by name in three views: the steps (input, query, key, value,
   * products, scores, maskedScores, weights, context, concat, output), query × key, and all heads [layers, heads, n, n].
   * The other views: `values` of the chosen heads at the stage shown [heads, n, n].
   */
  exportJSON(): Promise<Blob> {
    return this.#export("json", {});
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stopWatching ??= whenVisible(this, (isVisible) => {
      this.#isVisible = isVisible;
      if (isVisible) this.requestUpdate();
    });
    this.#stopListening ??= whenLanguageChanges(() => this.requestUpdate());
    this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    // Moved within the page, it is back by then.
    queueMicrotask(() => {
      if (this.isConnected) return;
      this.#stopWatching?.();
      this.#stopWatching = undefined;
      this.#stopListening?.();
      this.#stopListening = undefined;
      this.#isVisible = false;
      this.#frame?.dispose();
      this.#asking.release();
    });
  }

  /** By Lit, once for all that changed. @internal */
  updated(): void {
    this.#frame ??= this.#makeFrame();
    for (const message of this.#complaints.splice(0))
      this.#tell("heed-error", { code: "invalid-argument", message });
    void this.#speak();
    if (!this.#isVisible) return;
    const { runner } = this;
    if (runner) {
      // What is shown may be another model's till then.
      const settled = this.#asking.follow(this.#held.now, runner).then(() => {
        if (this.#settled === settled) this.#fit();
      });
      this.#settled = settled;
    }
    const scene = this.#scene();
    const { now, own } = this.#held;
    if (scene) this.#drawn = this.#frame.show(scene, now.controls, own);
    else expectView(now.view);
  }

  /** Lit's hook for what updateComplete waits for. @internal */
  override async getUpdateComplete(): Promise<boolean> {
    const isSettled = await super.getUpdateComplete();
    await this.#drawn;
    return isSettled;
  }

  #answers(): Answers {
    return {
      loading: (model, percent) => {
        const { loading, loadingShare } = this.#strings.element;
        this.#frame?.note(percent === undefined ? loading(model) : loadingShare(model, percent));
      },
      here: () => this.#frame?.note(""),
      ready: (model, facts) => this.#tell("heed-ready", { model, ...facts }),
      run: (run) =>
        (run.stacks?.source ?? run).tokens.some(({ start, end }) => end > start)
          ? this.#show(run)
          : this.#showNothing(({ noWords }) => noWords(run.model)),
      gone: () => this.#showNothing(() => ""),
      nothing: () => this.#showNothing(({ nothing }) => nothing),
      notLoaded: (model, error) =>
        this.#fail(error, ({ notLoaded }) => notLoaded(model, messageOf(error), PASSING.has(codeOf(error)))),
      refused: (model, error) => this.#fail(error, ({ refused }) => refused(model, messageOf(error))),
    };
  }

  #show(run: RunData): void {
    const before = this.#shown?.run;
    this.#shown = { run, ...labelsOf(run) };
    this.#fit();
    this.#held.apply(carried(this.#held.now, before, run));
    this.#tell("heed-run", runDetail(run));
    this.requestUpdate();
  }

  /** A layer and heads that the shown run has not count as none. */
  #fit(): void {
    const run = this.#shown?.run;
    if (!run) return;
    const { now } = this.#held;
    const within = withinRun({ ...now, whatIf: run.whatIf }, run);
    if (headsIn(now) === headsIn(within)) return;
    this.#complain(
      `${run.model} has ${run.numLayers} layers of ${run.numHeads} heads; ${headsIn(now)} are not all there`,
    );
    this.#held.apply(within);
  }

  #showNothing(why: Why): void {
    this.#shown = undefined;
    this.#why = why;
    this.#frame?.note("");
    this.#sayWhy();
  }

  #sayWhy(): void {
    if (!this.#shown) this.#frame?.say(this.#why(this.#strings.element));
  }

  #fail(error: unknown, why: Why): void {
    this.#showNothing(why);
    this.#tell("heed-error", { code: codeOf(error), message: why(this.#strings.element) });
  }

  #scene(): Scene | undefined {
    const { runner } = this;
    if (!this.#shown || !runner) return undefined;
    const { run } = this.#shown;
    return {
      ...this.#shown,
      state: withinRun(this.state, run),
      strings: this.#strings,
      window: (layer, head, request) => runner.window(run, { layer, head, ...request }),
    };
  }

  #makeFrame(): Frame {
    const change = (next: Partial<ViewState>): void => {
      this.#held.apply(next);
      const scene = this.#scene();
      if (scene) this.#tell("heed-select", selectDetail(scene));
    };
    const frame = makeFrame({ change, hover: () => {} }, (message) =>
      this.#tell("heed-error", { code: "network", message }),
    );
    frame.speak(this.#strings);
    this.shadowRoot?.append(frame.node);
    return frame;
  }

  /** In the language of where it stands. */
  async #speak(): Promise<void> {
    const language = this.closest("[lang]")?.getAttribute("lang") ?? "";
    if (language === this.#language) return;
    this.#language = language;
    const strings = await stringsOf(language).catch(() => english);
    if (strings === this.#strings || language !== this.#language) return;
    this.#strings = strings;
    this.#frame?.speak(strings);
    this.#sayWhy();
    this.requestUpdate();
  }

  #complain(message: string): void {
    this.#complaints.push(message);
    this.requestUpdate();
  }

  #tell<Name extends keyof HeedEventMap>(name: Name, detail: HeedEventMap[Name]["detail"]): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }

  async #export(format: FormatName, options: ExportOptions): Promise<Blob> {
    // Out of sight it has not started yet.
    this.#isVisible = true;
    this.requestUpdate();
    if (this.isConnected) {
      await this.updateComplete;
      await this.#settled;
    }
    const scene = this.#scene();
    if (!scene) throw failureOf("invalid-argument", "there is nothing to export: no text has been read");
    const { EXPORTS, lookOf } = await open(import("./chunks/exports.ts")).catch((error: unknown) => {
      throw failureOf("network", `what saves pictures could not be fetched: ${messageOf(error)}`);
    });
    return EXPORTS[format](scene, { ...options, look: this.#frame && lookOf(this.#frame.node) });
  }
}

const headsIn = ({ layer, heads, whatIf }: ViewState): string =>
  `layer ${layer}, heads ${heads.join(" ")}, ${whatIf.ablated.length} to drop`;

/* eslint-disable @typescript-eslint/no-empty-object-type -- these add to what there is */
declare global {
  interface HTMLElementTagNameMap {
    "heed-attention": HeedAttention;
  }
  // They bubble.
  interface GlobalEventHandlersEventMap extends HeedEventMap {}
  interface DocumentEventMap extends HeedEventMap {}
}
