// Where this machine gets Debian from: its own apt sources are the only place a mirror is taken from.

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { run } from "./shell.mjs";

/** @typedef {{ uris: string[], suites: string[], components: string[], signedBy?: string, types: string[] }} Source */

/** One-line style: `deb [signed-by=… arch=…] URI suite component…`. @param {string} text @returns {Source[]} */
function parseList(text) {
  const sources = [];
  for (const line of text.split("\n")) {
    const match = /^\s*(deb(?:-src)?)\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s*([^#]*)/.exec(line);
    if (!match) continue;
    const [, type, options = "", uri, suite, components] = match;
    const signedBy = /(?:^|\s)signed-by=(\S+)/.exec(options)?.[1];
    sources.push({
      types: [type],
      uris: [uri],
      suites: [suite],
      components: components.split(/\s+/).filter(Boolean),
      signedBy,
    });
  }
  return sources;
}

/** deb822 style: paragraphs of `Field: value`, continued on indented lines. @param {string} text @returns {Source[]} */
function parseDeb822(text) {
  const sources = [];
  const withoutComments = text
    .split("\n")
    .filter((line) => !line.startsWith("#"))
    .join("\n");
  for (const paragraph of withoutComments.split(/\n\s*\n/)) {
    /** @type {Map<string, string>} */
    const fields = new Map();
    let name = "";
    for (const line of paragraph.split("\n")) {
      const match = /^([A-Za-z-]+)\s*:\s*(.*)$/.exec(line);
      if (match) fields.set((name = match[1].toLowerCase()), match[2]);
      else if (name && /^\s+\S/.test(line)) fields.set(name, `${fields.get(name)}\n${line}`);
    }
    const words = (/** @type {string} */ field) => (fields.get(field) ?? "").split(/\s+/).filter(Boolean);
    if (!fields.has("uris") || /^(no|false|0)$/i.test(fields.get("enabled") ?? "")) continue;
    const signedBy = fields.get("signed-by")?.trim();
    // A key may stand in the file itself; the release keys wanted here are in Debian's keyring, so a path is all that is kept.
    sources.push({
      types: words("types"),
      uris: words("uris"),
      suites: words("suites"),
      components: words("components"),
      signedBy: signedBy?.startsWith("/") ? signedBy : undefined,
    });
  }
  return sources;
}

/** All sources of this machine, in apt's order of files. @returns {Promise<Source[]>} */
async function machineSources() {
  const { stdout } = await run("apt-config", [
    "shell",
    "LIST",
    "Dir::Etc::sourcelist/f",
    "PARTS",
    "Dir::Etc::sourceparts/d",
  ]);
  const list = /LIST='([^']*)'/.exec(stdout)?.[1] ?? "/etc/apt/sources.list";
  const parts = /PARTS='([^']*)'/.exec(stdout)?.[1] ?? "/etc/apt/sources.list.d";
  const files = [list];
  try {
    files.push(
      ...readdirSync(parts)
        .sort()
        .map((name) => join(parts, name)),
    );
  } catch {
    // A machine may have no such folder.
  }
  return files.flatMap((file) => {
    try {
      if (file.endsWith(".list")) return parseList(readFileSync(file, "utf8"));
      if (file.endsWith(".sources")) return parseDeb822(readFileSync(file, "utf8"));
    } catch {
      // Unreadable for this user, or absent: as if it were not there.
    }
    return [];
  });
}

/**
 * The source that this Debian itself was installed from, or undefined where this is no Debian or names none.
 * @returns {Promise<{ uri: string, signedBy?: string } | undefined>}
 */
export async function debianMirror() {
  let release = "";
  try {
    release = readFileSync("/etc/os-release", "utf8");
  } catch {
    return undefined;
  }
  const value = (/** @type {string} */ key) => new RegExp(`^${key}="?([^"\n]*)"?$`, "m").exec(release)?.[1];
  if (value("ID") !== "debian") return undefined;
  const names = [value("VERSION_CODENAME"), "stable", "oldstable", "testing", "unstable", "sid"];
  const own = (await machineSources()).filter(
    (source) =>
      source.types.includes("deb") &&
      source.components.includes("main") &&
      source.suites.some((suite) => names.includes(suite)),
  );
  // Another vendor may use Debian's names for suites: prefer an address that ends as the archive's does.
  const isArchive = (/** @type {string} */ uri) =>
    /\/debian\/?$/.test(uri) || /\/archive\/debian\//.test(uri) || uri.startsWith("mirror+");
  const source = own.find(({ uris }) => uris.some(isArchive)) ?? own[0];
  const uri = source?.uris.find(isArchive) ?? source?.uris[0];
  return uri ? { uri, signedBy: source.signedBy } : undefined;
}
