// Where models of one's own are asked for: opened, or files dropped anywhere on the page. Its code comes with the first who
// wants it.
import type { Language } from "../strings/languages.ts";
import type { PageStrings } from "../strings/page.ts";
import { takeDrops } from "./drops.ts";
import type { OwnModelPanel } from "./own_model.ts";
import type { OwnModelHost } from "./wanted_model.ts";

export interface OwnPlace {
  open(): Promise<OwnModelPanel>;
  speak(strings: PageStrings): void;
}

export function ownPlace(root: HTMLElement, node: HTMLDetailsElement, host: OwnModelHost): OwnPlace {
  let spoken: Language = "en";
  let panel: Promise<OwnModelPanel> | undefined;

  function open(): Promise<OwnModelPanel> {
    node.open = true;
    return (panel ??= make().catch((error: unknown) => {
      panel = undefined;
      throw error;
    }));
  }

  async function make(): Promise<OwnModelPanel> {
    const [{ ownModelPanel }, { ownStringsOf }] = await Promise.all([
      import("./own_model.ts"),
      import("../strings/own.ts"),
    ]);
    const made = ownModelPanel(await ownStringsOf(spoken), host);
    node.append(made.node);
    return made;
  }

  async function tell(): Promise<void> {
    if (!panel) return;
    const { ownStringsOf } = await import("../strings/own.ts");
    (await panel).speak(await ownStringsOf(spoken));
  }

  node.addEventListener("toggle", () => {
    if (node.open) void open();
  });
  takeDrops(root, (dropped) => void open().then((made) => made.take(dropped)));
  return {
    open,
    speak({ language }) {
      spoken = language;
      void tell();
    },
  };
}
