// What stands around and below the first picture, and can wait until that is drawn.
import { MODEL_CARDS } from "../model_cards.ts";
import { whatIfPanels, type WhatIfHost, type WhatIfPanels } from "../panels/what_if.ts";
import { shareBar, type ShareBar } from "../share/share_bar.ts";
import type { Page } from "./page.ts";
import { modelCardsView } from "../views/model_card.ts";

export interface Rest {
  readonly whatIf: WhatIfPanels;
  readonly share: ShareBar;
}

/** Fills its places, in the host's language. */
export function drawRest({ figure, slots }: Page, host: WhatIfHost): Rest {
  const { strings } = host;
  const [whatIf, share] = [whatIfPanels(host), shareBar(figure, strings)];
  slots.share.replaceChildren(share.node);
  slots.whatIf.replaceChildren(whatIf.node);
  slots.cards.replaceChildren(modelCardsView(MODEL_CARDS, strings.page.inEnglish));
  return { whatIf, share };
}
