// The lesson's pages, one a language: the built shell (web/lesson.html) with each language's words and article in it. Vite
// sees the shell alone, so that all languages share its scripts and styles.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { lessonPage } from "../language.ts";
import { stringsOf } from "../strings/index.ts";
import { LANGUAGES, LANGUAGE_NAMES } from "../strings/languages.ts";
import { articleOf, withFormulas } from "./article.mjs";

/** @typedef {import("../strings/languages.ts").Language} Language */

/**
 * @typedef {object} Words of a language's shell.json, all of them plain text
 * @property {string} title
 * @property {string} description
 * @property {string} skip
 * @property {string} heading
 * @property {string} lead
 * @property {string} sentenceLabel
 * @property {string} contentsLabel
 * @property {string} formulaLabel
 * @property {Readonly<Record<string, string>>} contents by the id of the section
 * @property {{ language: string, offer: string, footer: string }} other
 */

/** @param {Language} language */
const folderOf = (language) => fileURLToPath(new URL(`./${language}`, import.meta.url));

/** @param {Language} language @returns {Words} */
export function wordsOf(language) {
  return JSON.parse(readFileSync(`${folderOf(language)}/shell.json`, "utf8"));
}

/** @param {string} shell @param {Language} language @param {"ltr" | "rtl"} direction */
export function pageOf(shell, language, direction) {
  const words = wordsOf(language);
  const { contents, other, ...rest } = words;
  const others = LANGUAGES.filter((name) => name !== language);
  /** @type {Readonly<Record<string, string>>} */
  const texts = {
    language,
    direction,
    ...rest,
    "other.language": other.language,
    "other.footer": other.footer,
  };
  /** @type {Readonly<Record<string, string>>} */
  const parts = {
    alternates: lines(
      LANGUAGES.map((name) => `<link rel="alternate" hreflang="${name}" href="${lessonPage(name)}" />`),
    ),
    languages: lines(LANGUAGES.map((name) => `<li>${languageLink(name, name === language)}</li>`)),
    offers: lines(others.map(offer)),
    contents: lines(
      Object.entries(contents).map(([id, title]) => `<li><a href="#${id}">${escaped(title)}</a></li>`),
    ),
    article: withFormulas(articleOf(folderOf(language)), escaped(words.formulaLabel)),
  };
  return shell
    .replace(/\{\{([\w.]+)\}\}/g, (_, name) => escaped(texts[name] ?? missing(name)))
    .replace(/<!-- (\w+) -->/g, (_, name) => parts[name] ?? missing(name));
}

/** @param {Language} name @param {boolean} isHere */
function languageLink(name, isHere) {
  const current = isHere ? ' aria-current="page"' : "";
  return `<a href="${lessonPage(name)}" lang="${name}" hreflang="${name}"${current}>${LANGUAGE_NAMES[name]}</a>`;
}

/** Shown to who would rather read that language. @param {Language} name */
function offer(name) {
  const text = escaped(wordsOf(name).other.offer);
  return `<p class="offer" lang="${name}" dir="auto" hidden><a href="${lessonPage(name)}" hreflang="${name}">${text}</a></p>`;
}

/** @param {readonly string[]} all */
const lines = (all) => all.join("\n");

/** @param {string} name @returns {never} */
function missing(name) {
  throw new Error(`the lesson's shell wants "${name}", which nothing says`);
}

/** @param {string} text */
function escaped(text) {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

/** @returns {import("vite").Plugin} puts the pages where Vite has put the shell */
export function lessonPages() {
  return {
    name: "lesson-pages",
    enforce: "post",
    async generateBundle(_, bundle) {
      const shell = bundle["lesson.html"];
      if (shell?.type !== "asset") return;
      const html = String(shell.source);
      for (const language of LANGUAGES) {
        const { direction } = await stringsOf(language);
        const source = pageOf(html, language, direction);
        if (language === "en") shell.source = source;
        else this.emitFile({ type: "asset", fileName: lessonPage(language).slice(2), source });
      }
    },
  };
}
