// WebAssembly instances that come into being, remembered, so that a test can damage one or see it go.

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
