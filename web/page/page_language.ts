// The language that the page speaks: its parts are told all that they say, in the language that was asked for last.
import { keepLanguage } from "../language.ts";
import { languageOf, type Language } from "../strings/languages.ts";
import { pageEnglish, pageStringsOf, type PageStrings } from "../strings/page.ts";
import type { Page } from "./page.ts";

interface Part {
  speak(strings: PageStrings): void;
}

/** Gives what makes the page speak a language; the visitor's choice does too. */
export function pageLanguage(
  { figure, language: choice }: Page,
  parts: readonly Part[],
): (language: Language) => void {
  let asked: Language = "en";

  async function speak(language: Language): Promise<void> {
    asked = language;
    // English is there: nothing to wait for.
    const strings = language === "en" ? pageEnglish : await pageStringsOf(language).catch(() => pageEnglish);
    if (asked !== language) return;
    document.documentElement.lang = strings.language;
    document.documentElement.dir = strings.direction;
    document.title = strings.page.title;
    for (const part of parts) part.speak(strings);
  }

  choice.addEventListener("change", () => {
    const language = languageOf(choice.value) ?? "en";
    keepLanguage(language);
    figure.lang = language;
    void speak(language);
  });
  return (language) => void speak(language);
}
