// Puts the lesson's page together when the site is built: the parts of the article into the shell, TeX into MathML.
// What is shipped is plain HTML, without any code for formulas.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import temml from "temml";

/** @param {string} folder @returns {string} the parts in the order of their names */
export function articleOf(folder) {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".html"))
    .sort()
    .map((name) => readFileSync(`${folder}/${name}`, "utf8"))
    .join("\n");
}

/**
 * `<math data-tex="…"></math>` as MathML, kept on one line with the punctuation after it. A formula that TeX can't read fails
 * the build.
 *
 * @param {string} html
 */
export function withFormulas(html) {
  const place = /<math\b([^>]*?)\bdata-tex="([^"]*)"\s*>\s*<\/math\s*>([.,;:?)]*)/g;
  return html.replace(place, (_, attributes, tex, after) => {
    const drawn = formula(unescaped(tex), attributes.includes('display="block"'));
    return after === "" ? drawn : `<span class="unbroken">${drawn}${after}</span>`;
  });
}

/** @param {string} tex @param {boolean} isBlock */
function formula(tex, isBlock) {
  const drawn = temml.renderToString(tex, { displayMode: isBlock, throwOnError: true });
  // The page's policy forbids style attributes: a style sheet does what they would.
  const plain = drawn.replace(/ style="[^"]*"/g, "");
  return isBlock
    ? `<div class="formula-row scroller" role="group" aria-label="Formula">${plain}</div>`
    : plain;
}

/** @param {string} text of an attribute */
function unescaped(text) {
  return text
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&amp;", "&");
}

/** @returns {import("vite").Plugin} fills `<article data-article="folder"></article>`, the folder as seen from the page */
export function lessonArticle() {
  const place = /(<article\b[^>]*?) data-article="([^"]*)"([^>]*>)(?=<\/article>)/;
  return {
    name: "lesson-article",
    transformIndexHtml: {
      order: "pre",
      handler(html, { filename }) {
        const found = place.exec(html);
        if (!found) return html;
        const folder = fileURLToPath(new URL(found[2] ?? "", `file://${filename}`));
        const [, start = "", , end = ""] = found;
        return html.replace(place, () => `${start}${end}${withFormulas(articleOf(folder))}`);
      },
    },
  };
}
