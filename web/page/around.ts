// What stands around and below the first picture: fetched when that is drawn, and at work while it is seen.
import { whenVisible } from "../element/visible.ts";
import type { WhatIfHost } from "../panels/what_if.ts";
import { isLong } from "../runner/run_data.ts";
import { pageEnglish, type PageStrings } from "../strings/page.ts";
import type { Page } from "./page.ts";
import type { Rest } from "./rest.ts";

export interface Around {
  /** What the element shows may be another now. */
  update(): void;
  /** Scrolls to "What if?". */
  enterWhatIf(): void;
  speak(strings: PageStrings): void;
}

/** What can wait for the first picture comes without it after this many milliseconds: the picture may be out of sight. */
const LONGEST_WAIT = 2000;

export function aroundPicture(
  page: Page,
  drawn: Promise<void>,
  host: Pick<WhatIfHost, "runner" | "change">,
): Around {
  const { figure, slots } = page;
  let strings: PageStrings = pageEnglish;
  let drawRest: typeof import("./rest.ts").drawRest | undefined;
  let rest: Rest | undefined;
  let isWhatIfSeen = false;
  let isWhatIfWanted = false;

  async function fetchRest(): Promise<void> {
    await Promise.race([drawn, new Promise((resolve) => setTimeout(resolve, LONGEST_WAIT))]);
    ({ drawRest } = await import("./rest.ts"));
    draw();
  }

  function draw(): void {
    rest?.whatIf.dispose();
    rest = drawRest?.(page, { ...host, strings, state: () => figure.state });
    update();
    if (rest && isWhatIfWanted) enterWhatIf();
  }

  /** Once it is there. */
  function enterWhatIf(): void {
    isWhatIfWanted = rest === undefined;
    rest?.whatIf.enter();
  }

  /** Not waiting for the element, which does nothing while it is out of sight. */
  function update(): void {
    const { run } = figure;
    // Its panels draw whole matrices.
    slots.whatIf.hidden = run !== undefined && isLong(run);
    rest?.share.offer(run !== undefined && figure.text.trim() !== "");
    if (isWhatIfSeen && run && !isLong(run)) void rest?.whatIf.update();
  }

  whenVisible(slots.whatIf, (isVisible) => {
    isWhatIfSeen = isVisible;
    update();
  });
  void fetchRest();
  return {
    update,
    enterWhatIf,
    speak(next) {
      strings = next;
      draw();
    },
  };
}
