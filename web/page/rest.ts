// What stands around and below the first picture, and can wait until that is drawn.
import { MODEL_CARDS } from "../model-cards.ts";
import { whatIfPanels, type WhatIfHost, type WhatIfPanels } from "../panels/what_if.ts";
import { shareBar } from "../share/share_bar.ts";
import type { Page } from "./page.ts";
import { modelCardsView } from "../views/model_card.ts";

/** Fills its places, in the host's language. */
export function drawRest({ figure, slots }: Page, host: WhatIfHost): WhatIfPanels {
  const { strings } = host;
  const panels = whatIfPanels(host);
  slots.share.replaceChildren(shareBar(figure, strings));
  slots.whatIf.replaceChildren(panels.node);
  slots.cards.replaceChildren(modelCardsView(MODEL_CARDS, strings.page.inEnglish));
  return panels;
}
