// The composition root: the state, the events that change it, and which views are drawn again for which change.
import { EXAMPLES, type Example } from "./examples.ts";
import { buildPage } from "./page.ts";
import { createClient, type Port } from "./runner/client.ts";
import type { Reply } from "./runner/protocol.ts";
import {
  headMatrix,
  layerMatrices,
  MODELS,
  STAGES,
  type ModelName,
  type RunData,
  type Stage,
} from "./runner/run_data.ts";
import { carryOver, lookedFor, strongest } from "./selection.ts";
import { cellDetails } from "./views/cell_details.ts";
import { choiceView } from "./views/choice.ts";
import { cutView } from "./views/cut.ts";
import type { Cell } from "./views/grid_keys.ts";
import { headsView, type HeadsView } from "./views/heads.ts";
import { legendView } from "./views/legend.ts";
import { matrixView, type MatrixView } from "./views/matrix.ts";
import { predictionsView } from "./views/predictions.ts";
import { scaleOf, type Scale } from "./views/scale.ts";
import { sentenceView, type SentenceView } from "./views/sentence.ts";
import { STAGE_TEXTS, stageFace } from "./views/stages.ts";
import { tokenLabels, type TokenLabel } from "./views/token_label.ts";

/** Typing counts as paused after this many milliseconds. */
const PAUSE = 150;

interface State {
  model: ModelName;
  stage: Stage;
  /** Each model keeps its own head. */
  heads: Record<ModelName, { layer: number; head: number }>;
  /** Row and column of every matrix: who looks, at whom. */
  cell: Cell;
  /** Whose text stands in the input unchanged. */
  example: Example | undefined;
  /** An example was just picked, so that the next run moves to what there is to see in it. */
  moveToLook: boolean;
}

