// Starts the worker under Trusted Types: the page's one policy lets exactly one script address through.
import type { Port } from "./remote.ts";
import workerUrl from "./worker.ts?worker&url";

interface Policy {
  createScriptURL(url: string): unknown;
}

interface PolicyFactory {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): Policy;
}

/** Milliseconds that a page is held back at most. */
const LONGEST_START = 50;

/**
 * Started, or on its way for so long that the page is built meanwhile: what a worker is started by goes through this thread, and
 * what the page is made of would keep it waiting. One that could not be fetched is started anew by the next message to it.
 */
export async function startWorker(): Promise<Port> {
  const make = workerMaker();
  const listening: ((worker: Port) => void)[] = [];
  let worker: Worker | undefined = start();

  function start(): Worker {
    const started = make();
    let hasBegun = false;
    started.addEventListener("message", () => (hasBegun = true), { once: true });
    started.addEventListener("error", () => {
      if (!hasBegun) worker = undefined;
    });
    for (const listen of listening) listen(started);
    return started;
  }

  const first = worker;
  await new Promise((resolve) => {
    for (const name of ["message", "error"]) first.addEventListener(name, resolve, { once: true });
    setTimeout(resolve, LONGEST_START);
  });
  return {
    postMessage: (request) => (worker ??= start()).postMessage(request),
    addEventListener(type, listener) {
      const listen = (to: Port): void => to.addEventListener(type, listener);
      listening.push(listen);
      if (worker) listen(worker);
    },
  };
}

/** A function, for a policy can be made but once. */
function workerMaker(): () => Worker {
  const { trustedTypes } = globalThis as { trustedTypes?: PolicyFactory };
  const only = (url: string): string => {
    if (url !== workerUrl) throw new TypeError(`Not this page's worker: ${url}`);
    return url;
  };
  const policy = trustedTypes?.createPolicy("heed", { createScriptURL: only });
  const url = policy ? policy.createScriptURL(workerUrl) : workerUrl;
  // lib.dom types a worker's address as string | URL, without TrustedScriptURL.
  return () => new Worker(url as string, { type: "module", name: "heed" });
}
