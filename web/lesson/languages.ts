// The lesson in other languages: the page has a link to each, and these keep the reader's place.
import { chosenLanguage, keepLanguage, offeredLanguage } from "../language.ts";
import { languageOf } from "../strings/languages.ts";

export interface LanguageLinks {
  /** Whoever follows one arrives at the same section, with the same sentence. */
  keep(hash: string): void;
}

/** What is chosen here holds for every page; who would rather read another language is told of it in that, and not led there. */
export function offerLanguages(page: Document): LanguageLinks {
  const links = [...page.querySelectorAll<HTMLAnchorElement>(".languages a, .offer a")];
  for (const link of links)
    link.addEventListener("click", () => {
      const language = languageOf(link.hreflang);
      if (language) keepLanguage(language);
    });
  const wanted = chosenLanguage("") ?? offeredLanguage();
  // There is none in the page's own.
  const offer = page.querySelector<HTMLElement>(`.offer[lang=${wanted}]`);
  if (offer) offer.hidden = false;
  return {
    keep(hash) {
      for (const link of links) link.hash = hash;
    },
  };
}
