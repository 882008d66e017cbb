// A hub to load models from, on this machine: the part of huggingface.co that loadModel uses, and its bad days.
//
//   const hub = await startHub({ "org/model": { "config.json": {…}, "model.safetensors": bytes } });
//   await loadModel("org/model", { hub: hub.url });            // listing, then files, redirected to another origin
//   await loadModel(hub.folder("org/model"));                  // the same files in a plain folder, no listing
//   hub.trouble("model.safetensors", { status: 500 }, { cutAt: 1000 });   // its next answers, one each; then all is well
//   await loadModel(…, { onProgress: ({ file, loaded }) => hub.arrived(file, loaded) });   // what cutAt waits for
//   hub.asked                                                  // what was asked for, in order
//   await hub.close();
//
// Large files can be made while they are sent: { size, bytes(begin, end) }.

import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";

/** Bytes, text, an object that becomes JSON, or bytes made when they are asked for. */
export type Content = Uint8Array | ArrayBuffer | string | Made | object;
export interface Made {
  readonly size: number;
  bytes(begin: number, end: number): Uint8Array;
}

/** What is wrong with one answer. */
export interface Trouble {
  /** Instead of the file. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** The connection breaks behind this byte of the file, as soon as the client says that all before it has `arrived`. */
  readonly cutAt?: number;
  /** It breaks as soon as so much has, if not all of it: with the connection a browser drops what is under way. */
  readonly cutAfter?: number;
  /** Nothing comes behind this byte of the file, and the connection stays. */
  readonly stallAt?: number;
  /** Milliseconds before each 64 KiB. */
  readonly slow?: number;
  /** The whole file, whatever range was asked for. */
  readonly ignoresRanges?: boolean;
  /** One bit of the file is wrong. */
  readonly damaged?: boolean;
  /** Said to be this long, and sent in chunks without a Content-Length. */
  readonly saysSize?: number;
  /** The whole file, compressed on its way. */
  readonly gzip?: boolean;
  /** As if the file had been replaced since it was last asked for. */
  readonly version?: string;
}

export interface Asked {
  readonly path: string;
  readonly range: string | undefined;
  readonly status: number;
}

export interface Hub {
  /** For the option `hub`. */
  readonly url: string;
  readonly asked: Asked[];
  /** The address of a model's files in a plain folder. */
  folder(repository: string): string;
  /** What the next answers with this file have; `undefined` for one without trouble. */
  trouble(name: string, ...troubles: (Trouble | undefined)[]): void;
  /** The same trouble whenever the file is asked for, from now on. */
  always(name: string, trouble: Trouble | undefined): void;
  /** So much of a file has arrived, says the client: the answer that breaks behind it is cut off. */
  arrived(name: string, bytes: number): void;
  /** The files of a model from now on. */
  publish(repository: string, files: Readonly<Record<string, Content>>): void;
  close(): Promise<void>;
}

const cors = {
  "access-control-allow-origin": "*",
  "access-control-allow-headers": "Authorization",
  "access-control-expose-headers":
    "ETag,Accept-Ranges,Content-Range,X-Linked-Size,X-Linked-ETag,X-Error-Code",
};
// The hub knows the hash of what it stores as large files, which is all but small text.
const largeBytes = 100_000;

interface Stored {
  readonly made: Made;
  readonly sha256: string | undefined;
  readonly etag: string;
}

function stored(content: Content): Stored {
  if (typeof content === "object" && "bytes" in content && "size" in content) {
    return { made: content as Made, sha256: undefined, etag: `"made-${(content as Made).size}"` };
  }
  const bytes =
    typeof content === "string"
      ? Buffer.from(content)
      : content instanceof ArrayBuffer || ArrayBuffer.isView(content)
        ? Buffer.from(content as ArrayBuffer)
        : Buffer.from(JSON.stringify(content));
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const made = { size: bytes.length, bytes: (begin: number, end: number) => bytes.subarray(begin, end) };
  return { made, sha256, etag: `"${sha256.slice(0, 32)}"` };
}

