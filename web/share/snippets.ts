// What is pasted into another page to show a state there. Plain text; what of it is a visitor's stands in attributes, escaped.
import { DEFAULT_SETTINGS, settingsFor, written, type ControlName, type Theme } from "../element/settings.ts";
import { VIEWS, type ViewState } from "../state.ts";
import { wholeFragment } from "./link.ts";

/** What an author decides besides the state. */
export interface Author {
  readonly controls: readonly ControlName[];
  readonly theme: Theme;
}

const SETTINGS = settingsFor(VIEWS);

/** The fragment of an embedded file's address: the author's settings, then the state as in every link. */
export function embedFragment(state: ViewState, author: Author): string {
  const said = new URLSearchParams();
  for (const name of ["controls", "theme"]) {
    const value = attribute(name, state, author);
    if (value !== null) said.set(name, value);
  }
  return `#${[String(said), wholeFragment(state).slice(1)].filter(Boolean).join("&")}`;
}

/** The frame, and the few lines by which it becomes as high as what it shows. `height`: until it has said so. */
export function iframeSnippet(src: string, title: string, height: number): string {
  return `<iframe
  src="${escaped(src)}"
  title="${escaped(title)}"
  sandbox="allow-scripts"
  loading="lazy"
  style="width: 100%; height: ${height}px; border: 0"
></iframe>
<script>
  addEventListener("message", ({ source, data }) => {
    if (data?.type !== "heed-height" || !(data.height > 0 && data.height < 20000)) return;
    for (const frame of document.querySelectorAll("iframe"))
      if (frame.contentWindow === source) frame.style.height = data.height + "px";
  });
</script>`;
}

export function elementSnippet(script: string, state: ViewState, author: Author): string {
  const attributes = Object.keys(SETTINGS).flatMap((name) => {
    const value = attribute(name, state, author);
    return value === null ? [] : [` ${SETTINGS[name]?.attribute}="${escaped(value)}"`];
  });
  return `<script type="module" src="${escaped(script)}"></script>
<heed-attention${attributes.join("")}></heed-attention>`;
}

function attribute(name: string, state: ViewState, author: Author): string | null {
  const setting = SETTINGS[name];
  if (!setting) return null;
  const value = setting.get({ ...DEFAULT_SETTINGS, ...state, ...author });
  return written(setting, value);
}

const NAMED: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** For an attribute in double quotes; line ends and controls by number, so that they survive being pasted. */
function escaped(text: string): string {
  return text
    .replace(/\p{Surrogate}|\0/gu, "\ufffd")
    .replace(/[&<>"]|\p{Cc}/gu, (character) => NAMED[character] ?? `&#${character.codePointAt(0)};`);
}
