// The lesson's article in one language, put together when the site is built: its parts in order, TeX into MathML. What is
// shipped is plain HTML, without any code for formulas.
import { readdirSync, readFileSync } from "node:fs";
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
 * @param {string} label what a formula in a row of its own is called aloud, as an attribute says it
 */
export function withFormulas(html, label) {
  const place = /<math\b([^>]*?)\bdata-tex="([^"]*)"\s*>\s*<\/math\s*>([.,;:?)、。，；：？）،؛؟]*)/gu;
  return html.replace(place, (_, attributes, tex, after) => {
    const drawn = formula(unescaped(tex), attributes.includes('display="block"'), label);
    return after === "" ? drawn : `<span class="unbroken">${drawn}${after}</span>`;
  });
}

/**
 * Where it may be broken into lines there is a formula each, for no browser breaks one.
 *
 * @param {string} tex
 * @param {boolean} isBlock
 * @param {string} label
 */
function formula(tex, isBlock, label) {
  const drawn = tex
    .split("\\allowbreak")
    .map((part) => temml.renderToString(part, { displayMode: isBlock, throwOnError: true }))
    .join(" ");
  // The page's policy forbids style attributes: a style sheet does what they would.
  const plain = drawn.replace(/ style="[^"]*"/g, "");
  return isBlock
    ? `<div class="formula-row scroller" role="group" aria-label="${label}">${plain}</div>`
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
