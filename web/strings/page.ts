// What the pages say besides the element: catalogues of their own, so that the element need not carry them.
import { english } from "./index.ts";
import { examples } from "./en/examples.ts";
import { lesson } from "./en/lesson.ts";
import { page } from "./en/page.ts";
import { share } from "./en/share.ts";
import { whatif } from "./en/whatif.ts";
import { languageOf, type Language } from "./languages.ts";

export const pageEnglish = { ...english, examples, lesson, page, share, whatif };

export type PageStrings = typeof pageEnglish;

const CATALOGUES: Readonly<Record<Language, () => Promise<PageStrings>>> = {
  en: () => Promise.resolve(pageEnglish),
  es: async () => (await import("./es/pages.ts")).spanishPage,
  zh: async () => (await import("./zh/pages.ts")).chinesePage,
  ar: async () => (await import("./ar/pages.ts")).arabicPage,
};

/** As stringsOf(), with what the pages say. */
export function pageStringsOf(tag: string): Promise<PageStrings> {
  return CATALOGUES[languageOf(tag) ?? "en"]();
}
