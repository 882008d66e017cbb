// The Custom Elements Manifest, from the element's source: what editors and catalogues show of it.
// https://github.com/webcomponents/custom-elements-manifest
import { readFile, writeFile } from "node:fs/promises";

const source = "web/element/element.ts";

export async function writeManifest(/** @type {string} */ root) {
  // Not at the top: the build that calls this is what installs the packages.
  const { create, ts } = await import("@custom-elements-manifest/analyzer/index.js");
  const text = await readFile(`${root}${source}`, "utf8");
  const manifest = create({
    modules: [ts.createSourceFile(source, text, ts.ScriptTarget.ES2022, true)],
    plugins: [asPublished],
  });
  await writeFile(`${root}dist/custom-elements.json`, `${JSON.stringify(manifest, undefined, 2)}\n`);
}

/** The module as its users know it, and of the class what is meant for them. */
const asPublished = {
  name: "as-published",
  packageLinkPhase({ customElementsManifest: manifest }) {
    const path = "dist/element.js";
    manifest.modules = manifest.modules.map(({ declarations }) => ({
      kind: "javascript-module",
      path,
      declarations: declarations
        .filter(({ name }) => name === "HeedAttention")
        .map((declaration) => ({
          ...declaration,
          tagName: "heed-attention",
          customElement: true,
          superclass: { name: "HTMLElement" },
          members: declaration.members
            ?.filter(isPublic)
            .map((member) => ({ ...member, description: plain(member.description) })),
          events: declaration.events?.filter(({ name }) => name.startsWith("heed-")),
          attributes: declaration.members?.filter(({ attribute }) => attribute).map(attributeOf),
        })),
      exports: [
        { kind: "js", name: "HeedAttention", declaration: { name: "HeedAttention", module: path } },
        {
          kind: "custom-element-definition",
          name: "heed-attention",
          declaration: { name: "HeedAttention", module: path },
        },
      ],
    }));
  },
};

const internal = /Callback$|^(properties|styles|observedAttributes|getPropertyDescriptor|updated)$/;
const isPublic = ({ name, privacy }) =>
  privacy !== "private" && !name.startsWith("#") && !internal.test(name);
const plain = (text) => text?.replace(/\s*@\w+$/, "");
const attributeOf = ({ name, type, description }) => ({
  name,
  fieldName: name,
  type,
  description: plain(description),
});
