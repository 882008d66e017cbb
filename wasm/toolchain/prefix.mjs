// A prefix: a folder in the user's cache that holds a finished recipe, or does not exist. Nothing half done is ever in its place.

import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, homedir } from "node:os";
import { join } from "node:path";
import { withLock } from "./lock.mjs";
import { downloadPackages } from "./private_apt.mjs";
import { prefixName } from "./recipe.mjs";
import { relocate } from "./relocate.mjs";
import { meter, run, say, SetupError, UnsuitableError, which } from "./shell.mjs";

/** Outside every checkout, so that a fresh clone finds what an older one set up. */
export function cacheFolder() {
  const base = process.env.XDG_CACHE_HOME?.startsWith("/")
    ? process.env.XDG_CACHE_HOME
    : join(homedir(), ".cache");
  return join(base, "heed");
}

/** The machine's Debian architecture, "amd64" say; undefined where there is no dpkg. */
async function debianArchitecture() {
  if (!which("apt-get") || !which("dpkg-deb") || !which("tar")) return undefined;
  const { code, stdout } = await run("dpkg", ["--print-architecture"]);
  return code === 0 ? stdout.trim() : undefined;
}

/** The folder of a recipe that is already set up here, or undefined. @param {import("./recipe.mjs").Recipe} recipe */
export async function findPrefix(recipe) {
  const architecture = await debianArchitecture();
  if (!architecture) return undefined;
  const home = join(cacheFolder(), prefixName(recipe, architecture));
  return existsSync(join(home, "complete.json")) ? home : undefined;
}

/**
 * Sets a recipe up from Debian's packages, or finds it done.
 * @param {import("./recipe.mjs").Recipe} recipe
 * @param {(home: string) => Promise<void>} check tries the finished prefix; throws where it does not work
 * @returns {Promise<string>} the prefix
 */
export async function ensurePrefix(recipe, check) {
  const architecture = await debianArchitecture();
  if (!architecture) throw new UnsuitableError("this system has no apt-get, dpkg and tar");
  const home = join(cacheFolder(), prefixName(recipe, architecture));
  if (existsSync(join(home, "complete.json"))) return home;
  const install = async () => {
    if (existsSync(join(home, "complete.json"))) return home; // another set-up finished while we waited
    const started = Date.now();
    const work = `${home}.partial`;
    mkdirSync(work, { recursive: true });
    // Trees of interrupted set-ups; each has its own name because a tar left running could still write into it.
    for (const name of readdirSync(work)) if (name.startsWith("tree-")) discard(join(work, name));
    const packages = await downloadPackages(recipe, work, architecture);
    const tree = join(work, `tree-${process.pid}-${Date.now()}`);
    mkdirSync(tree);
    await unpack(packages, tree, recipe.leaveOut);
    await relocate(tree, home, recipe);
    rmSync(home, { recursive: true, force: true });
    renameSync(tree, home); // the programs name their final place, so they run only from here on
    say("trying what was installed");
    await check(home);
    const names = packages.map((file) => file.slice(file.lastIndexOf("/") + 1)).sort();
    writeFileSync(
      join(home, "complete.json.new"),
      JSON.stringify({ recipe: recipe.name, packages: names }, null, 1),
    );
    renameSync(join(home, "complete.json.new"), join(home, "complete.json"));
    discard(work);
    say(`set up in ${home} (${Math.round((Date.now() - started) / 1000)} s)`);
    return home;
  };
  try {
    return await withLock(`${home}.lock`, install);
  } catch (error) {
    if (error instanceof SetupError || !(error instanceof Error && "code" in error)) throw error;
    throw new SetupError(
      `could not write the toolchain to ${cacheFolder()} (${error.message}): make room there, or name another folder in $XDG_CACHE_HOME, then start again`,
    );
  }
}

/** Removes a folder as far as it can be: a program left over from an interrupted set-up may still be writing. @param {string} folder */
function discard(folder) {
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  } catch {
    // The next set-up will find it.
  }
}

/** @param {string[]} packages @param {string} tree @param {string[]} leaveOut */
async function unpack(packages, tree, leaveOut) {
  say(`unpacking ${packages.length} packages`);
  const progress = meter("unpacking");
  const queue = [...packages];
  let done = 0;
  const worker = async () => {
    for (let file = queue.shift(); file; file = queue.shift()) {
      await unpackOne(file, tree, leaveOut);
      progress.update((100 * ++done) / packages.length);
    }
  };
  await Promise.all(Array.from({ length: Math.min(4, availableParallelism()) }, worker));
  progress.end();
}

/** `dpkg-deb -x`, less what the recipe leaves out: tar can skip files that dpkg-deb would write. @param {string} file @param {string} tree @param {string[]} leaveOut */
async function unpackOne(file, tree, leaveOut) {
  const script =
    'file=$1 tree=$2; shift 2; dpkg-deb --fsys-tarfile "$file" | tar -x -C "$tree" --no-same-owner "$@"';
  const { code, stderr } = await run("sh", [
    "-c",
    script,
    "sh",
    file,
    tree,
    ...leaveOut.map((pattern) => `--exclude=${pattern}`),
  ]);
  if (code === 0) return;
  throw new SetupError(
    `could not unpack ${file} into ${tree} (${stderr.trim().split("\n")[0] || "interrupted"}): see whether the disk has 1.5 GB free, then start again`,
    stderr,
  );
}
