// Numbers and tables in Markdown.

export function table(head, rows) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map((_, i) => (i === 0 ? "---" : "---:"))), ...rows.map(line)].join("\n");
}

export function milliseconds(value) {
  return value.toFixed(value < 1 ? 3 : value < 100 ? 2 : 0);
}

/** 12x512x64 as 12×512×64. */
export function crosses(name) {
  return name.replaceAll(/(?<=\d)x(?=\d)/g, "×");
}
