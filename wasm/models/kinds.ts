// What a value is that may come from anywhere.

export const isBoolean = (value: unknown): value is boolean => typeof value === "boolean";

/** Anything with keys, an array too. */
export const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

/** An object as JSON has them. */
export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  isObject(value) && !Array.isArray(value);

export const isCount = (value: unknown): value is number =>
  Number.isSafeInteger(value) && (value as number) >= 0;

export const isIndex = (value: unknown, count: number): value is number => isCount(value) && value < count;
