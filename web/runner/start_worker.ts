// Starts the worker under Trusted Types: the page's one policy lets exactly one script address through.
import workerUrl from "./worker.ts?worker&url";

interface Policy {
  createScriptURL(url: string): unknown;
}

interface PolicyFactory {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): Policy;
}

export function startWorker(): Worker {
  const { trustedTypes } = globalThis as { trustedTypes?: PolicyFactory };
  const only = (url: string): string => {
    if (url !== workerUrl) throw new TypeError(`Not this page's worker: ${url}`);
    return url;
  };
  const policy = trustedTypes?.createPolicy("heed", { createScriptURL: only });
  const url = policy ? policy.createScriptURL(workerUrl) : workerUrl;
  // lib.dom types a worker's address as string | URL, without TrustedScriptURL.
  return new Worker(url as string, { type: "module", name: "heed" });
}
