// The composition root: what the page is made of, and what happens between its parts.
import { HeedAttention } from "./element/element.ts";
import { offeredLanguage } from "./language.ts";
import { ownPlace } from "./own_model/place.ts";
import { answerOf } from "./page/answer.ts";
import { aroundPicture } from "./page/around.ts";
import { firstPicture, loadModels } from "./page/first_picture.ts";
import { looksOf } from "./page/looks.ts";
import { openedLink } from "./page/opened_link.ts";
import { buildPage } from "./page/page.ts";
import { pageLanguage } from "./page/page_language.ts";
import { questionOf } from "./page/question.ts";
import { targetField } from "./page/target_field.ts";
import { shortName } from "./runner/local.ts";
import { createRemoteRunner, type Port } from "./runner/remote.ts";
import type { RunData } from "./runner/run_data.ts";
import type { ModelFacts } from "./runner/runner.ts";
import { keepAddress, type Arrival } from "./share/address.ts";
import { showState } from "./share/show.ts";
import { sameRun, type ViewState } from "./state.ts";
import { languageOf } from "./strings/languages.ts";

export function startApp(root: HTMLElement, port: Port): void {
  const runner = createRemoteRunner(port);
  HeedAttention.runner = runner;
  customElements.define("heed-attention", HeedAttention);

  const page = buildPage(root);
  const { figure } = page;
  const drawn = firstPicture(figure);
  const link = openedLink(page.linkSaid);
  const question = questionOf(page, { moved: link.forget, asked, picked });
  const target = targetField(figure, link.forget);
  page.slots.target.append(target.node);
  const looks = looksOf(figure);
  const answer = answerOf(page, question, () => around.enterWhatIf());
  const around = aroundPicture(page, drawn, { runner, change });
  const own = ownPlace(root, page.own, { runner, show: showOwn });
  const speak = pageLanguage(page, [page, link, question, target, own, answer, around]);

  function asked(): void {
    if (figure.text.trim() === "") answer.clear();
    around.update();
  }

  function picked(): void {
    const { run } = figure;
    if (run?.text === figure.text && run.model === question.model) shown(run);
  }

  /** Of a run that is about to be drawn, or is: which head and cell to show, and what to say. */
  function shown(run: RunData): void {
    looks.show(run, link.within(run), question.takeLook());
    answer.show(run);
    target.update();
    if (link.isOpening) address.opened();
    changes.observe(figure, { attributes: true });
  }

  figure.addEventListener("heed-run", () => {
    if (figure.run) shown(figure.run);
    around.update();
  });
  figure.addEventListener("heed-select", () => {
    if (!figure.run) return;
    link.forget();
    looks.keep(figure.run);
    answer.follow();
    around.update();
  });
  figure.addEventListener("heed-error", ({ detail }) => {
    if (figure.run) return;
    answer.clear();
    around.update();
    // A model of one's own that can't read this gives its place back.
    if (!question.ownFacts) return;
    page.linkSaid.textContent = detail.message;
    question.dropOwn();
    question.ask();
  });

  /** What a panel asks for, done to the element or to the input. */
  function change({ text, ...next }: Partial<ViewState>): void {
    link.forget();
    showState(figure, next);
    if (figure.run) looks.keep(figure.run);
    if (text !== undefined) question.type(text);
    answer.follow();
    around.update();
  }

  function showOwn(model: string, facts: ModelFacts): void {
    const linked = link.came(model);
    question.putOwn(model, facts);
    looks.forget(shortName(model));
    if (linked) {
      showState(figure, linked);
      target.clear();
    }
    question.ask();
  }

  /** Of an address: the page's own, another that is put in its place, or that of a link. */
  function arrive(arrival: Arrival): void {
    const wanted = link.open(arrival, question.isHere);
    const isShown = sameRun(figure.state, wanted);
    question.put(wanted, arrival.linked === undefined);
    showState(figure, wanted);
    target.clear();
    speak(languageOf(wanted.language) ?? offeredLanguage());
    // Its run may be there already; then none will come.
    if (isShown && figure.run) shown(figure.run);
    question.ask();
    const { missing } = link;
    if (missing !== undefined) void own.open().then((panel) => panel.linked(missing));
  }

  const address = keepAddress(() => link.naming(figure.state), arrive);
  const changes = new MutationObserver(address.touch);
  void loadModels(runner, drawn, root);
}
