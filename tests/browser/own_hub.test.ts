// "Use your own model" from a hub: told, loaded, kept, gone on with, linked to, deleted.

import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { HeedAttention } from "../../web/element/element.ts";
import { startHub, type Hub } from "../hub.js";
import {
  expectGolden,
  lookAtFigure,
  llamaGguf,
  models,
  onOnePage,
  openPanel,
  own,
  page,
  said,
  site,
  visit,
} from "./own_panel.js";
import { ready } from "./site.js";

onOnePage();

let hub: Hub;

beforeAll(async () => {
  const files = own("gpt2").map((name) => [name, readFileSync(`${models}/gpt2/${name}`)] as const);
  hub = await startHub({ "org/gpt2": Object.fromEntries(files), "org/gguf": { "tiny.gguf": llamaGguf } });
});

afterAll(() => hub.close());

const button = (name: string | RegExp) => page.getByRole("button", { name });
const kept = () => page.locator(".own-kept li");

async function lookUp(name: string): Promise<void> {
  await page.getByLabel("Name or address").fill(name);
  await page.locator(".own-address details").evaluate((node) => node.setAttribute("open", ""));
  await page.getByLabel("Address of another hub").fill(hub.url);
  await button("See what it takes").click();
}

/** As another tab that is loading a kept model: a file of each is being written until it is freed. */
async function whileWriting(): Promise<() => Promise<void>> {
  const file = await page.evaluateHandle(async () => {
    const writing: FileSystemWritableFileStream[] = [];
    const lock = async (folder: FileSystemDirectoryHandle): Promise<void> => {
      for await (const entry of folder.values())
        if (entry.kind === "directory") await lock(entry as FileSystemDirectoryHandle);
      writing.push(await (await folder.getFileHandle("written", { create: true })).createWritable());
    };
    await lock(await navigator.storage.getDirectory());
    return writing;
  });
  return () => file.evaluate((all) => Promise.all(all.map((one) => one.abort())).then(() => {}));
}

test("told what it takes, cancelled, gone on with, kept, shown without a request, deleted", async () => {
  await lookUp("org/gpt2");
  await button(/^Download \d+ kB and show it/).waitFor();
  expect(await page.locator(".own-card").innerText()).toContain(hub.url);
  expect(hub.asked.filter(({ path, status }) => path.endsWith("safetensors") && status === 200)).toEqual([]);

  hub.trouble("model.safetensors", { stallAt: 150_000 });
  await button(/^Download/).click();
  await page.getByText(/1[3-9]\d kB of \d+ kB/).waitFor();
  const bar = page.getByRole("progressbar");
  expect(await bar.evaluate((node) => (node as HTMLProgressElement).position)).toBeGreaterThan(0);
  // In another language it is still under way.
  await page.locator("#language").selectOption("es");
  await page.getByRole("progressbar", { name: "Cargando" }).waitFor();
  await page.getByText(/kB de \d+ kB/).waitFor();
  expect(await button(/^Descargar/).count()).toBe(0);
  await page.locator("#language").selectOption("en");
  await button("Cancel").click();
  await said("What has arrived is kept");
  await kept()
    .filter({ hasText: /1[3-9]\d kB, not all of it/ })
    .waitFor();

  // And so it is where a deletion is refused.
  await button(/^Go on: /).click();
  await button(/^Download/).waitFor();
  hub.trouble("model.safetensors", { stallAt: 150_000 });
  await button(/^Download/).click();
  await page.getByText(/1[3-9]\d kB of \d+ kB/).waitFor();
  const free = await whileWriting();
  await button(/^Delete: /).click();
  await said("It is being loaded, here or in another tab");
  await free();
  await button("Cancel").click();
  await said("What has arrived is kept");

  hub.trouble("model.safetensors");
  hub.asked.length = 0;
  await button(/^Go on: /).click();
  await button(/^Download/).click();
  await said("is shown below");
  expect(hub.asked.map(({ range }) => range)).toContain("bytes=131072-");

  await page.reload();
  await ready(page);
  await openPanel();
  hub.asked.length = 0;
  await button(/^Show: /).click();
  await said("is shown below");
  await lookAtFigure();
  await page.waitForFunction(
    () => document.querySelector<HeedAttention>("heed-attention")?.run?.model === "gpt2",
  );
  expect(hub.asked).toEqual([]);

  await button(/^Delete: /).click();
  await said("is deleted");
  expect(await kept().count()).toBe(0);
  expect(visit.problems).toEqual([]);
});

test("a GGUF file by its address", async () => {
  await lookUp(`${hub.folder("org/gguf")}tiny.gguf`);
  await button(/^Download/).click();
  await said("is shown below");
  await expectGolden("llama", "tiny.gguf");
  await button(/^Delete: /).click();
  await said("is deleted");
  expect(visit.problems).toEqual([]);
});

test("a link names the model, and whoever opens it is asked first", async () => {
  const { length } = visit.requests;
  await page.goto(`${site.url}#text=the+cat&model=org%2Fgpt2&layer=1&v=1`);
  await said("Nothing has been asked of that address yet");
  await lookAtFigure();
  await page.waitForFunction(
    () => document.querySelector<HeedAttention>("heed-attention")?.run?.text === "the cat",
  );
  expect(visit.requests.slice(length).filter((url) => !url.startsWith(site.url))).toEqual([]);
  expect(await page.getByLabel("Name or address").inputValue()).toBe("org/gpt2");
});

test("what is not there is told in words", async () => {
  await lookUp("org/nothing");
  await said("could not be fetched");
  await lookUp("javascript:alert(1)");
  await said("an address that begins with https://");
  expect(await page.locator(".own-said").first().innerText()).not.toContain("In detail");
  visit.problems.length = 0;
});
