// The context vectors of all heads of a layer, end to end.
import { headVectors, type RunData } from "../../runner/run_data.ts";
import type { PageStrings } from "../../strings/page.ts";
import { h } from "../../views/dom.ts";
import { nameOf, type RunFigure } from "./mix.ts";
import { scaleOfAll, strip } from "./strip.ts";

/** Of one token, [heads][headDim]: what a layer's output matrix is given, in its order. */
export function contextsOf(run: RunData, layer: number, token: number): Float32Array[] {
  const [from, to] = [token * run.headDim, (token + 1) * run.headDim];
  return Array.from({ length: run.numHeads }, (_, head) =>
    headVectors(run, "context", layer, head).subarray(from, to),
  );
}

export function concatFigure({ lesson }: PageStrings): RunFigure {
  const words = lesson.concat;
  const select = h("select", {});
  const picture = h("ol", { class: "drawers" });
  const said = h("p", { class: "reading", role: "status" });
  const node = h(
    "div",
    { class: "hand", hidden: true },
    h("label", { class: "field" }, h("span", {}, words.choose), select),
    picture,
    said,
  );
  let draw = (): void => {};
  select.addEventListener("change", () => draw());
  return {
    node,
    clear: () => (node.hidden = true),
    show(run, { layer, row }) {
      const name = nameOf(run);
      node.hidden = false;
      select.replaceChildren(
        ...run.tokens.flatMap(({ special }, i) => (special ? [] : [h("option", { value: i }, name(i))])),
      );
      select.value = String(row);
      draw = () => {
        const token = Number(select.value);
        const contexts = contextsOf(run, layer, token);
        const scale = scaleOfAll(contexts);
        picture.replaceChildren(
          ...contexts.map((values, head) =>
            h(
              "li",
              { "aria-label": words.strip(head, name(token)) },
              strip(values, scale),
              h("span", { class: "drawer-name" }, words.head(head)),
            ),
          ),
        );
        said.textContent = `${words.caption(run.numHeads, run.headDim)}. ${lesson.mix.legend(String(scale.max))}`;
      };
      draw();
    },
  };
}
