// A file behind an http(s) address. What breaks is asked for again, from the byte where it broke; what no second try
// mends is an error with the address and the status.
//
// Resuming is a Range request whose answer must be of the same version: RFC 9110's If-Range says that in one header, but
// is none of those that a page may send to another origin unasked, so that the answer's ETag is compared instead.

import { checkAborted } from "../errors.js";
import { connectionError, isWorthRetrying, networkError, responseError } from "./http_errors.js";
import { streamReader, type ByteFile, type OpenOptions } from "./byte_file.js";
import { Patience } from "./patience.js";
import type { LoadOptions } from "../types.js";

/** What is known of a file before it is asked for. */
export interface Known {
  readonly size?: number | undefined;
  readonly sha256?: string | undefined;
}

type Transfer = Pick<LoadOptions, "fetch" | "retry" | "keep">;

/**
 * A file at an address.
 *
 * Errors of open(): MissingFile (HTTP 404 and 410, a page of HTML), "network", "aborted". Of reading: "network" (the
 * file has changed under way, or is not as long as was said; or no try came through), "aborted".
 */
export function httpFile(url: URL, name: string, transfer: Transfer, known: Known = {}): ByteFile {
  return {
    name,
    async open(options = {}) {
      const download = new Download(url, transfer, known, options);
      await download.connect();
      const { size, sha256, version } = download;
      const reader = streamReader(download.chunks(), size, options);
      const close = async (): Promise<void> => {
        await reader.close();
        // A stream that nobody has begun to read has nothing to end it.
        download.hangUp();
      };
      return { ...reader, sha256, version, close };
    },
  };
}

type Body = ReadableStream<Uint8Array<ArrayBuffer>>;

const bufferBytes = 1 << 18;

/** The chunks of an answer. Where the host knows how, all are written into one buffer, so that they leave no garbage. */
class BodyReader {
  readonly #reader: ReadableStreamBYOBReader | ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>;
  #buffer: ArrayBuffer | undefined;

  constructor(body: Body) {
    try {
      this.#reader = body.getReader({ mode: "byob" });
      this.#buffer = new ArrayBuffer(bufferBytes);
    } catch {
      this.#reader = body.getReader();
    }
  }

  /** undefined: the end. A chunk is overwritten by the next one. */
  async read(): Promise<Uint8Array | undefined> {
    if (!this.#buffer) return (await (this.#reader as ReadableStreamDefaultReader<Uint8Array>).read()).value;
    const { done, value } = await (this.#reader as ReadableStreamBYOBReader).read(
      new Uint8Array(this.#buffer),
    );
    if (value) this.#buffer = value.buffer as ArrayBuffer;
    return done ? undefined : value;
  }

  cancel(): void {
    this.#reader.cancel().catch(() => undefined);
  }
}

class Download {
  size: number | undefined;
  sha256: string | undefined;
  version: string | undefined;
  readonly #url: URL;
  readonly #fetch: typeof fetch;
  readonly #init: RequestInit;
  readonly #signal: AbortSignal | undefined;
  readonly #patience: Patience;
  #at: number;
  readonly #end: number | undefined;
  #connection: AbortController | undefined;
  #body: BodyReader | undefined;
  /** Bytes that a server without ranges sends first, and that nobody asked for. */
  #unasked = 0;
  #isOpen = false;

  constructor(url: URL, transfer: Transfer, known: Known, { begin = 0, end, signal }: OpenOptions) {
    this.#url = url;
    this.#fetch = transfer.fetch ?? ((input, init) => fetch(input, init));
    // What is kept need not be in the browser's cache as well.
    this.#init = transfer.keep ? { cache: "no-store" } : {};
    this.#signal = signal;
    this.#patience = new Patience(transfer.retry, signal);
    this.#at = begin;
    this.#end = end;
    this.size = known.size;
    this.sha256 = known.sha256;
  }

  /** Until there is an answer to read from. */
  async connect(): Promise<void> {
    for (;;) {
      try {
        await this.#request();
        this.#isOpen = true;
        return;
      } catch (cause) {
        await this.#again(cause);
      }
    }
  }

  async *chunks(): AsyncGenerator<Uint8Array, void, void> {
    try {
      while (this.#at < this.#last) {
        try {
          const chunk = await this.#next();
          if (!chunk) return;
          if (chunk.length > 0) yield chunk;
        } catch (cause) {
          await this.#again(cause);
          await this.connect();
        }
      }
    } finally {
      this.hangUp();
    }
  }

  /** Waits, where another try may help; else, or after the last one, throws. */
  async #again(cause: unknown): Promise<void> {
    this.hangUp();
    checkAborted(this.#signal, `loading ${this.#shown}`);
    const error = connectionError(cause, this.#shown, this.#isOpen);
    if (!isWorthRetrying(error)) throw error;
    await this.#patience.beforeNext(error, `loading ${this.#shown}`);
  }

  /** The address for messages: what follows the question mark may be a permission. */
  get #shown(): string {
    return this.#url.origin + this.#url.pathname;
  }

  async #request(): Promise<void> {
    checkAborted(this.#signal, `loading ${this.#shown}`);
    this.#connection = new AbortController();
    const isPart = this.#at > 0 || this.#end !== undefined;
    const range = `bytes=${this.#at}-${this.#end === undefined ? "" : this.#end - 1}`;
    const response = await this.#patience.wait(
      this.#fetch(this.#url, {
        ...this.#init,
        signal: this.#connection.signal,
        ...(isPart ? { headers: { Range: range } } : {}),
      }),
    );
    const error = responseError(response, this.#shown, this.#url);
    if (error) {
      await response.body?.cancel().catch(() => undefined);
      throw error;
    }
    this.#learn(response);
    this.#unasked = response.status === 206 ? 0 : this.#at;
    this.#body = new BodyReader(response.body ?? (new Response(await response.arrayBuffer()).body as Body));
  }

