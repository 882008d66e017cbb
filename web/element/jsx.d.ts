// <heed-attention> in JSX. Once in a project: `import type {} from "heed/element/jsx"`. Settings are as in HTML, or as the
// properties are where the framework sets properties (React 19, Preact, Solid).
import type { HeedAttention, HeedEventMap } from "./index.js";

type SettingName = Exclude<
  keyof HeedAttention,
  | keyof HTMLElement
  | "run"
  | "runner"
  | "state"
  | "updateComplete"
  | "getUpdateComplete"
  | "requestUpdate"
  | `${string}Callback`
  | `export${string}`
>;

export type HeedAttentionAttributes = {
  readonly [Name in SettingName]?: HeedAttention[Name] | string;
} & {
  readonly [Name in keyof HeedEventMap as `on${Name}`]?: (event: HeedEventMap[Name]) => void;
} & {
  readonly id?: string;
  readonly class?: string;
  readonly className?: string;
  readonly style?: object | string;
  readonly lang?: string;
  readonly dir?: string;
  readonly hidden?: boolean;
  readonly slot?: string;
  readonly part?: string;
  readonly key?: string | number | null;
  readonly ref?: unknown;
};

interface Elements {
  "heed-attention": HeedAttentionAttributes;
}

/* eslint-disable @typescript-eslint/no-empty-object-type -- these add to what there is */
// eslint-disable-next-line @typescript-eslint/ban-ts-comment -- it is right where there is React
// @ts-ignore: where there is no React, nobody asks it
declare module "react" {
  namespace JSX {
    interface IntrinsicElements extends Elements {}
  }
}

declare global {
  namespace JSX {
    interface IntrinsicElements extends Elements {}
  }
}
