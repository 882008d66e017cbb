// The lesson says in each language what it says in English: the same figures, formulas, links and numbers, in the same order.
// Without a browser.

import { describe, expect, test } from "@jest/globals";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { articleOf } from "../../web/lesson/article.mjs";
import { pageOf, wordsOf } from "../../web/lesson/pages.mjs";
import { LANGUAGES } from "../../web/strings/languages.ts";

const at = (path: string): string => fileURLToPath(new URL(`../../web/${path}`, import.meta.url));
const folderOf = (language: string): string => at(`lesson/${language}`);
const filesOf = (language: string): string[] => readdirSync(folderOf(language)).sort();
const PARTS = filesOf("en").filter((name) => name.endsWith(".html"));
const OTHERS = LANGUAGES.filter((language) => language !== "en");

const read = (language: string, name: string): string =>
  readFileSync(`${folderOf(language)}/${name}`, "utf8");

/** What readers are told is each language's own, but not whether they are told. */
const SPOKEN = ["aria-label", "alt", "title"];

/**
 * Tags and attributes, in order, without which language a text is in and what stands there for that alone: a span around
 * English words.
 */
function markup(html: string): string[] {
  const found: string[] = [];
  const open: boolean[] = [];
  for (const [, closing, tag, rest = ""] of html.matchAll(/<(\/?)([a-z][\w-]*)((?:[^"<>]|"[^"]*")*)>/g)) {
    const attributes = [...rest.matchAll(/([\w-]+)(?:="([^"]*)")?/g)].filter(
      ([, name]) => name !== "lang" && name !== "dir",
    );
    const isSpan = tag === "span";
    const isPlain = isSpan && (closing ? (open.pop() ?? false) : attributes.length === 0);
    if (isSpan && !closing) open.push(isPlain);
    if (isPlain) continue;
    const said = attributes.map(([, name = "", value]) =>
      SPOKEN.includes(name) ? `${name}=\u2026` : `${name}=${value ?? ""}`,
    );
    found.push(`${closing}${tag} ${said.sort().join(" ")}`.trim());
  }
  return found;
}

const plain = (html: string): string =>
  html
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ")
    .trim();

/** The texts of elements that hold no others of their kind. */
const textsOf = (html: string, tags: string): string[] =>
  [...html.matchAll(new RegExp(`<(${tags})\\b[^>]*>(.*?)</\\1>`, "gs"))].map(([, , inner = ""]) =>
    plain(inner),
  );

/** Of each cell of a table, in no order, for a language orders its sentence as it must. */
const numbersOf = (html: string): string[][] =>
  textsOf(html, "td|th").map((text) => (text.match(/[.\d][\d.,\u2013]*\d|\d/g) ?? []).sort());

/** The names of papers and of who wrote them are the same everywhere. */
const withoutSources = (html: string): string => html.replace(/<ul class="sources">.*?<\/ul>/s, "");

/** Without what is marked as English, and without what the models are called. */
const ownText = (html: string): string =>
  plain(html.replace(/<(\w+)\b[^>]*\blang="en"[^>]*>.*?<\/\1>/gs, " ").replace(/<math\b.*?<\/math>/gs, " "));

test("markup is compared as it stands", () => {
  expect(markup('<p class="a" data-x="1 > 0">so <span lang="en" dir="ltr">it</span>, <i>a</i></p>')).toEqual([
    "p class=a data-x=1 > 0",
    "i",
    "/i",
    "/p",
  ]);
  expect(markup('<span class="x"><span>a</span></span>')).toEqual(["span class=x", "/span"]);
  expect(markup('<nav aria-label="Contents"></nav>')).toEqual(["nav aria-label=\u2026", "/nav"]);
});

describe.each(OTHERS)("the lesson in %s", (language) => {
  test("has the parts that English has, and no other file", () => {
    expect(filesOf(language)).toEqual(filesOf("en"));
  });

  test.each(PARTS)("%s has the same elements, attributes, formulas and links", (name) => {
    expect(markup(read(language, name))).toEqual(markup(read("en", name)));
  });

  test("has the same numbers in its tables", () => {
    const numbers = numbersOf(articleOf(folderOf("en")));
    expect(numbers.flat().length).toBeGreaterThan(10);
    expect(numbersOf(articleOf(folderOf(language)))).toEqual(numbers);
  });

  test("leaves nothing in English", () => {
    const [english, own] = ["en", language].map((name) => withoutSources(articleOf(folderOf(name))));
    const said = new Set(textsOf(english!, "p|li|h2|h3|figcaption").filter((text) => /[a-z]{3}/i.test(text)));
    expect(said.size).toBeGreaterThan(100);
    expect(textsOf(own!, "p|li|h2|h3|figcaption").filter((text) => said.has(text))).toEqual([]);
    // Words that no English sentence does without.
    expect(ownText(own!).match(/[^.]*(?<!\p{L})(the|of|with|which|that|is)(?!\p{L})[^.]*/giu)).toBeNull();
  });

  test("has every word of the shell", () => {
    const [english, own] = [wordsOf("en"), wordsOf(language)];
    const leaves = (words: typeof own) =>
      Object.entries({ ...words, ...words.contents, ...words.other }).filter(
        (entry): entry is [string, string] => typeof entry[1] === "string",
      );
    expect(leaves(own).map(([key]) => key)).toEqual(leaves(english).map(([key]) => key));
    const texts = new Map(leaves(english));
    // Its name is the same in every language.
    const left = leaves(own).filter(([key, text]) => key !== "softmax" && text === texts.get(key));
    expect(left).toEqual([]);
    expect(leaves(own).filter(([, text]) => text.trim() === "")).toEqual([]);
  });
});

describe.each(LANGUAGES)("the page in %s", (language) => {
  test("breaks no line between a number and its percent sign", () => {
    const names = readdirSync(at(`strings/${language}`)).map((name) => at(`strings/${language}/${name}`));
    const sources = names.map((name) => readFileSync(name, "utf8"));
    expect(sources.length).toBeGreaterThan(10);
    for (const source of [articleOf(folderOf(language)), ...sources])
      expect(source.match(/.*\d\}?[ \n\t]+%.*/g)).toBeNull();
  });

  test("says which simple rule is as good as the model, beside the one that is not", () => {
    const rows = numbersOf(articleOf(folderOf(language)));
    const verbs = rows.findIndex(([shares]) => shares === ".967\u2013.980");
    expect(rows[verbs + 1]).toEqual(["0", "1"]);
  });

  const page = pageOf(readFileSync(at("lesson.html"), "utf8"), language, "ltr");

  test("has a place for each word and a word for each place", () => {
    expect(page).not.toMatch(/\{\{|<!--/);
    expect(page).toContain(`<html lang="${language}"`);
  });

  test("has in its contents all sections in order", () => {
    const sections = [...page.matchAll(/<section id="([\w-]+)"/g)].map(([, id]) => id);
    expect(Object.keys(wordsOf(language).contents)).toEqual(sections.filter((id) => id !== "sources"));
  });

  test("leads nowhere that is not there", () => {
    const ids = new Set([...page.matchAll(/\bid="([\w-]+)"/g)].map(([, id]) => id));
    const targets = [...page.matchAll(/href="#([\w-]+)"/g)].map(([, id]) => id);
    expect(targets.filter((id) => !ids.has(id))).toEqual([]);
  });

  test("names all languages and is one of them", () => {
    const count = (pattern: RegExp) => page.match(pattern)?.length ?? 0;
    expect(count(/<link rel="alternate" hreflang=/g)).toBe(LANGUAGES.length);
    expect(count(/<p class="offer" /g)).toBe(LANGUAGES.length - 1);
    expect(page).toMatch(new RegExp(`lang="${language}" hreflang="${language}" aria-current="page"`));
  });

  test("has all of its formulas as MathML", () => {
    expect(page).not.toMatch(/data-tex|class="tml-error|\\[a-z]+/);
    expect(page.match(/<math/g)?.length).toBeGreaterThan(50);
  });
});