/** `large`: files whose hash the listing has, besides those of 100 kB and more. */
export async function startHub(
  models: Readonly<Record<string, Readonly<Record<string, Content>>>>,
  { large = /\.safetensors$/ } = {},
): Promise<Hub> {
  const files = new Map<string, Map<string, Stored>>();
  const troubles = new Map<string, (Trouble | undefined)[]>();
  const lasting = new Map<string, Trouble>();
  const waiting = new Map<string, { bytes: number; cut: () => void }>();
  const asked: Asked[] = [];
  const publish: Hub["publish"] = (repository, contents) => {
    files.set(
      repository,
      new Map(Object.entries(contents).map(([name, content]) => [name, stored(content)])),
    );
  };
  for (const [repository, contents] of Object.entries(models)) publish(repository, contents);

  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const { pathname: path } = new URL(request.url ?? "/", "http://hub");
    const reply = (status: number, headers: Record<string, string | number> = {}, body = ""): void => {
      asked.push({ path, range: request.headers.range, status });
      response.writeHead(status, { ...cors, ...headers }).end(body);
    };
    const [, kind = "", owner, model, verb = "", revision = "", ...rest] =
      /^\/(api\/models|files)?\/?([^/]+)\/([^/]+)(?:\/(revision|resolve)\/([^/]+))?(?:\/(.+))?$/.exec(path) ??
      [];
    const repository = files.get(`${owner}/${model}`);
    const name = decodeURIComponent(rest[0] ?? "");
    if (!repository) return reply(401, { "x-error-code": "RepoNotFound" });
    if (kind === "api/models") return list(reply, repository, decodeURIComponent(revision));
    const queue = troubles.get(name) ?? [];
    const trouble = queue.length > 0 ? queue[0] : lasting.get(name);
    // A redirect is no answer yet.
    const isRedirect = verb === "resolve" && !trouble?.status;
    if (!isRedirect) queue.shift();
    const file = repository.get(name);
    if (trouble?.status) return reply(trouble.status, trouble.headers, "no");
    if (!file) return reply(404, { "x-error-code": "EntryNotFound" });
    if (isRedirect) {
      return reply(302, {
        location: `${origin(storage)}/files/${owner}/${model}/${encodeURIComponent(name)}`,
        "x-linked-size": file.made.size,
        ...(file.sha256 && { "x-linked-etag": `"${file.sha256}"` }),
      });
    }
    void send(
      request,
      response,
      file,
      trouble ?? {},
      (status) => asked.push({ path, range: request.headers.range, status }),
      (bytes) => new Promise((cut) => waiting.set(name, { bytes, cut })),
    );
  };

  const list = (
    reply: (status: number, headers: Record<string, string>, body?: string) => void,
    repository: Map<string, Stored>,
    revision: string,
  ): void => {
    const sha = createHash("sha1");
    for (const [name, { etag }] of repository) sha.update(`${name} ${etag}`);
    const commit = sha.digest("hex");
    if (revision !== "main" && revision !== commit) return reply(404, { "x-error-code": "RevisionNotFound" });
    const siblings = [...repository].map(([rfilename, { made, sha256 }]) => ({
      rfilename,
      size: made.size,
      ...(sha256 &&
        (made.size >= largeBytes || large.test(rfilename)) && { lfs: { sha256, size: made.size } }),
    }));
    reply(200, { "content-type": "application/json" }, JSON.stringify({ sha: commit, siblings }));
  };

  const [front, storage] = await Promise.all([listening(answer), listening(answer)]);
  return {
    url: origin(front),
    asked,
    publish,
    folder: (repository) => `${origin(front)}/files/${repository}/`,
    trouble: (name, ...list) => void troubles.set(name, list),
    arrived: (name, bytes) => {
      const answer = waiting.get(name);
      if (!answer || bytes < answer.bytes) return;
      waiting.delete(name);
      answer.cut();
    },
    always: (name, trouble) => void (trouble ? lasting.set(name, trouble) : lasting.delete(name)),
    close: async () => {
      for (const server of [front, storage]) {
        server.closeAllConnections();
        await new Promise((closed) => server.close(closed));
      }
    },
  };
}

async function listening(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<Server> {
  const server = createServer((request, response) => {
    if (request.method === "OPTIONS") response.writeHead(204, cors).end();
    else answer(request, response);
  });
  // Else a connection that has idled for 5 s is closed under a request on its way: where a busy machine holds this process
  // up for so long, the server's clock is looked at before what has arrived.
  server.keepAliveTimeout = 0;
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return server;
}

function origin(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const partBytes = 1 << 16;

async function send(
  request: IncomingMessage,
  response: ServerResponse,
  { made, etag }: Stored,
  trouble: Trouble,
  log: (status: number) => void,
  arrival: (bytes: number) => Promise<void>,
): Promise<void> {
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? "") ?? [];
  if (trouble.gzip) {
    const body = gzipSync(made.bytes(0, made.size));
    log(200);
    // As servers do: what they compress is text, they say the compressed length, and hide from pages what it is of.
    const type = { "content-type": "text/plain", "content-encoding": "gzip" };
    response.writeHead(200, { ...cors, ...type, etag, "content-length": body.length }).end(body);
    return;
  }
  const isPart = from !== undefined && !trouble.ignoresRanges;
  const begin = isPart ? Number(from) : 0;
  const end = isPart && to ? Math.min(Number(to) + 1, made.size) : made.size;
  const size = trouble.saysSize ?? made.size;
  if (isPart && begin >= made.size) {
    log(416);
    response.writeHead(416, { ...cors, "content-range": `bytes */${size}` }).end();
    return;
  }
  const { cutAt = Infinity, cutAfter = cutAt, stallAt = Infinity } = trouble;
  // A client has what it does not ask for again. Waited for from here on: it may say so before all is sent.
  const cut = Number.isFinite(cutAt) && Number(from ?? 0) < cutAfter ? arrival(cutAfter) : undefined;
  log(isPart ? 206 : 200);
  response.writeHead(isPart ? 206 : 200, {
    ...cors,
    "content-type": "application/octet-stream",
    etag: trouble.version ?? etag,
    ...(!trouble.ignoresRanges && { "accept-ranges": "bytes" }),
    ...(isPart && { "content-range": `bytes ${begin}-${end - 1}/${size}` }),
    ...(trouble.saysSize === undefined && { "content-length": end - begin }),
  });
  const last = Math.min(end, cutAt, stallAt);
  for (let at = begin; at < last; at += partBytes) {
    if (trouble.slow) await new Promise((later) => setTimeout(later, trouble.slow));
    let bytes = made.bytes(at, Math.min(at + partBytes, last));
    if (trouble.damaged) {
      bytes = Uint8Array.from(bytes);
      bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    }
    if (response.destroyed) return;
    if (!response.write(bytes)) {
      await new Promise<void>((go) => {
        response.once("drain", go);
        response.once("close", go);
      });
    }
  }
  if (trouble.stallAt !== undefined) return;
  if (trouble.cutAt === undefined) {
    response.end();
    return;
  }
  await cut;
  response.destroy();
}
