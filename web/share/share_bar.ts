// Under the picture: its link, its files, and the way into other pages. What was done is said where everyone hears it.
import type { HeedAttention } from "../element/element.ts";
import type { FormatName } from "../export/formats.ts";
import { isOfThisPage } from "../runner/given.ts";
import { shortName } from "../runner/local.ts";
import { messageOf } from "../runner/runner.ts";
import type { ViewState } from "../state.ts";
import type { PageStrings } from "../strings/page.ts";
import { button, h } from "../views/dom.ts";
import { copyText } from "./clipboard.ts";
import { openEmbedDialog } from "./embed_dialog.ts";
import { MOST } from "./fields.ts";
import { isTextCut, linkTo } from "./link.ts";

/** Links longer than this are cut by some mail and chat programs. */
const LONG = 2000;
/** The one in pixels last, beside how many. */
const FORMATS: readonly FormatName[] = ["svg", "csv", "json", "png"];
const SCALES = [1, 2, 3, 4];

export interface ShareBar {
  readonly node: HTMLElement;
  /** Whether there is a picture to pass on. */
  offer(isThere: boolean): void;
}

export function shareBar(figure: HeedAttention, strings: PageStrings): ShareBar {
  const words = strings.share;
  const status = h("p", { class: "aside", role: "status" });
  const field = h("input", { type: "text", readonly: true, "aria-label": words.link, hidden: true });
  const say = (message: string): void => {
    status.textContent = message;
  };

  async function copyLink(): Promise<void> {
    const link = linkTo(location.href, figure.state);
    field.value = link;
    field.hidden = await copyText(link);
    if (!field.hidden) {
      field.select();
      return say(words.notCopied);
    }
    if (isOfThisPage(figure.state.model)) return say(words.notInLinks);
    if (isTextCut(figure.state)) return say(words.copiedCut(MOST.text));
    say(link.length > LONG ? words.copiedLong(link.length) : words.copied);
  }

  const scale = h(
    "select",
    { "aria-label": words.scale },
    ...SCALES.map((times) => h("option", { value: times, selected: times === 2 }, words.times(times))),
  );

  async function save(format: FormatName): Promise<void> {
    try {
      const name = fileName(figure.state, format);
      download(await exportOf(figure, format, Number(scale.value)), name);
      say(words.saved(name));
    } catch (error) {
      say(words.notSaved(messageOf(error)));
    }
  }

  const buttons: HTMLButtonElement[] = [];
  const listed = (face: string, act: () => void): HTMLButtonElement => {
    const one = button(face, act);
    buttons.push(one);
    return one;
  };
  const node = h(
    "section",
    { class: "share-bar", "aria-label": words.title },
    listed(words.copyLink, () => void copyLink()),
    listed(words.embed.open, () => openEmbedDialog(figure, strings)),
    h(
      "div",
      { class: "save", role: "group", "aria-label": words.save },
      h("span", { "aria-hidden": "true" }, words.save),
      ...FORMATS.map((format) => listed(format.toUpperCase(), () => void save(format))),
      scale,
    ),
    status,
    field,
  );
  return {
    node,
    offer(isThere) {
      for (const one of buttons) one.disabled = !isThere;
    },
  };
}

function exportOf(figure: HeedAttention, format: FormatName, scale: number): Promise<Blob> {
  if (format === "png") return figure.exportPNG({ scale });
  return { svg: () => figure.exportSVG(), csv: () => figure.exportCSV(), json: () => figure.exportJSON() }[
    format
  ]();
}

function fileName({ model, view, layer, heads }: ViewState, format: FormatName): string {
  return `${shortName(model)}-${view}-L${layer}H${heads.join("+")}.${format}`.replace(/[^\w.+-]/g, "-");
}

function download(blob: Blob, name: string): void {
  const address = URL.createObjectURL(blob);
  h("a", { href: address, download: name }).click();
  // The browser has begun to read it by then.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
