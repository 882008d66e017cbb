// A pinned emsdk, the way most people install Emscripten. It needs Git, Python and a network that reaches GitHub.

import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { emscriptenIn } from "./installed.mjs";
import { withLock } from "./lock.mjs";
import { cacheFolder } from "./prefix.mjs";
import { EMSDK_PINNED } from "./recipe.mjs";
import { atLeast, run, say, SetupError, versionOf, which } from "./shell.mjs";

const REPOSITORY = "https://github.com/emscripten-core/emsdk.git";

const folder = () => join(cacheFolder(), `emsdk-${EMSDK_PINNED}`);

/** What em_config would set by emsdk_env.sh. @param {string} emsdk */
const environment = (emsdk) => ({ EMSDK: emsdk, EM_CONFIG: join(emsdk, ".emscripten"), EM_NODE_JS: process.execPath });

/** An emsdk that an earlier call finished. */
export async function findEmsdk() {
  const emsdk = folder();
  if (!existsSync(join(emsdk, "heed-complete"))) return undefined;
  return emscriptenIn(join(emsdk, "upstream/emscripten"), environment(emsdk));
}

/**
 * Installs the pinned emsdk. Undefined, within seconds, where the machine cannot: no Git, no Python, no way to the repository.
 * @param {(emscripten: import("./installed.mjs").Emscripten) => Promise<void>} check
 */
export async function installEmsdk(check) {
  const python = which("python3");
  if (!which("git") || !atLeast(await versionOf(python), "3.8")) return undefined;
  const noPrompt = { GIT_TERMINAL_PROMPT: "0", GIT_ASKPASS: "true" };
  const reach = await run("git", ["ls-remote", "--exit-code", REPOSITORY, `refs/tags/${EMSDK_PINNED}`], { env: noPrompt, timeout: 8_000 });
  if (reach.code !== 0) {
    say("Git does not reach emsdk's repository");
    return undefined;
  }
  return withLock(`${folder()}.lock`, async () => {
    const finished = await findEmsdk();
    if (finished) return finished;
    const emsdk = folder();
    say(`installing emsdk ${EMSDK_PINNED} from ${REPOSITORY} (400 MB, network)`);
    mkdirSync(cacheFolder(), { recursive: true });
    if (!existsSync(join(emsdk, "emsdk.py"))) {
      rmSync(emsdk, { recursive: true, force: true });
      rmSync(`${emsdk}.clone`, { recursive: true, force: true });
      const clone = ["-c", "advice.detachedHead=false", "clone", "--depth", "1", "--branch", EMSDK_PINNED, REPOSITORY, `${emsdk}.clone`];
      const cloned = await run("git", clone, { env: noPrompt, show: true });
      if (cloned.code !== 0) return undefined;
      renameSync(`${emsdk}.clone`, emsdk);
    }
    // An interrupted install is simply repeated: emsdk keeps what it has downloaded and unpacked in full.
    for (const step of ["install", "activate"]) {
      const done = await run(join(emsdk, "emsdk"), [step, EMSDK_PINNED], { cwd: emsdk, env: { EMSDK_PYTHON: python }, show: true });
      if (done.code !== 0) return undefined;
    }
    const found = await emscriptenIn(join(emsdk, "upstream/emscripten"), environment(emsdk));
    if (!found) throw new SetupError(`emsdk ${EMSDK_PINNED} was installed in ${emsdk} but its emcc does not run: delete that folder and start again`);
    await check(found);
    writeFileSync(join(emsdk, "heed-complete"), "");
    return found;
  });
}
