// WebAssembly instances that come into being, remembered, so that a test can damage one or see it go.

import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Runs `work` with the list of what is instantiated meanwhile. */
export async function withInstances<T>(work: (instances: WebAssembly.Instance[]) => Promise<T>): Promise<T> {
  const { Instance } = WebAssembly;
  const instances: WebAssembly.Instance[] = [];
  WebAssembly.Instance = new Proxy(Instance, {
    construct: (target, args) => {
      const instance = new target(...(args as [WebAssembly.Module, WebAssembly.Imports]));
      instances.push(instance);
      return instance;
    },
  });
  try {
    return await work(instances);
  } finally {
    WebAssembly.Instance = Instance;
  }
}

export function memoryOf(instance: WebAssembly.Instance | undefined): WebAssembly.Memory {
  const memory = Object.values(instance?.exports ?? {}).find((value) => value instanceof WebAssembly.Memory);
  if (!memory) throw new Error("no instance, or none with a memory");
  return memory as WebAssembly.Memory;
}

/** Scribbles over everything: the next call traps. */
export function damage(instance: WebAssembly.Instance | undefined): void {
  new Uint8Array(memoryOf(instance).buffer).fill(0xff);
}

/** After a task: what a promise or a WeakRef holds is held until then. */
export async function collectGarbage(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 0));
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
}

/**
 * Whether something is given back. Garbage is collected until it is: on a busy machine a collection or two find now and then
 * that something holds it still. So many fail only for what is held for good.
 */
export async function isGivenBack(reference: WeakRef<object>): Promise<boolean> {
  for (let i = 0; i < 100 && reference.deref(); i++) await collectGarbage();
  return reference.deref() === undefined;
}
