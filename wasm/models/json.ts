// JSON that may come from anywhere.

import { failure } from "./errors.js";

/**
 * Parses JSON text. A page of HTML, which servers send for a missing file, is named as such.
 * Errors: "invalid-model".
 */
export function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const isPage = /^\s*<(!doctype|html|\?xml|head|body)/i.test(text);
    const what = isPage
      ? "is an HTML page, not JSON: is the address right?"
      : `is not JSON: ${String(cause)}`;
    throw failure("invalid-model", `${file} ${what}`, cause);
  }
}

/** UTF-8 bytes as text; malformed bytes are "invalid-model". A byte order mark stays. */
export function decodeUtf8(bytes: ArrayBuffer | Uint8Array, file: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw failure("invalid-model", `${file} is not UTF-8 text`, cause);
  }
}

/**
 * The first key that occurs twice in one object of valid JSON text, at any depth: JSON.parse keeps the last and says
 * nothing. One pass, without recursion.
 */
export function duplicateKey(json: string): string | undefined {
  /** Keys seen in each open object; null: an array. */
  const open: (Set<string> | null)[] = [];
  let expectsKey = false;
  for (let i = 0; i < json.length; ++i) {
    switch (json[i]) {
      case "{":
        open.push(new Set());
        expectsKey = true;
        break;
      case "[":
        open.push(null);
        expectsKey = false;
        break;
      case "}":
      case "]":
        open.pop();
        expectsKey = false;
        break;
      case ",":
        expectsKey = open.at(-1) != null;
        break;
      case ":":
        expectsKey = false;
        break;
      case '"': {
        const from = i;
        for (++i; json[i] !== '"'; ++i) if (json[i] === "\\") ++i;
        if (!expectsKey) break;
        const key = JSON.parse(json.slice(from, i + 1)) as string;
        const keys = open.at(-1);
        if (keys?.has(key)) return key;
        keys?.add(key);
        break;
      }
    }
  }
  return undefined;
}
