// What leads to the main page brings the visitor's sentence and language there.
import { chosenLanguage, offeredLanguage } from "../language.ts";
import { fragmentOf } from "../share/link.ts";
import { DEFAULT_STATE } from "../state.ts";
import { SPOKEN_OF } from "./looking.ts";

/** The fragment for a sentence, "" where the main page opens with it by itself. `language`: "" where it speaks the lesson's anyway. */
export function homeFragment(text: string, language: string): string {
  const { text: usual } = DEFAULT_STATE;
  if (text === usual && language === "") return "";
  // Of a sentence alone the main page finds by itself what is worth looking at.
  return fragmentOf({ ...DEFAULT_STATE, ...(text === usual && SPOKEN_OF), text, language });
}

/** Gives what keeps all of a page's links current. */
export function homeLinks(page: Document): (text: string) => void {
  const links = [...page.querySelectorAll<HTMLAnchorElement>('a[href="./index.html"]')];
  const { lang } = page.documentElement;
  const spoken = chosenLanguage("") ?? offeredLanguage();
  return (text) => {
    for (const link of links) link.hash = homeFragment(text, spoken === lang ? "" : lang);
  };
}
