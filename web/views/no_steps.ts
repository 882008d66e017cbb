// In the place of views that show how a weight comes about, where that can't be known.
import { h } from "./dom.ts";
import type { MakeView } from "./view.ts";

export const noSteps: MakeView = (first) => {
  const node = h("p", { class: "nothing" });
  const update = ({ run, strings }: typeof first): void => {
    node.textContent = strings.stepsView.notReckoned(run.tokens.length);
  };
  update(first);
  return { node, update, dispose: () => {} };
};
