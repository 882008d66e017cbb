// Header and source packages by Git, for systems that Debian's packages do not serve.

import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { withLock } from "./lock.mjs";
import { cacheFolder } from "./prefix.mjs";
import { run, say, which } from "./shell.mjs";

const NO_PROMPT = { GIT_TERMINAL_PROMPT: "0", GIT_ASKPASS: "true", GIT_SSH_COMMAND: "false" };

/** @typedef {{ name: string, url: string, tag: string, file: string }} GitSource `file` is there in every good checkout */

/** @type {GitSource} */
export const XSIMD = {
  name: "xsimd",
  url: "https://github.com/xtensor-stack/xsimd.git",
  tag: "14.3.0",
  file: "include/xsimd/xsimd.hpp",
};
/** @type {GitSource} */
export const GOOGLETEST = {
  name: "googletest",
  url: "https://github.com/google/googletest.git",
  tag: "v1.16.0",
  file: "googletest/src/gtest-all.cc",
};

/** Whether Git gets to a tag, told within seconds. @param {string} url @param {string} tag */
export async function gitReaches(url, tag) {
  if (!which("git")) return false;
  const { code } = await run("git", ["ls-remote", "--exit-code", url, `refs/tags/${tag}`], {
    env: NO_PROMPT,
    timeout: 8_000,
  });
  return code === 0;
}

/** Clones one tag into a folder that is there only when complete. @param {string} url @param {string} tag @param {string} folder */
export async function cloneTag(url, tag, folder) {
  const partial = `${folder}.clone`;
  for (const old of [partial, folder]) rmSync(old, { recursive: true, force: true });
  const { code } = await run(
    "git",
    ["-c", "advice.detachedHead=false", "clone", "--quiet", "--depth", "1", "--branch", tag, url, partial],
    { env: NO_PROMPT },
  );
  if (code !== 0) return false;
  renameSync(partial, folder);
  return true;
}

/** The folder of a source package, cloned unless an earlier call did; undefined where Git does not get there. @param {GitSource} source */
export async function ensureGitSource({ name, url, tag, file }) {
  const folder = join(cacheFolder(), `${name}-${tag}`);
  if (existsSync(join(folder, file))) return folder;
  mkdirSync(cacheFolder(), { recursive: true });
  return withLock(`${folder}.lock`, async () => {
    if (existsSync(join(folder, file))) return folder;
    if (!(await gitReaches(url, tag))) return undefined;
    say(`cloning ${name} ${tag} from ${url} (network)`);
    return (await cloneTag(url, tag, folder)) && existsSync(join(folder, file)) ? folder : undefined;
  });
}
