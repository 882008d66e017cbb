// A Chromium for the browser tests.

import { say, SetupError, versionOf, which } from "./shell.mjs";
import { installSystemPackages } from "./system_apt.mjs";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** Path of a Chromium or Chrome that starts. @returns {Promise<string>} */
export async function ensureChromium() {
  const named = process.env.CHROMIUM || process.env.CHROME_PATH;
  if (named) {
    const path = named.includes("/") ? named : which(named);
    if (await versionOf(path)) return /** @type {string} */ (path);
    throw new SetupError(
      `$${process.env.CHROMIUM ? "CHROMIUM" : "CHROME_PATH"} names ${named}, which does not start: correct or unset it`,
    );
  }
  const found = await findChromium();
  if (found) return found;
  await installSystemPackages(["chromium"], "the browser tests");
  const installed = await findChromium();
  if (installed) return installed;
  throw new SetupError(
    "install Chromium or Google Chrome, or name one in $CHROMIUM: none that starts was found",
  );
}

async function findChromium() {
  for (const name of NAMES) {
    const path = which(name);
    // Asking for the version also tells a real browser from the stubs that some systems put in its place.
    if (path && (await versionOf(path))) return path;
    if (path) say(`${path} does not start; looking further`);
  }
  return undefined;
}
