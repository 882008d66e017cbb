// The page of embed.html: one figure of what the fragment says, whose engine and model stand in the same file. It asks for
// nothing, keeps nothing, and tells the page around it how high it is.
import { HeedAttention } from "../element/element.ts";
import { createLocalRunner } from "../runner/local.ts";
import { stateOf } from "../share/link.ts";
import { showState } from "../share/show.ts";
import { h } from "../views/dom.ts";
import { tellHeight } from "./height.ts";
import { embeddedNames, loadEmbedded } from "./models.ts";

/** Without a choice of models: this file holds one. */
const CONTROLS = "layer heads view stage";

HeedAttention.runner = createLocalRunner(() => Promise.resolve(loadEmbedded));
customElements.define("heed-attention", HeedAttention);
const figure = h("heed-attention");

function show(): void {
  const said = new URLSearchParams(location.hash.slice(1));
  const state = stateOf(location.hash);
  // A link that names no model means the usual one; a file without it shows what it has.
  const model = said.has("model") ? state.model : (embeddedNames()[0] ?? state.model);
  showState(figure, { ...state, model });
  figure.setAttribute("controls", said.get("controls") ?? CONTROLS);
  figure.setAttribute("theme", said.get("theme") ?? "auto");
  if (state.language !== "") document.documentElement.lang = state.language;
}

show();
addEventListener("hashchange", show);
document.body.append(h("main", {}, figure));
tellHeight(figure);
