// A large GGUF file is never in memory beside what the engine holds of it.

import { execFile } from "node:child_process";
import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { fixturePath } from "../../fixtures/read.js";
import { largeGguf } from "./large_gguf.js";

const made = largeGguf();
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(`${tmpdir()}/heed-`);
  const file = await open(`${folder}/large.gguf`, "w");
  const step = 1 << 24;
  for (let at = 0; at < made.size; at += step)
    await file.write(made.bytes(at, Math.min(at + step, made.size)));
  await file.close();
});

afterAll(() => rm(folder, { recursive: true }));

/** Of a process of its own: VmHWM, its most resident memory ever, less the program and its libraries. */
const program = `
  import { readFileSync } from "node:fs";
  const [library, file] = process.argv.slice(1);
  const { loadModel } = await import(library);
  const model = await loadModel(file, { workers: 0 });
  const run = await model.run("the cat");
  const status = readFileSync("/proc/self/status", "utf8");
  const kilobytes = (name) => Number(new RegExp("^" + name + ":\\\\s+(\\\\d+) kB$", "m").exec(status)[1]);
  const peak = 1024 * (kilobytes("VmHWM") - kilobytes("RssFile"));
  console.log(JSON.stringify({ peak, isFinite: run.hidden(model.numLayers).every(Number.isFinite) }));
`;

test("a file of 227 MB loads and runs within 1.1 times its widened weights and 60 MB", async () => {
  const library = pathToFileURL(fixturePath("../../dist/models.js")).href;
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...["--input-type=module", "--no-warnings", "--eval", program],
    ...[library, pathToFileURL(`${folder}/large.gguf`).href],
  ]);
  const { peak, isFinite } = JSON.parse(stdout) as { peak: number; isFinite: boolean };
  expect(isFinite).toBe(true);
  expect(made.size).toBeGreaterThan(200e6);
  expect(peak).toBeGreaterThan(made.heldBytes);
  expect(peak).toBeLessThan(1.1 * made.heldBytes + 60e6);
});
