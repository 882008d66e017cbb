// Numbers for other programs.

/** The fewest digits that still name this float32 and no other, as JavaScript, JSON and spreadsheets read them. */
export function single(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  for (let digits = 1; digits < 9; digits++) {
    const text = Number(value.toPrecision(digits));
    if (Math.fround(text) === value) return String(text);
  }
  return String(Number(value.toPrecision(9)));
}
