// A pinned emsdk, the way most people install Emscripten. It needs Git, Python and a network that reaches GitHub.

import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cloneTag, gitReaches } from "./git_sources.mjs";
import { emscriptenIn } from "./installed.mjs";
import { withLock } from "./lock.mjs";
import { cacheFolder } from "./prefix.mjs";
import { EMSDK_PINNED } from "./recipe.mjs";
import { atLeast, run, say, versionOf, which } from "./shell.mjs";

const REPOSITORY = "https://github.com/emscripten-core/emsdk.git";

const folder = () => join(cacheFolder(), `emsdk-${EMSDK_PINNED}`);

/** @returns {Record<string, string>} */
function python() {
  const path = which("python3");
  return path ? { EMSDK_PYTHON: path } : {};
}

/** What emsdk_env.sh would set, with the Node that runs us. @param {string} emsdk */
const environment = (emsdk) => ({
  EMSDK: emsdk,
  EM_CONFIG: join(emsdk, ".emscripten"),
  EM_NODE_JS: process.execPath,
  ...python(),
});

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
  if (!atLeast(await versionOf(which("python3")), "3.8")) return undefined;
  if (!(await gitReaches(REPOSITORY, EMSDK_PINNED))) {
    say("Git does not reach emsdk's repository; trying Debian's packages");
    return undefined;
  }
  return withLock(`${folder()}.lock`, async () => {
    const finished = await findEmsdk();
    if (finished) return finished;
    const emsdk = folder();
    say(`installing emsdk ${EMSDK_PINNED} from ${REPOSITORY} (400 MB, network)`);
    mkdirSync(cacheFolder(), { recursive: true });
    if (!existsSync(join(emsdk, "emsdk.py")) && !(await cloneTag(REPOSITORY, EMSDK_PINNED, emsdk)))
      return undefined;
    // An interrupted install is simply repeated: emsdk keeps what it has downloaded and unpacked in full.
    for (const step of ["install", "activate"]) {
      const done = await run(join(emsdk, "emsdk"), [step, EMSDK_PINNED], {
        cwd: emsdk,
        env: python(),
        show: true,
      });
      if (done.code !== 0) {
        say(`"emsdk ${step} ${EMSDK_PINNED}" failed; trying Debian's packages`);
        return undefined;
      }
    }
    const found = await emscriptenIn(join(emsdk, "upstream/emscripten"), environment(emsdk));
    if (!found) {
      say(`emsdk was installed in ${emsdk}, but its emcc does not run; trying Debian's packages`);
      return undefined;
    }
    await check(found);
    writeFileSync(join(emsdk, "heed-complete"), "");
    return found;
  });
}
