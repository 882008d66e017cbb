// Running other programs, and telling the person at the terminal what happens.

import { spawn } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";

/** A failure that one sentence explains: which step, and what to install or do. */
export class SetupError extends Error {
  /** @param {string} message the sentence @param {string} [detail] what the failed program printed */
  constructor(message, detail) {
    super(message);
    this.name = "SetupError";
    this.detail = detail;
  }
}

/** A way of setting something up that this kind of system does not offer; another way may. */
export class UnsuitableError extends SetupError {}

/** Prints one line of progress. On stderr, so that the command line's JSON stays alone on stdout. @param {string} line */
export function say(line) {
  process.stderr.write(`heed: ${line}\n`);
}

/**
 * A progress meter: a line that rewrites itself on a terminal, otherwise a plain line every few seconds.
 * @param {string} what
 * @returns {{ update(percent?: number): void, end(): void }}
 */
export function meter(what) {
  const live = process.stderr.isTTY;
  const started = Date.now();
  let last = live ? 0 : started;
  let written = false;
  return {
    update(percent) {
      const now = Date.now();
      if (now - last < (live ? 100 : 3000)) return;
      last = now;
      const line = `heed: ${what}: ${percent === undefined ? "" : `${Math.floor(percent)} %, `}${Math.round((now - started) / 1000)} s`;
      process.stderr.write(live ? `\r${line}\x1b[K` : `${line}\n`);
      written = true;
    },
    end() {
      if (live && written) process.stderr.write("\r\x1b[K");
    },
  };
}

/**
 * @typedef {object} RunOptions
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env] added to this process's environment
 * @property {number} [timeout] milliseconds, after which the program and all that it started are killed
 * @property {boolean} [show] let the program write to the terminal itself
 * @property {(line: string) => void} [onLine] receives each line of the program's output as it comes
 */

/**
 * Runs a program to its end. Never throws for a failing program: `code` is -1 where it could not be started.
 * @param {string} program @param {string[]} args @param {RunOptions} [options]
 * @returns {Promise<{ code: number, stdout: string, stderr: string }>}
 */
export function run(program, args, options = {}) {
  return new Promise((resolve) => {
    const output = options.show ? 2 : "pipe";
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      detached: options.timeout !== undefined, // a process group of its own, so that all of it can be killed
      stdio: ["ignore", output, output],
    });
    let stdout = "";
    let stderr = "";
    let rest = "";
    child.stdout?.on("data", (chunk) => {
      stdout += chunk;
      if (!options.onLine) return;
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      lines.forEach(options.onLine);
    });
    child.stderr?.on("data", (chunk) => (stderr += chunk));
    const timer = options.timeout && setTimeout(() => kill(child.pid), options.timeout);
    const end = (/** @type {number | null} */ code) => {
      clearTimeout(timer || undefined);
      resolve({ code: code ?? -1, stdout, stderr });
    };
    child.on("error", (error) => {
      stderr += error.message;
      end(-1);
    });
    child.on("close", end);
  });
}

/** Kills a process group. @param {number | undefined} pid its leader */
function kill(pid) {
  try {
    if (pid) process.kill(-pid, "SIGKILL");
  } catch {
    // It has just ended by itself.
  }
}

/** The full path of a program on the PATH, or undefined. @param {string} name @param {string} [path] */
export function which(name, path = process.env.PATH ?? "") {
  for (const folder of path.split(delimiter).filter(Boolean)) {
    const file = join(folder, name);
    try {
      accessSync(file, constants.X_OK);
      if (statSync(file).isFile()) return file;
    } catch {
      // Not here; look in the next folder.
    }
  }
  return undefined;
}

/** The first dotted number in a text, "3.1.69" say, or undefined. @param {string} text */
export function versionIn(text) {
  return /(\d+\.\d+(?:\.\d+)*)/.exec(text)?.[1];
}

/** Whether a dotted version is at least another. @param {string | undefined} version @param {string} least */
export function atLeast(version, least) {
  if (!version) return false;
  const have = version.split(".").map(Number);
  const want = least.split(".").map(Number);
  for (let i = 0; i < want.length; i++) {
    if ((have[i] ?? 0) !== want[i]) return (have[i] ?? 0) > want[i];
  }
  return true;
}

/** The version that `program --version` names, or undefined where it is missing or does not run. @param {string | undefined} program */
export async function versionOf(program) {
  if (!program) return undefined;
  const { code, stdout } = await run(program, ["--version"], { timeout: 60_000 });
  return code === 0 ? versionIn(stdout) : undefined;
}
