// One worker, in a browser or in Node, behind one interface. It is made of code that the package carries, so that an
// import from another origin can start it.

export interface Thread<Order> {
  post(order: Order, transfer: Transferable[]): void;
  /** Whether the process must wait for this thread (Node; a page stays anyway). */
  hold(isBusy: boolean): void;
  stop(): void;
}

export interface Listener<Answer> {
  answered(answer: Answer): void;
  /** The thread is no more, or was refused. */
  lost(cause: unknown): void;
}

interface NodeWorker {
  on(event: string, listener: (value: never) => void): void;
  postMessage(message: unknown, transfer: unknown[]): void;
  ref(): void;
  unref(): void;
  terminate(): Promise<number>;
}

interface NodeProcess {
  // Node 20.16; older ones and browsers have none. No import, which a browser's bundler would want to follow.
  getBuiltinModule?(name: "node:worker_threads"): {
    Worker: new (code: string, options: object) => NodeWorker;
  };
  getBuiltinModule?(name: "node:os"): { availableParallelism(): number };
}

const node = (): NodeProcess | undefined => (globalThis as { process?: NodeProcess }).process;

export function coreCount(): number {
  const browser = (globalThis as { navigator?: { hardwareConcurrency?: number } }).navigator;
  return browser?.hardwareConcurrency ?? node()?.getBuiltinModule?.("node:os").availableParallelism() ?? 1;
}

/**
 * Starts a worker of a program's text, which was inlined. Throws where the host refuses at once; a refusal that comes later
 * is `lost`.
 */
export function startThread<Order, Answer>(program: string, listener: Listener<Answer>): Thread<Order> {
  return typeof Worker === "function" ? startInBrowser(program, listener) : startInNode(program, listener);
}

function startInBrowser<Order, Answer>(program: string, { answered, lost }: Listener<Answer>): Thread<Order> {
  const url = URL.createObjectURL(new Blob([program], { type: "text/javascript" }));
  try {
    const worker = new Worker(url, { name: "heed" });
    worker.onmessage = ({ data }: MessageEvent<Answer>) => {
      URL.revokeObjectURL(url); // its first word: it has been read
      answered(data);
    };
    worker.onmessageerror = lost;
    worker.onerror = (event) => {
      event.preventDefault(); // or the console would have it too
      URL.revokeObjectURL(url);
      lost(event);
    };
    return {
      post: (order, transfer) => worker.postMessage(order, transfer),
      hold: () => undefined,
      stop: () => worker.terminate(),
    };
  } catch (cause) {
    URL.revokeObjectURL(url);
    throw cause;
  }
}

/** Gives a Node worker the names that a browser's has. */
const nodePrologue = `{
  const { parentPort } = process.getBuiltinModule("node:worker_threads");
  globalThis.postMessage = (message, transfer) => parentPort.postMessage(message, transfer);
  parentPort.on("message", (data) => globalThis.onmessage({ data }));
  parentPort.on("messageerror", () => globalThis.onmessageerror());
}`;

function startInNode<Order, Answer>(program: string, { answered, lost }: Listener<Answer>): Thread<Order> {
  const threads = node()?.getBuiltinModule?.("node:worker_threads");
  if (!threads) throw new Error("this host has no workers");
  // No arguments of this process: they may say that code is an ES module, or preload what a worker has no use for.
  const worker = new threads.Worker(nodePrologue + program, { eval: true, execArgv: [], name: "heed" });
  worker.on("message", answered);
  worker.on("messageerror", lost);
  worker.on("error", lost);
  worker.on("exit", (code) => lost(new Error(`the worker ended with code ${String(code)}`)));
  return {
    post: (order, transfer) => worker.postMessage(order, transfer),
    hold: (isBusy) => (isBusy ? worker.ref() : worker.unref()),
    stop: () => void worker.terminate(),
  };
}
