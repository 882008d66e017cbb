// The first picture is what everyone waits for: what else there is to fetch comes after it.
import type { HeedAttention } from "../element/element.ts";
import { MODELS, type ModelName } from "../runner/run_data.ts";
import type { Runner } from "../runner/runner.ts";

/** When the first picture, or why there is none, is on the screen. */
export async function firstPicture(figure: HeedAttention): Promise<void> {
  await new Promise((resolve) => {
    for (const name of ["heed-run", "heed-error"]) figure.addEventListener(name, resolve, { once: true });
  });
  // The frame after the one that it is drawn in.
  for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
}

/** The second model after the first picture, which comes as soon as it can; what fails, the element says when it is asked. */
export async function loadModels(runner: Runner, drawn: Promise<void>, root: HTMLElement): Promise<void> {
  const ready: ModelName[] = [];
  for (const model of MODELS) {
    try {
      await runner.load(model);
      ready.push(model);
      root.dataset.ready = ready.join(" ");
    } catch {
      // The next may come all the same.
    }
    await drawn;
  }
}
