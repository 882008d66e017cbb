// When `npm start` builds anew: where a source has changed, and where a build was interrupted.

import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { upToDate } from "../../web/built.mjs";

const place = mkdtempSync(join(tmpdir(), "heed-built-"));
afterAll(() => rmSync(place, { recursive: true }));

test("once for the same sources, again for others, and again where it was interrupted", async () => {
  const [folder, sources] = [join(place, "site"), join(place, "sources")];
  mkdirSync(join(sources, "deep"), { recursive: true });
  const source = join(sources, "deep/source");
  const changed = (seconds: number): void => {
    writeFileSync(source, "x");
    utimesSync(source, seconds, seconds);
  };
  let built = 0;
  const build = (whole: () => void = () => {}): Promise<void> =>
    upToDate(folder, [sources], async () => {
      built++;
      mkdirSync(folder, { recursive: true });
      // What Vite writes first.
      writeFileSync(join(folder, "index.html"), "");
      whole();
    });
  const interrupted = (): never => {
    throw new Error("interrupted");
  };
  const later = Date.now() / 1000 + 100;

  changed(later);
  await expect(build(interrupted)).rejects.toThrow("interrupted");
  await build();
  await build();
  expect(built).toBe(2);
  changed(later + 1);
  await expect(build(interrupted)).rejects.toThrow("interrupted");
  expect(built).toBe(3);
  await build();
  await build();
  expect(built).toBe(4);
  rmSync(folder, { recursive: true });
  await build();
  expect(built).toBe(5);
});
