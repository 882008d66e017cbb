// What an answer, or none, means: whether another try may help, and the words for it.

import { HeedError } from "../../errors.js";
import { failure } from "../errors.js";
import { isMissing, MissingFile } from "./byte_file.js";

/** The `cause` of a "network" error: which address, and what it answered. */
export class HttpError extends Error {
  override readonly name = "HttpError";
  /** As it was asked for, without what follows the question mark. */
  readonly address: string;
  /** undefined: the connection broke, or there was none. */
  readonly status: number | undefined;
  /** Another try may help. */
  readonly isPassing: boolean;
  /** How long the server wants to be left alone, in milliseconds. */
  readonly retryAfter: number | undefined;

  constructor(
    message: string,
    details: {
      address: string;
      status?: number | undefined;
      isPassing?: boolean;
      retryAfter?: number | undefined;
      cause?: unknown;
    },
  ) {
    super(message, { cause: details.cause });
    this.address = details.address;
    this.status = details.status;
    this.isPassing = details.isPassing ?? false;
    this.retryAfter = details.retryAfter;
  }
}

/** A "network" HeedError. */
export function networkError(
  message: string,
  details: ConstructorParameters<typeof HttpError>[1],
): HeedError {
  return failure("network", message, new HttpError(message, details));
}

export function isWorthRetrying(error: unknown): error is HeedError {
  return error instanceof HeedError && error.cause instanceof HttpError && error.cause.isPassing;
}

const passing: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);

// The hub's X-Error-Code, in words; the message beside it is the server's own text and is not shown.
const hubErrors: ReadonlyMap<string, string> = new Map([
  ["RepoNotFound", "there is no such repository, or it is private"],
  ["RevisionNotFound", "the repository has no such revision"],
  [
    "GatedRepo",
    "the repository is gated: its terms have to be accepted on its page, and a token sent along (options.fetch)",
  ],
]);

/** What is wrong with an answer; undefined: nothing. `address`: for messages. */
export function responseError(response: Response, address: string, asked: URL): Error | undefined {
  const { status, headers } = response;
  const said = `${address} answered HTTP ${status} ${response.statusText}`.trimEnd();
  if (status === 404 || status === 410) {
    const cause = new HttpError(said, { address, status });
    return Object.assign(new MissingFile(said), { cause });
  }
  if (!response.ok || (status !== 200 && status !== 206)) {
    const hint =
      hubErrors.get(headers.get("x-error-code") ?? "") ??
      (status === 401 || status === 403 ? "permission is needed" : undefined);
    return networkError(hint ? `${said}: ${hint}` : said, {
      address,
      status,
      isPassing: passing.has(status),
      retryAfter: retryAfterOf(headers),
    });
  }
  // Servers of single-page applications answer so for any path.
  const isPage = headers.get("content-type")?.startsWith("text/html") ?? false;
  if (isPage) return new MissingFile(`${address} is an HTML page`);
  // A browser would not follow; a fetch of the caller's own may not say where it went.
  if (asked.protocol === "https:" && response.url.startsWith("http:")) {
    return networkError(`${address} redirects from https to http`, { address, status });
  }
  return undefined;
}

/** Seconds, or a date (RFC 9110, section 10.2.3). */
function retryAfterOf(headers: Headers): number | undefined {
  const value = headers.get("retry-after");
  if (value === null) return undefined;
  const wait = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return wait >= 0 ? wait : undefined;
}

/** The HeedError of anything that came of asking. A file that was there when it was opened has not gone missing since. */
export function connectionError(cause: unknown, address: string, isOpen: boolean): Error {
  if (isMissing(cause) && isOpen) return networkError(cause.message, { address });
  if (cause instanceof HeedError || isMissing(cause)) return cause;
  return networkError(`${address} could not be loaded: ${String(cause)}`, {
    address,
    isPassing: true,
    cause,
  });
}
