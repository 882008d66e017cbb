/** What went wrong, for code to branch on; the message says it for people. */
export type HeedErrorCode =
  | "invalid-argument"
  | "shape-mismatch"
  | "out-of-memory"
  | "unsupported-host"
  | "unsupported-model"
  | "invalid-model"
  | "network"
  | "aborted"
  | "disposed"
  | "crashed";

// Registered, so that the copies of the class in heed, heed/external and heed/models know each other's errors.
const brand = Symbol.for("heed.error");

/**
 * The one error heed throws; `instanceof` knows it whichever entry threw it. `message` names the argument, what it was and what was expected; `cause` is the
 * underlying error where there is one. After any HeedError the next correct call on the same engine works.
 *
 * @example
 * try {
 *   engine.attention(query, key, value, { numHeads: 3, headDim: 5 });
 * } catch (error) {
 *   if (error instanceof HeedError && error.code === "shape-mismatch") console.log(error.message);
 * }
 */
export class HeedError extends Error {
  override readonly name = "HeedError";
  readonly code: HeedErrorCode;

  constructor(code: HeedErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
    Object.defineProperty(this, brand, { value: true });
  }

  /** Of this class, any copy's errors; of a class that extends it, its own. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    if (this !== HeedError) return Function.prototype[Symbol.hasInstance].call(this, value);
    return typeof value === "object" && value !== null && brand in value;
  }
}
