// One head's attention step by step, with the run's own numbers: a small picture of each step, its formula, and one cell
// followed through all of them. Vaswani et al. 2017, sections 3.2.1 and 3.2.2.
import { isLong, type Stage } from "../runner/run_data.ts";
import type { Cell } from "../state.ts";
import { isolated } from "../strings/words.ts";
import { keyLabelsOf } from "../reading/units.ts";
import { h } from "./dom.ts";
import { formulaNode } from "./math.ts";
import { numberTables, type Source } from "./number_table.ts";
import { colorKey } from "./steps/color_key.ts";
import { factsOf, type Facts } from "./steps/facts.ts";
import { formulaOf, STEPS, type StepName } from "./steps/formulas.ts";
import { plateView, type Plate, type PlateContent } from "./steps/plate.ts";
import { numberIn, platesOf, STAGE_OF, type Kind, type Shown } from "./steps/plates.ts";
import { sayStep } from "./steps/said.ts";
import { tokenChooser } from "./steps/token_chooser.ts";
import { typeset } from "./steps/typeset.ts";
import type { MakeView, Scene } from "./view.ts";

interface Step {
  readonly node: HTMLElement;
  update(scene: Scene, facts: Facts): void;
}

export const stepsView: MakeView = (first, events) => {
  let scene = first;
  const follow = (cell: Partial<Cell>): void =>
    events.change({ cell: { ...factsOf(scene).cell, ...cell }, locked: [] });
  const queries = tokenChooser((row) => follow({ row }));
  const keys = tokenChooser((col) => follow({ col }));
  const legend = h("legend");
  const chosen = h("fieldset", { class: "followed" }, legend, queries.node, keys.node);
  const colors = colorKey();
  const list = h("ol", { class: "steps" });
  const tooLong = h("p", { class: "nothing" });
  const node = h("div", { class: "steps-view" }, chosen, tooLong, colors.node, list);
  const steps = STEPS.map((name) => stepView(name));
  list.append(...steps.map((step) => step.node));

  function stepView(name: StepName): Step {
    const title = h("h3");
    const said = h("p", { class: "step-said" });
    const reckoning = h("p", { class: "reckoning", dir: "ltr" });
    const read = h("p", { class: "aside plate-read" });
    const pictures = h("div", { class: "step-pictures" });
    const plates: Plate[] = [];
    let shownFormula = "";
    const formula = h("p", { class: "step-formula", dir: "ltr" });
    // Where there is no room for it, the keyboard must be able to scroll it.
    new ResizeObserver(() => {
      const isScrolled = formula.scrollWidth > formula.clientWidth;
      if (isScrolled) formula.tabIndex = 0;
      else formula.removeAttribute("tabindex");
    }).observe(formula);
    const tables = numberTables(
      first,
      (next) => {
        const facts = factsOf(next);
        return platesOf(name, next, facts).map((shown) => tableOf(next, name, shown));
      },
      ({ run, strings, state: { layer, heads, cell } }) => [
        ...[run, strings, layer, heads[0]],
        ...(isLong(run) ? [cell?.row, cell?.col] : []),
      ],
    );
    const words = h("div", { class: "step-words" }, title, formula, said, reckoning);

    function plateAt(index: number, kind: Kind): Plate {
      plates[index] ??= plateView({
        pick(cell) {
          // Of a long run one row is shown, which is followed already.
          if (isLong(scene.run)) return kind === "pair" ? follow({ col: cell.col }) : undefined;
          const { row, col } = cell;
          if (kind === "head") return row < scene.run.numHeads && events.change({ heads: [row] });
          follow(kind === "pair" ? { row, col } : kind === "query" ? { row } : { col: row });
        },
        hover(cell, said) {
          events.hover(
            kind === "pair" && cell
              ? { row: isLong(scene.run) ? factsOf(scene).cell.row : cell.row, col: cell.col }
              : undefined,
          );
          read.textContent = said;
        },
        say: (content, cell) => readCell(scene, kind, STAGE_OF[name] ?? "scores", content, cell),
      });
      return plates[index];
    }

    return {
      node: h(
        "li",
        { class: `step ${name}${STAGE_OF[name] || name === "context" ? " beside" : ""}` },
        words,
        pictures,
        h("div", { class: "step-foot" }, tables.node, read),
      ),
      update(next, facts) {
        const { sentences, reckoning: lines } = sayStep(name, next, facts);
        title.textContent = next.strings.stepsView[name].title;
        said.textContent = sentences.filter(Boolean).join(" ");
        reckoning.replaceChildren(...lines.map(typeset));
        const text = formulaOf(name, next, facts);
        if (text !== shownFormula) formula.replaceChildren(formulaNode(text));
        shownFormula = text;
        tables.update(next);
        const shown = platesOf(name, next, facts);
        pictures.parentElement?.classList.toggle("unchanged", shown.length === 0);
        const nodes = shown.map(({ kind, content }, i) => {
          const plate = plateAt(i, kind);
          plate.show(content, next.strings.numbers);
          return plate.node;
        });
        if (pictures.childElementCount !== nodes.length) pictures.replaceChildren(...nodes);
      },
    };
  }

  function update(next: Scene): void {
    scene = next;
    const strings = scene.strings.stepsView;
    const n = scene.run.tokens.length;
    tooLong.hidden = !isLong(scene.run);
    tooLong.textContent = strings.tooLong(n);
    const facts = factsOf(scene);
    legend.textContent = strings.follow;
    queries.update(strings.row, scene.labels, facts.cell.row);
    keys.update(strings.col, keyLabelsOf(scene), facts.cell.col);
    colors.show(scene, strings.colors);
    for (const step of steps) step.update(scene, facts);
  }

  update(first);
  return { node, update, dispose: () => {} };
};

/** The numbers of a plate as a table. */
function tableOf(scene: Scene, name: StepName, { kind, content }: Shown): Source {
  const { values, cols, row, col = 0 } = content;
  return {
    caption: `${content.title}: ${content.name}`,
    write: (value) => numberIn(scene, value, STAGE_OF[name] ?? "scores"),
    rows: content.rowLabels,
    cols: kind === "pair" ? keyLabelsOf(scene) : cols,
    at: { row, col },
    values,
  };
}

/** Of a cell under the pointer, or with the focus. */
function readCell(scene: Scene, kind: Kind, stage: Stage, content: PlateContent, { row, col }: Cell): string {
  const { strings } = scene;
  const number = content.values[row * content.cols + col] ?? NaN;
  const value = isolated(numberIn(scene, number, stage));
  const name = content.rowLabels[row]?.plain ?? "";
  const place = `${content.title} ${col}`;
  if (kind === "head") return strings.modelView.cell(name, place, value);
  return kind === "pair"
    ? strings.stepsView.pairOf(name, keyLabelsOf(scene)[col]?.plain ?? "", value)
    : strings.stepsView.cellOf(place, name, value);
}
