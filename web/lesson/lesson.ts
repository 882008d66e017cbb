// The composition root of the lesson: brings its figures to life, and the visitor's sentence into all of them. The article
// itself is HTML and reads without this.
import { HeedAttention } from "../element/element.ts";
import { followedCell } from "../reading/focus.ts";
import { createRemoteRunner, type Port } from "../runner/remote.ts";
import { DEFAULT_STATE } from "../state.ts";
import { pageEnglish, pageStringsOf } from "../strings/page.ts";
import { readPlace, writePlace } from "./address.ts";
import { drawAhead } from "./ahead.ts";
import { arrivals, isNewVisit } from "./arrival.ts";
import { concatFigure } from "./figures/concat.ts";
import { lookupFigure } from "./figures/lookup.ts";
import { memoryFigure } from "./figures/memory.ts";
import { mixFigure } from "./figures/mix.ts";
import { softmaxFigure } from "./figures/softmax.ts";
import { spreadFigure } from "./figures/spread.ts";
import { vectorsFigure } from "./figures/vectors.ts";
import { homeLinks } from "./home_links.ts";
import { offerLanguages } from "./languages.ts";
import { lookingAt } from "./looking.ts";
import { reachScrollers } from "./scrollers.ts";
import { oneLine, sentenceField } from "./sentence_field.ts";

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
  const input = page.querySelector<HTMLTextAreaElement>("#text");
  const said = page.querySelector<HTMLElement>("#said");
  const elements = [...page.querySelectorAll("heed-attention")];
  const looking = lookingAt(
    [...page.querySelectorAll("[data-linked]")].map((group) => [...group.querySelectorAll("heed-attention")]),
  );
  const ahead = drawAhead(elements);
  const keepHome = homeLinks(page);
  const arriveAt = arrivals(page);
  if (!input || !said) throw new Error("the lesson's page has lost its sentence");

  let shown: string | undefined;
  function show(text: string): void {
    if (text !== shown) {
      shown = text;
      memory.show(text);
      for (const element of elements) element.text = text;
      ahead.restart();
    }
    said!.textContent = text.trim() === "" ? strings.lesson.empty : "";
    const { section } = readPlace(location.hash);
    const hash = writePlace({ section, text });
    if (hash !== location.hash) history.replaceState(null, "", hash || location.pathname + location.search);
    languages.keep(hash);
    keepHome(text);
  }

  function arrive(section: string): void {
    const target = section === "" ? null : page.getElementById(section);
    if (target) arriveAt(target);
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
      if (element.run) looking.came(element, element.run);
      follow(element);
    });
    element.addEventListener("heed-select", () => {
      looking.chose(element);
      follow(element);
    });
    element.addEventListener("heed-error", () => {
      if (element.closest("figure")?.querySelector("[data-figure=mix]")) {
        mix.clear();
        concat.clear();
      }
    });
  }

  sentenceField(input, show);
  addEventListener("hashchange", () => {
    const { section, text } = readPlace(location.hash);
    // A link to a section keeps the sentence; one with a sentence brings it.
    if (text !== undefined) input.value = oneLine(text);
    show(input.value);
    arrive(section);
  });
  const { section, text } = readPlace(location.hash);
  input.value = oneLine(text ?? USUAL);
  show(input.value);
  if (isNewVisit()) arrive(section);
  reachScrollers([...page.querySelectorAll<HTMLElement>(".scroller")]);
}
