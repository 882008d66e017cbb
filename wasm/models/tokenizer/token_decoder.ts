// From tokens back to text, a token at a time. A character may be spread over several tokens: its bytes wait until it is
// whole.

import { byteOfChar } from "./byte_level.js";
import { isRecord } from "../kinds.js";
import { utf8 } from "../utf8.js";
import { asString, flattenSequence } from "./definition.js";

/** How the tokens of a vocabulary spell text: which decoders a tokenizer.json names. */
export interface Spelling {
  readonly kind: "bytes" | "metaspace" | "wordpiece" | "plain";
  /** The metaspace: what stands for a space. */
  readonly mark?: string;
  /** Whether the space in front of the first word was put there by the tokenizer. */
  readonly dropsFirstSpace?: boolean;
}

/** What the "decoder" of a tokenizer.json (or, failing that, its pre-tokenizer) says. */
export function readSpelling(definition: { decoder?: unknown; pre_tokenizer?: unknown }): Spelling {
  const steps = isRecord(definition.decoder)
    ? flattenSequence(definition.decoder, "decoders", "decoder")
    : [];
  const types = steps.map((step) => step["type"]);
  if (types.includes("ByteLevel")) return { kind: "bytes" };
  if (types.includes("Metaspace") || types.includes("ByteFallback")) {
    const metaspace = steps.find((step) => step["type"] === "Metaspace") ?? {};
    return {
      kind: "metaspace",
      mark: asString(metaspace["replacement"] ?? "▁", "decoder.replacement"),
      dropsFirstSpace: metaspace["prepend_scheme"] !== "never" && metaspace["add_prefix_space"] !== false,
    };
  }
  if (types.includes("WordPiece")) return { kind: "wordpiece", dropsFirstSpace: true };
  return { kind: "plain" };
}

/** The UTF-8 bytes a token adds to a text. */
function bytesOf(token: string, { kind, mark = "▁" }: Spelling): Uint8Array {
  if (kind === "bytes") {
    const bytes = [...token].map((char) => byteOfChar.get(char));
    // An added token ("<|endoftext|> ") is spelled as it is.
    return bytes.every((byte) => byte !== undefined) ? Uint8Array.from(bytes) : utf8().encode(token);
  }
  if (kind === "metaspace") {
    const byte = /^<0x([0-9A-F]{2})>$/.exec(token)?.[1];
    return byte ? Uint8Array.of(Number.parseInt(byte, 16)) : utf8().encode(token.replaceAll(mark, " "));
  }
  if (kind === "wordpiece") {
    return utf8().encode(token.startsWith("##") ? token.slice(2) : ` ${token}`);
  }
  return utf8().encode(token);
}

/**
 * Joins the tokens that continue a text, or, where it `begins` one, all of its tokens: the space that such vocabularies put
 * before every word is then none before the first.
 *
 * @example
 * const decoder = new TokenDecoder({ kind: "bytes" });
 * decoder.push("Ã") + decoder.push("©") + decoder.end(); // "" + "é" + ""
 */
export class TokenDecoder {
  readonly #spelling: Spelling;
  readonly #decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  #begins: boolean;

  constructor(spelling: Spelling, begins = false) {
    this.#spelling = spelling;
    this.#begins = begins && spelling.dropsFirstSpace === true;
  }

  /** The characters that are whole now that `token` is there; "" where it ends inside one. */
  push(token: string): string {
    const text = this.#decoder.decode(bytesOf(token, this.#spelling), { stream: true });
    if (!this.#begins || text === "") return text;
    this.#begins = false;
    return text.replace(/^ /, "");
  }

  /** U+FFFD for a character that never became whole, else "". */
  end(): string {
    return this.#decoder.decode();
  }
}
