// Folders that are built where their sources have changed.

import { readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** In a built folder: of what time its sources were. Written last, so that a build which was interrupted counts as none. */
const STAMP = ".built";

/** The newest change in files and folders; 0 where there is nothing. @returns {Promise<number>} */
export async function newest(/** @type {string[]} */ ...paths) {
  let latest = 0;
  for (const path of paths) {
    const found = await stat(path).catch(() => undefined);
    if (!found) continue;
    if (!found.isDirectory()) {
      latest = Math.max(latest, found.mtimeMs);
      continue;
    }
    const names = await readdir(path);
    latest = Math.max(latest, found.mtimeMs, await newest(...names.map((name) => join(path, name))));
  }
  return latest;
}

/**
 * Builds the folder, unless it was built to its end since the sources changed last.
 *
 * @param {string} folder
 * @param {readonly string[]} sources files and folders
 * @param {() => Promise<void>} build
 */
export async function upToDate(folder, sources, build) {
  const stamp = join(folder, STAMP);
  const time = String(await newest(...sources));
  if ((await readFile(stamp, "utf8").catch(() => undefined)) === time) return;
  await rm(stamp, { force: true });
  await build();
  await writeFile(stamp, time);
}
