// One set-up at a time: a lock file that names its owner and is refreshed while the owner lives.

import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeSync,
} from "node:fs";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { say } from "./shell.mjs";

const REFRESH = 5_000;
const STALE = 60_000;

/**
 * Runs `work` while holding `file` as a lock. A lock whose owner is gone is taken over.
 * @template T @param {string} file @param {() => Promise<T>} work @returns {Promise<T>}
 */
export async function withLock(file, work) {
  mkdirSync(dirname(file), { recursive: true });
  const token = `${process.pid} ${hostname()} ${Date.now()}`;
  let told = false;
  while (!(await take(file, token))) {
    if (!told) say("another set-up is running; waiting for it to finish");
    told = true;
    await pause(1000);
  }
  const refresh = setInterval(() => {
    try {
      utimesSync(file, new Date(), new Date());
    } catch {
      // Somebody cleared the cache under us; the work itself will tell.
    }
  }, REFRESH);
  try {
    return await work();
  } finally {
    clearInterval(refresh);
    if (content(file) === token) rmSync(file, { force: true });
  }
}

/** @param {string} file @param {string} token */
async function take(file, token) {
  if (isStale(file)) {
    // Renaming, not removing: of two that see the same stale lock only one succeeds.
    try {
      renameSync(file, `${file}.${process.pid}`);
      rmSync(`${file}.${process.pid}`, { force: true });
    } catch {
      return false;
    }
  }
  try {
    const descriptor = openSync(file, "wx");
    writeSync(descriptor, token);
    closeSync(descriptor);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === "EEXIST") return false;
    throw error;
  }
  // A slower taker may have held our new lock for the stale one and renamed it away: look again.
  await pause(200);
  return content(file) === token;
}

/** @param {string} file */
function isStale(file) {
  try {
    if (Date.now() - statSync(file).mtimeMs > STALE) return true;
    const [pid, host] = (content(file) ?? "").split(" ");
    if (!pid || host !== hostname()) return false;
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === "ESRCH";
  }
}

/** @param {string} file */
function content(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

/** @param {number} milliseconds */
function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
