// The composition root of the lesson: brings its figures to life, and the visitor's sentence into all of them. The article
// itself is HTML and reads without this.
import { HeedAttention } from "../element/element.ts";
import { followedCell } from "../focus.ts";
import { createRemoteRunner, type Port } from "../runner/remote.ts";
import { headMatrix, type RunData } from "../runner/run_data.ts";
import { strongest } from "../selection.ts";
import { DEFAULT_STATE } from "../state.ts";
import { pageEnglish, pageStringsOf } from "../strings/page.ts";
import { readPlace, writePlace } from "./address.ts";
import { concatFigure } from "./figures/concat.ts";
import { lookupFigure } from "./figures/lookup.ts";
import { memoryFigure } from "./figures/memory.ts";
import { mixFigure } from "./figures/mix.ts";
import { softmaxFigure } from "./figures/softmax.ts";
import { spreadFigure } from "./figures/spread.ts";
import { vectorsFigure } from "./figures/vectors.ts";
import { offerLanguages } from "./languages.ts";
import { reachScrollers } from "./scrollers.ts";

/** Typing counts as paused after this many milliseconds. */
const PAUSE = 250;
const USUAL = DEFAULT_STATE.text;

export async function startLesson(page: Document, port: Port): Promise<void> {
  const languages = offerLanguages(page);
  const strings = await pageStringsOf(page.documentElement.lang).catch(() => pageEnglish);
  HeedAttention.runner = createRemoteRunner(port);
  customElements.define("heed-attention", HeedAttention);
  const memory = memoryFigure(strings);
  const mix = mixFigure(strings);
  const concat = concatFigure(strings);
  const figures = {
    memory,
    mix,
    concat,
    lookup: lookupFigure(strings),
    softmax: softmaxFigure(strings),
    spread: spreadFigure(strings),
    vectors: vectorsFigure(strings),
  };
  for (const place of page.querySelectorAll<HTMLElement>("[data-figure]")) {
    const figure = figures[place.dataset["figure"] as keyof typeof figures];
    place.replaceChildren(figure.node);
  }
  for (const hidden of page.querySelectorAll<HTMLElement>("[data-needs-script]")) hidden.hidden = false;
  const input = page.querySelector<HTMLInputElement>("#text");
  const said = page.querySelector<HTMLElement>("#said");
  const elements = [...page.querySelectorAll("heed-attention")];
  const linked = [...page.querySelectorAll("[data-linked]")].map((group) => [
    ...group.querySelectorAll("heed-attention"),
  ]);
  if (!input || !said) throw new Error("the lesson's page has lost its sentence");

  function show(text: string): void {
    memory.show(text);
    for (const element of elements) element.text = text;
    said!.textContent = text.trim() === "" ? strings.lesson.empty : "";
    const { section } = readPlace(location.hash);
    const hash = writePlace({ section, text });
    if (hash !== location.hash) history.replaceState(null, "", hash || location.pathname + location.search);
    languages.keep(hash);
  }

  /** Of an element whose run is about to be drawn: the word that the text speaks of, where the sentence has it. */
  function look(element: HeedAttention, run: RunData): void {
    const word = element.dataset["look"];
    if (word === undefined || element.cell !== undefined) return;
    const row = run.tokens.findIndex(({ start, end }) => run.text.slice(start, end).toLowerCase() === word);
    if (row < 0) return;
    const weights = headMatrix(run, "weights", element.layer, element.head);
    element.cell = { row, col: strongest(weights, row, run.tokens.length) };
  }

  function follow(element: HeedAttention): void {
    const { run } = element;
    const figure = element.closest("figure");
    if (!run || !figure?.querySelector("[data-figure=mix]")) return;
    const { layer, head } = element;
    const { row } = followedCell({ run, state: element.state });
    mix.show(run, { layer, head, row });
    concat.show(run, { layer, head, row });
  }

  for (const element of elements) {
    element.addEventListener("heed-run", () => {
      if (element.run) look(element, element.run);
      follow(element);
    });
    element.addEventListener("heed-select", ({ detail: { row, col } }) => {
      follow(element);
      const group = linked.find((members) => members.includes(element)) ?? [];
      for (const other of group) if (other !== element) other.cell = { row, col };
    });
    element.addEventListener("heed-error", () => {
      if (element.closest("figure")?.querySelector("[data-figure=mix]")) {
        mix.clear();
        concat.clear();
      }
    });
  }

  let pause: ReturnType<typeof setTimeout> | undefined;
  input.addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(() => show(input.value), PAUSE);
  });
  addEventListener("hashchange", () => {
    const { text } = readPlace(location.hash);
    // A link to a section keeps the sentence; one with a sentence brings it.
    if (text !== undefined) input.value = text;
    show(input.value);
  });
  const { section, text } = readPlace(location.hash);
  input.value = text ?? USUAL;
  show(input.value);
  // With a sentence behind it the browser does not find the section by itself.
  if (section !== "" && text !== undefined)
    page.getElementById(section)?.scrollIntoView({ behavior: "instant" });
  reachScrollers([...page.querySelectorAll<HTMLElement>(".scroller")]);
}
