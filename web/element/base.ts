// What <heed-attention> uses of its base class, ReactiveElement of Lit: attributes that follow properties, and updates that
// are gathered. Not LitElement: its templates, which plain nodes don't need, make a Trusted Types policy of their own, and a
// page that lists its policies would refuse the whole script.
import { ReactiveElement } from "@lit/reactive-element";

export interface PropertyOptions {
  readonly attribute: string;
  readonly reflect: true;
  readonly converter: {
    readonly fromAttribute: (value: string | null) => unknown;
    readonly toAttribute: (value: unknown) => string | null;
  };
  readonly hasChanged: (value: unknown, before: unknown) => boolean;
}

/** An element that updates itself once, a microtask after its properties changed. */
export interface Reactive extends HTMLElement {
  /** Resolves when the attributes and the picture follow the properties. */
  readonly updateComplete: Promise<boolean>;
  /** What updateComplete waits for. */
  getUpdateComplete(): Promise<boolean>;
  requestUpdate(name?: string, before?: unknown): void;
  connectedCallback(): void;
  disconnectedCallback(): void;
  attributeChangedCallback(name: string, before: string | null, value: string | null): void;
}

export interface ReactiveClass {
  new (): Reactive;
  readonly observedAttributes: string[];
}

export const Base = ReactiveElement as unknown as ReactiveClass;
