// Elements without HTML: text only ever becomes text.

export type Child = Node | string | null | undefined | false;

export interface Properties {
  readonly class?: string;
  /** CSS custom properties and others, by name; set through the CSSOM, as the Content-Security-Policy wants. */
  readonly style?: Readonly<Record<string, string>>;
  readonly on?: Readonly<Record<string, (event: Event) => void>>;
  readonly [attribute: string]: unknown;
}

export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Properties = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "style") {
      for (const [key, text] of Object.entries(value as Record<string, string>))
        element.style.setProperty(key, text);
    } else if (name === "on") {
      for (const [type, listener] of Object.entries(value as Record<string, (event: Event) => void>)) {
        element.addEventListener(type, listener);
      }
    } else {
      element.setAttribute(name, value === true ? "" : String(value));
    }
  }
  element.append(
    ...children.filter((child): child is Node | string => child instanceof Node || typeof child === "string"),
  );
  return element;
}

/** As most buttons are. */
export function button(label: string, onClick: () => void): HTMLButtonElement {
  return h("button", { type: "button", class: "quiet", on: { click: onClick } }, label);
}

/** What has the focus where a node stands: the document and each shadow root have an active element of their own. */
export function focusedIn(node: Node): Element | null {
  return (node.getRootNode() as Document | ShadowRoot).activeElement;
}
