// Installs the system's own packages, where this user may: as root, or by a sudo that asks for no password.

import { meter, run, say, SetupError, which } from "./shell.mjs";

/** What to put before apt-get, or undefined where this user may not install. @returns {Promise<string[] | undefined>} */
async function rights() {
  if (!which("apt-get")) return undefined;
  if (process.getuid?.() === 0) return [];
  const sudo = which("sudo");
  return sudo && (await run(sudo, ["-n", "true"], { timeout: 10_000 })).code === 0 ? [sudo, "-n"] : undefined;
}

/**
 * Installs packages, or throws one sentence that names them.
 * @param {string[]} packages @param {string} purpose "the native tests", say
 */
export async function installSystemPackages(packages, purpose) {
  const names = packages.join(" ");
  const before = await rights();
  if (!before) {
    const how = which("apt-get")
      ? `run "sudo apt-get install ${names}"`
      : `install the equivalents of Debian's ${names}`;
    throw new SetupError(`${purpose} need packages that this user may not install: ${how}, then start again`);
  }
  const asRoot = (/** @type {string[]} */ command, /** @type {((line: string) => void)=} */ onLine) => {
    const [program, ...rest] = [
      ...before,
      "env",
      "DEBIAN_FRONTEND=noninteractive",
      "LC_ALL=C.UTF-8",
      ...command,
    ];
    return run(program, rest, { onLine });
  };
  const apt = async (/** @type {string[]} */ args) => {
    const progress = meter(`apt-get ${args[0]}`);
    const onLine = (/** @type {string} */ line) => {
      const percent = /^(?:dl|pm)status:[^:]*:([\d.]+):/.exec(line)?.[1];
      if (percent) progress.update(Number(percent));
    };
    const options = [
      "-o",
      "DPkg::Lock::Timeout=300",
      "-o",
      "Dpkg::Use-Pty=0",
      "-o",
      "Acquire::Retries=3",
      "-o",
      "APT::Status-Fd=3",
    ];
    // The status goes to a copy of stdout: sudo would close a descriptor of ours, and apt hides the one it is given from the
    // packages' scripts, some of which fail without a stdout.
    const result = await asRoot(["sh", "-c", 'exec apt-get -y "$@" 3>&1', "sh", ...options, ...args], onLine);
    progress.end();
    return result;
  };
  say(`installing ${names} with apt-get for ${purpose} (network)`);
  // Lists that are missing or stale show in what follows; reading them anew first costs two seconds and avoids both.
  const updated = await apt(["update"]);
  let installed = await apt(["install", "--no-install-recommends", ...packages]);
  if (/dpkg --configure -a/.test(installed.stderr)) {
    say("finishing an interrupted installation: dpkg --configure -a");
    await asRoot(["dpkg", "--configure", "-a"], undefined);
    installed = await apt(["install", "--no-install-recommends", ...packages]);
  }
  if (installed.code === 0) return;
  const errors = `${updated.stderr}\n${installed.stderr}`;
  const why =
    errors
      .split("\n")
      .find((line) => line.startsWith("E: "))
      ?.slice(3) ?? errors.trim().split("\n").pop();
  throw new SetupError(`apt-get could not install ${names} (${why}): install them, then start again`, errors);
}
