// The figures are drawn ahead of the reader while nothing else is to do: then the page has its full height, and prints whole.
import type { HeedAttention } from "../element/element.ts";
import { drawUnseen } from "../element/visible.ts";

/** Milliseconds without another sentence after which this one counts as the one that is read. */
const PAUSE = 2000;

const ANSWERS = ["heed-run", "heed-error"] as const;

export interface Ahead {
  /** There is another sentence. */
  restart(): void;
}

export function drawAhead(elements: readonly HeedAttention[]): Ahead {
  /** Those that show the present sentence, or say why they can't. */
  const fresh = new Set<HeedAttention>();
  let pause: ReturnType<typeof setTimeout> | undefined;
  let turn = 0;

  async function drawn(element: HeedAttention): Promise<void> {
    await new Promise((done) => {
      for (const answer of ANSWERS) element.addEventListener(answer, done, { once: true });
    });
    await element.updateComplete;
  }

  async function draw(): Promise<void> {
    const mine = ++turn;
    for (const element of elements) {
      await idle();
      if (mine !== turn) return;
      if (fresh.has(element)) continue;
      const done = drawn(element);
      const leave = drawUnseen(element);
      await done;
      leave();
    }
  }

  async function answered(element: HeedAttention): Promise<void> {
    fresh.add(element);
    // By then the answer is on its way to the screen.
    await undefined;
    await element.updateComplete;
    // From here on it has its own height (web/styles/lesson_room.css).
    element.dataset["drawn"] = "";
  }

  for (const element of elements)
    for (const answer of ANSWERS) element.addEventListener(answer, () => void answered(element));
  sayOnPaper(() => elements.filter((element) => !fresh.has(element)));
  return {
    restart() {
      fresh.clear();
      turn++;
      clearTimeout(pause);
      if (!savesData()) pause = setTimeout(() => void draw(), PAUSE);
    },
  };
}

/** Who prints before a figure is drawn gets its words. */
function sayOnPaper(missing: () => readonly HeedAttention[]): void {
  let undo: (() => void)[] = [];
  addEventListener("beforeprint", () => {
    undo = missing().map((element) => {
      const words = [...element.children].map((child) => child.cloneNode(true) as Element);
      element.after(...words);
      element.hidden = true;
      return () => {
        element.hidden = false;
        for (const word of words) word.remove();
      };
    });
  });
  addEventListener("afterprint", () => undo.splice(0).forEach((take) => take()));
}

function idle(): Promise<unknown> {
  return new Promise((done) => {
    // Safari has none.
    if ("requestIdleCallback" in globalThis) requestIdleCallback(done);
    else setTimeout(done, 100);
  });
}

/** Whoever asked for less to be fetched reads perhaps the beginning alone. */
function savesData(): boolean {
  const { connection } = navigator as { connection?: { saveData?: boolean } };
  return connection?.saveData === true;
}