export function startApp(root: HTMLElement, port: Port): void {
  const page = buildPage(root);
  const { input, slots } = page;
  const client = createClient(port, onReply);
  const state: State = {
    model: "heed-bert",
    stage: "weights",
    heads: { "heed-bert": { layer: 2, head: 1 }, "heed-gpt": { layer: 2, head: 2 } },
    cell: { row: 0, col: 0 },
    example: EXAMPLES[0],
    moveToLook: true,
  };
  const loading = new Map<ModelName, string>(MODELS.map((model) => [model, `Loading ${model} \u2026`]));

  // What is drawn: of the last run, by the state.
  let run: RunData | undefined;
  let labels: TokenLabel[] = [];
  let sentence: SentenceView | undefined;
  let heads: HeadsView | undefined;
  let matrix: MatrixView | undefined;

  /** Of what is shown: while another model is still at work, the old picture stays whole. */
  const chosenHead = (): { layer: number; head: number } => state.heads[run?.model ?? state.model];

  function ask(): void {
    const missing = loading.get(state.model);
    if (missing !== undefined) {
      client.cancel();
      page.status.textContent = missing;
      return;
    }
    if (input.value.trim() === "") {
      client.cancel();
      showNothing("Nothing to read yet. Type a sentence, or pick one of the examples.");
      return;
    }
    client.run(state.model, input.value);
  }

  function showNothing(message: string): void {
    run = undefined;
    page.status.textContent = "";
    page.picture.hidden = true;
    page.nothing.hidden = false;
    page.nothing.textContent = message;
    slots.cut.replaceChildren();
  }

  function onReply(reply: Reply): void {
    switch (reply.type) {
      case "progress": {
        const share = reply.total > 0 ? ` ${Math.floor((100 * reply.loaded) / reply.total)} %` : "";
        loading.set(reply.model, `Loading ${reply.model} \u2026${share}`);
        if (reply.model === state.model) page.status.textContent = loading.get(reply.model) ?? "";
        return;
      }
      case "ready":
        loading.delete(reply.model);
        root.dataset.ready = MODELS.filter((model) => !loading.has(model)).join(" ");
        if (reply.model === state.model) ask();
        loadNext();
        return;
      case "failed":
        loading.set(
          reply.model,
          `${reply.model} could not be loaded. Loading the page again may help. (${reply.message})`,
        );
        if (reply.model === state.model) page.status.textContent = loading.get(reply.model) ?? "";
        loadNext();
        return;
      case "refused":
        showNothing(`${state.model} could not read this: ${reply.message}`);
        return;
      case "result":
        showRun(reply.run);
    }
  }

  /** One after the other, so that the first picture comes as soon as it can. */
  const toLoad: ModelName[] = [...MODELS];
  function loadNext(): void {
    const model = toLoad.shift();
    if (model) client.load(model);
  }

  function showRun(next: RunData): void {
    const before = run;
    run = next;
    labels = tokenLabels(run.tokens, run.text, run.model);
    const n = labels.length;
    const look = state.example?.looks[run.model];
    if (state.moveToLook && look) state.heads[run.model] = { layer: look.layer, head: look.head };
    const weights = headMatrix(run, "weights", chosenHead().layer, chosenHead().head);
    if (state.moveToLook && look) {
      state.cell = lookedFor(look, labels, run, weights);
    } else {
      const row = before ? carryOver(before, state.cell.row, run) : 0;
      state.cell = { row, col: strongest(weights, row, n) };
    }
    state.moveToLook = false;
    slots.note.textContent = look ? look.note : "";
    slots.cut.replaceChildren(...cutView(run.text, run.leftOut, run));
    page.status.textContent = `${n} tokens, ${run.numLayers * run.numHeads} heads, ${run.milliseconds.toFixed(run.milliseconds < 10 ? 1 : 0)} ms`;
    page.nothing.hidden = true;
    page.picture.hidden = false;
    drawSentence(run);
    drawLayers(run);
    drawHeads(run);
    drawMatrix(run);
    drawRow(run);
  }

  function drawSentence(shown: RunData): void {
    sentence = sentenceView(labels, {
      selected: state.cell.row,
      onChoose(row) {
        state.cell = { row, col: strongest(weightsOf(shown), row, labels.length) };
        matrix?.select(state.cell);
        drawRow(shown);
      },
    });
    slots.sentence.replaceChildren(sentence.node);
  }

  function drawLayers(shown: RunData): void {
    const items = Array.from({ length: shown.numLayers }, (_, layer) => ({
      value: layer,
      label: String(layer),
      name: `Layer ${layer}`,
    }));
    const choice = choiceView(items, {
      legend: "Layer",
      class: "segmented",
      selected: chosenHead().layer,
      onChoose(layer) {
        state.heads[shown.model] = { ...chosenHead(), layer };
        drawHeads(shown);
        drawMatrix(shown);
        drawRow(shown);
      },
    });
    slots.layers.replaceChildren(choice.node);
  }

  function drawHeads(shown: RunData): void {
    const { layer, head: selected } = chosenHead();
    const all = Array.from({ length: shown.numHeads }, (_, head) => head);
    heads = headsView(
      {
        layer,
        labels,
        matrices: all.map((head) => headMatrix(shown, state.stage, layer, head)),
        weights: all.map((head) => headMatrix(shown, "weights", layer, head)),
      },
      {
        stage: state.stage,
        scale: scale(shown),
        head: selected,
        onChoose(head) {
          state.heads[shown.model] = { layer, head };
          drawMatrix(shown);
          drawRow(shown);
        },
      },
    );
    heads.look(state.cell.row);
    slots.heads.replaceChildren(heads.node);
  }

  function drawMatrix(shown: RunData): void {
    const { layer, head } = chosenHead();
    const { stage } = state;
    const values = headMatrix(shown, stage, layer, head);
    matrix?.dispose();
    matrix = matrixView(
      { labels, values },
      {
        name: `${STAGE_TEXTS[stage].name} of ${shown.model} L${layer}H${head}: rows are queries, columns are keys`,
        stage,
        scale: scale(shown),
        selected: state.cell,
        onSelect(cell) {
          state.cell = cell;
          drawRow(shown);
        },
        onHover: (cell) => drawDetails(shown, cell ?? state.cell),
      },
    );
    slots.matrix.replaceChildren(matrix.node);
    slots.explanation.textContent = STAGE_TEXTS[stage].explain(shown.isCausal);
    const hidden = values.some((value) => value === -Infinity);
    slots.legend.replaceChildren(legendView(scale(shown), { caption: STAGE_TEXTS[stage].legend, hidden }));
  }

  /** All that follows the chosen row. */
  function drawRow(shown: RunData): void {
    const { row } = state.cell;
    const n = labels.length;
    sentence?.shade(row, weightsOf(shown).subarray(row * n, (row + 1) * n));
    heads?.look(row);
    drawDetails(shown, state.cell);
    const [token, label, predictions] = [shown.tokens[row], labels[row], shown.predictions[row]];
    if (!token || !label || !predictions) return;
    const onHide = (): void => {
      input.value = `${shown.text.slice(0, token.start)}[MASK]${shown.text.slice(token.end)}${shown.leftOut}`;
      onTyped();
      input.focus();
    };
    slots.predictions.replaceChildren(
      predictionsView({ model: shown.model, token, label, predictions }, { onHide }),
    );
  }

  function drawDetails(shown: RunData, { row, col }: Cell): void {
    const { layer, head } = chosenHead();
    const [query, key] = [labels[row], labels[col]];
    const value = headMatrix(shown, state.stage, layer, head)[row * labels.length + col];
    if (!query || !key || value === undefined) return;
    slots.details.replaceChildren(cellDetails({ query, key, row, col, value, stage: state.stage }));
  }

  function weightsOf(shown: RunData): Float32Array {
    return headMatrix(shown, "weights", chosenHead().layer, chosenHead().head);
  }

  function scale(shown: RunData): Scale {
    return scaleOf(state.stage, layerMatrices(shown, state.stage, chosenHead().layer));
  }

  let pause: ReturnType<typeof setTimeout> | undefined;
  function onTyped(): void {
    state.example = EXAMPLES.find(({ text }) => text === input.value);
    page.examples.value = state.example ? String(EXAMPLES.indexOf(state.example)) : "";
    clearTimeout(pause);
    pause = setTimeout(ask, PAUSE);
  }

  input.addEventListener("input", onTyped);
  page.examples.addEventListener("change", () => {
    const picked = EXAMPLES[Number(page.examples.value || NaN)];
    if (!picked) return;
    input.value = picked.text;
    state.example = picked;
    state.moveToLook = true;
    ask();
  });
  slots.models.replaceChildren(
    choiceView(
      MODELS.map((model) => ({ value: model, label: model })),
      {
        legend: "Model",
        class: "segmented",
        selected: state.model,
        onChoose(model) {
          state.model = model;
          state.moveToLook = state.example !== undefined;
          ask();
        },
      },
    ).node,
  );
  slots.stages.replaceChildren(
    choiceView(
      STAGES.map((stage) => ({ value: stage, label: stageFace(stage), name: STAGE_TEXTS[stage].name })),
      {
        legend: "Stage",
        class: "segmented stages",
        selected: state.stage,
        onChoose(stage) {
          state.stage = stage;
          if (!run) return;
          drawHeads(run);
          drawMatrix(run);
          drawDetails(run, state.cell);
        },
      },
    ).node,
  );
  input.value = EXAMPLES[0].text;
  page.examples.value = "0";
  page.status.textContent = loading.get(state.model) ?? "";
  loadNext();
}
