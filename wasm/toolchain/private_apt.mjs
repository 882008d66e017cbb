// Fetches packages of newer Debian releases with apt, under a configuration of our own: the system's package state is neither
// read nor changed, no root is needed, and apt checks the archive's signatures and every package's hash as it always does.

import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { debianMirror } from "./apt_sources.mjs";
import { meter, run, say, SetupError, UnsuitableError } from "./shell.mjs";

const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";

/** How the machine reaches the network (proxies, certificates, retries, dates): every Acquire setting but the index targets. */
async function acquireSettings() {
  const { stdout } = await run("apt-config", ["dump", "Acquire"]);
  return stdout
    .split("\n")
    .filter(
      (line) =>
        /^Acquire::[^ ]+ "/.test(line) &&
        !/^Acquire::(IndexTargets|Changelogs|Languages|CompressionTypes|GzipIndexes)/.test(line),
    );
}

/** Status-file entries for packages that apt should take as installed. @param {string[]} names @param {string} architecture */
function assumedInstalled(names, architecture) {
  const entry = (/** @type {string} */ name) =>
    `Package: ${name}\nStatus: install ok installed\nMaintainer: none\nArchitecture: ${architecture}\n` +
    `Multi-Arch: allowed\nVersion: 999:0\nDescription: taken as installed\n\n`;
  return names.map(entry).join("");
}

/**
 * Downloads a recipe's packages with all that they depend on, and returns the .deb files. What an earlier, interrupted call
 * left in `folder` is used.
 * @param {import("./recipe.mjs").Recipe} recipe @param {string} folder @param {string} architecture
 * @returns {Promise<string[]>}
 */
export async function downloadPackages(recipe, folder, architecture) {
  const mirror = await debianMirror();
  if (!mirror)
    throw new UnsuitableError("this system is no Debian, or its apt sources name no Debian mirror");
  for (const name of ["state/lists/partial", "cache/archives/partial", "etc"])
    mkdirSync(join(folder, name), { recursive: true });

  const key = mirror.signedBy ?? (existsSync(KEYRING) ? KEYRING : undefined);
  const options = [`arch=${architecture}`, ...(key ? [`signed-by=${key}`] : [])].join(" ");
  const lines = recipe.suites.map((suite) => `deb [${options}] ${mirror.uri} ${suite} main\n`);
  writeFileSync(join(folder, "etc/sources.list"), lines.join(""));
  writeFileSync(join(folder, "state/status"), assumedInstalled(recipe.assumed, architecture));
  const config = [
    'Acquire::http::Timeout "15";', // before the machine's own settings, which win
    'Acquire::https::Timeout "15";',
    'Acquire::Retries "2";',
    ...(await acquireSettings()),
    `Dir::State "${folder}/state";`,
    `Dir::State::status "${folder}/state/status";`,
    `Dir::Cache "${folder}/cache";`,
    `Dir::Etc "${folder}/etc";`,
    'Dir::Etc::parts "/dev/null";', // read after this file: the system's settings would win
    'Dir::Etc::trusted "/etc/apt/trusted.gpg";',
    'Dir::Etc::trustedparts "/etc/apt/trusted.gpg.d";',
    'Dir::Etc::netrc "/etc/apt/auth.conf";',
    'Dir::Etc::netrcparts "/etc/apt/auth.conf.d";',
    `APT::Architecture "${architecture}";`,
    `APT::Architectures { "${architecture}"; };`,
    `APT::Default-Release "${recipe.suite}";`,
    'APT::Install-Recommends "false";',
    'APT::Sandbox::User "root";', // as root apt would drop to a user that cannot enter root's home
    'Acquire::Languages "none";',
  ];
  writeFileSync(join(folder, "apt.conf"), config.join("\n") + "\n");
  const env = { APT_CONFIG: join(folder, "apt.conf"), LC_ALL: "C.UTF-8", DEBIAN_FRONTEND: "noninteractive" };

  say(
    `reading the package lists of Debian ${recipe.suites.join(" and ")} from ${mirror.uri} (20 MB, network)`,
  );
  await apt(
    ["update", "-o", "APT::Update::Error-Mode=any"],
    env,
    `read Debian's package lists for ${recipe.suites.join(" and ")} from ${mirror.uri}`,
  );
  const uris = await apt(
    ["install", "-y", "--print-uris", ...recipe.packages],
    env,
    `find ${recipe.packages.join(", ")} on ${mirror.uri}`,
  );
  const wanted = [...uris.matchAll(/^'\S+' (\S+) (\d+)/gm)].map(([, name, size]) => ({
    name,
    size: Number(size),
  }));
  const megabytes = Math.round(wanted.reduce((sum, { size }) => sum + size, 0) / 1e6);
  if (wanted.length) {
    say(`downloading ${wanted.length} packages, ${megabytes} MB, from ${mirror.uri} (network)`);
    const progress = meter("downloading");
    const onLine = (/** @type {string} */ line) => {
      const percent = /^dlstatus:\d+:([\d.]+):/.exec(line)?.[1];
      if (percent) progress.update(Number(percent));
    };
    await apt(
      ["install", "-y", "--download-only", "-o", "APT::Status-Fd=1", ...recipe.packages],
      env,
      `download Debian's packages from ${mirror.uri}`,
      onLine,
    );
    progress.end();
  }
  await apt(["autoclean"], env, "tidy the downloaded packages"); // versions that an interrupted, older call left
  const archives = join(folder, "cache/archives");
  return readdirSync(archives)
    .filter((name) => name.endsWith(".deb"))
    .map((name) => join(archives, name));
}

/**
 * Runs apt-get, waiting while a run that was left behind by an interrupted set-up still holds the lock.
 * @param {string[]} args @param {NodeJS.ProcessEnv} env @param {string} what for the sentence of a failure
 * @param {(line: string) => void} [onLine]
 */
async function apt(args, env, what, onLine) {
  for (let attempt = 0; ; attempt++) {
    const { code, stdout, stderr } = await run("apt-get", args, { env, onLine });
    if (code === 0) return stdout;
    if (attempt >= 30 || !/Could not get lock|Unable to lock/.test(stderr)) {
      const why =
        stderr
          .split("\n")
          .find((line) => line.startsWith("E: "))
          ?.slice(3) ?? stderr.trim().split("\n").pop();
      throw new SetupError(
        `could not ${what} (${why}): check the network, the mirror and the disk's free space, then start again`,
        stderr,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 2000));
  }
}