  /** Checks what an answer says of the file against what was said before. */
  #learn(response: Response): void {
    const header = (name: string): string | undefined => response.headers.get(name) ?? undefined;
    const { status } = response;
    const isPart = status === 206;
    const wrong = (what: string): Error =>
      networkError(`${this.#shown} ${what}`, { address: this.#shown, status });

    // "bytes 0-99/1000"; another origin's may be hidden, and then is what was asked for.
    const [, from, total] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(header("content-range") ?? "") ?? [];
    if (isPart && from !== undefined && Number(from) !== this.#at) {
      throw wrong(`was asked for byte ${this.#at} and answered with byte ${from}`);
    }
    // With a content encoding the length is that of the compressed bytes, which nobody here sees. Another origin's encoding
    // may be hidden as well; what servers compress is text.
    const mayBeHidden = response.type === "cors" && /json|text/.test(header("content-type") ?? "");
    const isEncoded = header("content-encoding") !== undefined || (mayBeHidden && !isPart);
    const length = isEncoded ? undefined : header("content-length");
    const size = isPart ? (numberOf(total) ?? this.#sizeOfPart(numberOf(length))) : numberOf(length);
    if (size !== undefined && this.size !== undefined && size !== this.size) {
      throw wrong(`is ${size} bytes long; expected ${this.size}`);
    }
    this.size ??= size;

    // The hash of a file on the Hugging Face hub, where the answer is not from the place it redirects to.
    const linked = /^"?([0-9a-f]{64})"?$/.exec(header("x-linked-etag") ?? "")?.[1];
    this.sha256 ??= linked;
    const version = this.sha256 ?? versionOf(header("etag")) ?? header("last-modified");
    if (this.version !== undefined && version !== undefined && version !== this.version) {
      throw wrong("has changed while it was being loaded");
    }
    this.version ??= version;
  }

  /** A part that is shorter than what was asked for goes to the end of the file. */
  #sizeOfPart(length: number | undefined): number | undefined {
    if (length === undefined) return undefined;
    const end = this.#at + length;
    return this.#end === undefined || end < this.#end ? end : undefined;
  }

  /** Of what was asked for; Infinity: nobody said. */
  get #last(): number {
    return Math.min(this.#end ?? Infinity, this.size ?? Infinity);
  }

  /** The next chunk; undefined at the end of a file whose length nobody said. */
  async #next(): Promise<Uint8Array | undefined> {
    const value = await this.#patience.wait(this.#body?.read() ?? Promise.resolve(undefined));
    if (!value) {
      if (this.size === undefined && this.#unasked === 0) return undefined;
      throw new Error(`the answer ends at byte ${this.#at} of ${this.#last}`);
    }
    const asked = value.subarray(Math.min(this.#unasked, value.length));
    this.#unasked -= value.length - asked.length;
    // What was there before is no progress: a server without ranges may break off at the same byte for ever.
    if (asked.length > 0) this.#patience.renew();
    const chunk = asked.subarray(0, this.#last - this.#at);
    if (chunk.length < asked.length && this.#end === undefined) {
      const { size } = this;
      throw networkError(`${this.#shown} is longer than the ${size} bytes it was said to be`, {
        address: this.#shown,
      });
    }
    this.#at += chunk.length;
    return chunk;
  }

  hangUp(): void {
    this.#body?.cancel();
    this.#body = undefined;
    this.#connection?.abort();
    this.#connection = undefined;
  }
}

/** An ETag without what servers add when they compress (nginx: "W/", Apache: "-gzip"), which parts never are. */
function versionOf(etag: string | undefined): string | undefined {
  return etag?.replace(/^W\//, "").replace(/-(?:gzip|br|zstd)"$/, '"');
}

function numberOf(digits: string | undefined): number | undefined {
  return digits !== undefined && /^\d+$/.test(digits) ? Number(digits) : undefined;
}
