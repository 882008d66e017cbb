// The dialog that writes what to paste into another page. A native one: it keeps the keyboard inside, closes by Escape, and
// gives the focus back.
import type { HeedAttention } from "../element/element.ts";
import { DEFAULT_SETTINGS, THEMES, type Theme } from "../element/settings.ts";
import type { PageStrings } from "../strings/page.ts";
import { isOfThisPage } from "../runner/given.ts";
import { MODELS } from "../runner/run_data.ts";
import { DEFAULT_STATE } from "../state.ts";
import { button, h } from "../views/dom.ts";
import { copyText } from "./clipboard.ts";
import { EMBEDS } from "./embeds.ts";
import { linkTo } from "./link.ts";
import { showState } from "./show.ts";
import { elementSnippet, embedFragment, iframeSnippet, type Author } from "./snippets.ts";

let dialogs = 0;

export function openEmbedDialog(figure: HeedAttention, strings: PageStrings): void {
  const words = strings.share.embed;
  // A frame holds a bundled model; a page of others has no files of this visitor's.
  const bundled = MODELS.find((name) => name === figure.model);
  const framed = { ...figure.state, model: bundled ?? DEFAULT_STATE.model };
  const state = isOfThisPage(figure.state.model) ? framed : figure.state;
  const height = Math.ceil(figure.getBoundingClientRect().height);
  const id = `embed-${++dialogs}`;
  const status = h("p", { class: "aside", role: "status" });
  const controls = h("input", { type: "checkbox", checked: true, on: { change: write } });
  const theme = h(
    "select",
    { on: { change: write } },
    ...THEMES.map((name) => h("option", { value: name }, words.themes[name])),
  );

  // The element itself, as a reader of that page gets it; to be looked at only.
  const preview = h("heed-attention", { inert: true });
  showState(preview, figure.state);

  function block(name: string, why: string, rows = 3): { node: HTMLElement; text: HTMLTextAreaElement } {
    const text = h("textarea", {
      readonly: true,
      rows,
      spellcheck: "false",
      "aria-label": name,
      dir: "ltr",
    });
    const copy = async (): Promise<void> => {
      if (await copyText(text.value)) status.textContent = words.copied(name);
      else {
        text.select();
        status.textContent = strings.share.notCopied;
      }
    };
    const button = h(
      "button",
      { type: "button", class: "quiet", "aria-label": words.copy(name), on: { click: () => void copy() } },
      words.copyFace,
    );
    const node = h(
      "section",
      { "aria-label": name },
      h("h3", {}, name),
      button,
      h("p", { class: "aside" }, why),
      text,
    );
    return { node, text };
  }

  const { file, megabytes } = EMBEDS[bundled ?? "heed-bert"];
  const iframe = block(words.iframe, words.iframeWhy(megabytes));
  const element = block(words.element, words.elementWhy);
  const link = block(words.link, words.linkWhy, 1);

  function write(): void {
    const author: Author = {
      controls: controls.checked ? DEFAULT_SETTINGS.controls : [],
      theme: theme.value as Theme,
    };
    Object.assign(preview, author);
    const at = (path: string): string => new URL(path, location.href).href;
    const title = words.frameTitle(framed.model, shortened(state.text));
    iframe.text.value = iframeSnippet(at(file + embedFragment(framed, author)), title, height);
    element.text.value = elementSnippet(at("element/element.js"), state, author);
    link.text.value = linkTo(location.href, state);
  }

  const dialog = h(
    "dialog",
    { class: "embed", "aria-labelledby": id, on: { close: () => dialog.remove() } },
    h(
      "div",
      { class: "embed-top" },
      h("h2", { id }, words.title),
      button(words.close, () => dialog.close()),
    ),
    h("p", {}, words.intro),
    !bundled && h("p", { class: "aside" }, strings.share.notEmbedded),
    h(
      "div",
      { class: "embed-choices" },
      h("label", {}, controls, words.controls),
      h("label", {}, words.theme, theme),
    ),
    h("div", { class: "embed-preview" }, preview),
    status,
    iframe.node,
    element.node,
    link.node,
  );
  write();
  document.body.append(dialog);
  dialog.showModal();
}

function shortened(text: string): string {
  const characters = Array.from(text);
  return characters.length > 80 ? `${characters.slice(0, 79).join("")}\u2026` : text;
}
