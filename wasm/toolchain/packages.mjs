// The Node packages of package-lock.json.

import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { meter, run, say, SetupError, which } from "./shell.mjs";

/**
 * Runs `npm ci` in `root` unless the packages of this very package-lock.json are in place.
 * @param {string} root
 * @returns {Promise<{ installed: boolean }>} whether there was anything to do
 */
export async function ensurePackages(root) {
  const lock = join(root, "package-lock.json");
  if (!existsSync(lock))
    throw new SetupError(`there is no package-lock.json in ${root}: run this in a complete checkout`);
  const stamp = join(root, "node_modules/.heed-packages");
  const platform = `${process.platform} ${process.arch}`;
  const hash = createHash("sha256").update(platform).update(readFileSync(lock)).digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === hash) return { installed: false };

  say("installing the Node packages: npm ci (network)");
  const [program, ...before] = npm();
  const progress = meter("npm ci");
  const tick = setInterval(() => progress.update(), 500);
  const { code, stderr } = await run(program, [...before, "ci", "--no-audit", "--no-fund"], { cwd: root });
  clearInterval(tick);
  progress.end();
  if (code !== 0) {
    const why = stderr.split("\n").filter((line) => /^npm (error|ERR!) /.test(line));
    const reason =
      why.find((line) => !/ (code|errno|syscall|network|path) /.test(line)) ??
      why[0] ??
      stderr.trim().split("\n").pop() ??
      "";
    throw new SetupError(
      `npm ci failed (${reason.replace(/^npm (error|ERR!) /, "")}): check the network and npm's registry setting, then start again`,
      stderr,
    );
  }
  writeFileSync(stamp, hash); // inside node_modules, which npm ci removes first: an interrupted one leaves no stamp
  return { installed: true };
}

/** How to call npm: the one that runs us, where one does. @returns {string[]} */
function npm() {
  const running = process.env.npm_execpath;
  if (running && /npm-cli\.[cm]?js$/.test(running) && existsSync(running)) return [process.execPath, running];
  const found = which("npm");
  if (!found) throw new SetupError("npm was not found: install it with Node 20 or newer, then start again");
  return [found];
}
