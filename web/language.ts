// Which language a page speaks: what its link says, else what was chosen here before, else what the browser asks for first.
import { languageOf, type Language } from "./strings/languages.ts";

const KEPT = "heed-language";

/** What was chosen, by link or by hand; undefined: nothing was. */
export function chosenLanguage(linked: string): Language | undefined {
  return languageOf(linked) ?? languageOf(kept());
}

/** The first of the browser's languages that is spoken here. */
export function offeredLanguage(languages: readonly string[] = navigator.languages): Language {
  return languages.flatMap((tag) => languageOf(tag) ?? [])[0] ?? "en";
}

export function keepLanguage(language: Language): void {
  try {
    localStorage.setItem(KEPT, language);
  } catch {
    // A page that may store nothing asks again next time.
  }
}

/** The lesson in a language, as seen from every page. */
export const lessonPage = (language: Language): string =>
  language === "en" ? "./lesson.html" : `./lesson.${language}.html`;

function kept(): string {
  try {
    return localStorage.getItem(KEPT) ?? "";
  } catch {
    return "";
  }
}
