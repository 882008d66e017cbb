// The README's table of what runs is what is measured here.
//
//   HEED_README=write … jest what_runs     writes it

import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { architectures } from "../../../wasm/models/architectures.js";
import { fixturePath } from "../../fixtures/read.js";
import { evidenceFor } from "./evidence.js";

const readme = fixturePath("../../README.md");
const section = /(<!-- what runs -->\n)([\s\S]*?)(<!-- \/what runs -->)/;

/** The next of 1, 2 and 5 times a power of ten: what is said stays true when the last bits change. */
function atMost(value: number): string {
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 2, 5, 10].find((factor) => factor * power >= value * (1 - 1e-9)) ?? 10;
  return (step * power).toExponential(0).replace("e-", "e\u2212");
}

test("the README's table of what runs is what is measured", async () => {
  const rows: string[] = [];
  for (const type of architectures.keys()) {
    const evidence = await evidenceFor(type);
    // An architecture comes with something that it was checked against: see evidence.ts.
    expect({ type, checks: evidence.length }).not.toEqual({ type, checks: 0 });
    for (const { against, attention, hidden } of evidence) {
      expect(attention).toBeLessThan(1e-5);
      expect(hidden).toBeLessThan(1e-5);
      rows.push(`| \`${type}\` | ${against} | ${atMost(attention)} | ${atMost(hidden)} |`);
    }
  }
  const head = ["| `model_type` | checked against | attention | hidden states |", "|---|---|---:|---:|"];
  const table = `\n${[...head, ...rows].join("\n")}\n\n`;
  const text = readFileSync(readme, "utf8");
  if (process.env["HEED_README"] === "write") {
    writeFileSync(
      readme,
      text.replace(section, (_, from: string, __, to: string) => from + table + to),
    );
    return;
  }
  expect(section.exec(text)?.[2]).toBe(table);
});
