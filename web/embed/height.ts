// The height of what is shown, told to whoever embeds it, whenever it is another:
//
//   { type: "heed-height", height }     CSS pixels
//
// To anyone, for a height is no secret and a frame can't know where it stands.
import type { HeedAttention } from "../element/element.ts";

export function tellHeight(figure: HeedAttention): void {
  if (parent === self) return;
  let told = 0;
  const tell = (): void => {
    const height = Math.ceil(document.documentElement.getBoundingClientRect().height);
    if (height === told) return;
    told = height;
    parent.postMessage({ type: "heed-height", height }, "*");
  };
  // Not before there is something to see, or the page around would jump twice.
  const observer = new ResizeObserver(tell);
  const start = (): void => {
    void figure.updateComplete.then(() => observer.observe(document.documentElement));
  };
  figure.addEventListener("heed-run", start, { once: true });
  figure.addEventListener("heed-error", start, { once: true });
}
