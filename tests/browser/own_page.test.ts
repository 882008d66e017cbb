// "Use your own model" on the page: every golden checkpoint from the disk, one from a hub, and what must not be shown.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Page } from "playwright-core";
import type { HeedAttention } from "../../web/element/element.ts";
import { givenOf } from "../../web/own_model/given.ts";
import { pace } from "../../web/own_model/pace.ts";
import { shown } from "../../web/own_model/shown.ts";
import { difference, fixturePath, readJson, readTensors } from "../fixtures/read.js";
import { startHub, type Hub } from "../hub.js";
import { asGguf, goldenCheckpoint } from "../js/models/gguf_checkpoint.js";
import { madeT5, t5Sizes } from "../js/models/made_encoder_decoders.js";
import { runT5 } from "../js/models/reference/t5.js";
import { violations } from "./axe.js";
import { numbers, ready, startSite, type Site, type Visit } from "./site.js";

const models = fixturePath("golden/models");
const golden = readdirSync(models).filter((name) => existsSync(`${models}/${name}/expected.json`));
const own = (name: string): string[] =>
  readdirSync(`${models}/${name}`).filter((file) => !file.startsWith("expected"));

/** A golden Llama as llama.cpp's converter writes it. */
const llamaGguf = Buffer.from(asGguf(goldenCheckpoint("llama"), "F32"));

let site: Site;
let hub: Hub;
let visit: Visit;
let page: Page;

beforeAll(async () => {
  const files = own("gpt2").map((name) => [name, readFileSync(`${models}/gpt2/${name}`)] as const);
  hub = await startHub({ "org/gpt2": Object.fromEntries(files), "org/gguf": { "tiny.gguf": llamaGguf } });
  site = await startSite();
  visit = await site.open();
  page = visit.page;
  await ready(page);
  await openPanel();
});

afterAll(async () => {
  await site.close();
  await hub.close();
});

const openPanel = async (): Promise<void> => {
  await page.getByText("Use your own model").click();
  await page.getByLabel("Name or address").waitFor();
};
const said = (text: string | RegExp): Promise<void> =>
  page.locator(".own-said").first().filter({ hasText: text }).waitFor();

/** Files of these names, picked as a folder's. */
async function pick(paths: readonly string[]): Promise<void> {
  await page.locator(".own-drop input:not([webkitdirectory])").setInputFiles([...paths]);
}

/**
 * The weights of a text, when this model has read it: of the name and of these sizes, and in another run than those of the
 * model before, which may have had both. `n`: the text's tokens.
 */
async function weightsOf(
  text: string,
  [layers, heads, n]: readonly [number, number, number],
  model = "model",
): Promise<number[]> {
  await page.getByLabel("Type a sentence").fill(text);
  await page.waitForFunction(
    ([wanted, name, ...sizes]) => {
      const run = document.querySelector<HeedAttention>("heed-attention")?.run;
      const isOf = [run?.numLayers, run?.numHeads, run?.tokens.length].every((size, i) => size === sizes[i]);
      const seen = globalThis as { runSeen?: unknown };
      if (run?.text !== wanted || run.model !== name || !isOf || run === seen.runSeen) return false;
      seen.runSeen = run;
      return true;
    },
    [text, model, layers, heads, n] as const,
  );
  return page.evaluate(() => [
    ...(document.querySelector<HeedAttention>("heed-attention")?.run?.stages.weights ?? []),
  ]);
}

interface Expected {
  texts: { key: string; text: string }[];
}

/** What is shown reads a text as transformers does with a golden checkpoint. */
async function expectGolden(name: string, model?: string) {
  const { texts } = readJson<Expected>(`golden/models/${name}/expected.json`);
  const { key, text } = texts[0] as Expected["texts"][number];
  const attentions = readTensors(`golden/models/${name}/expected.safetensors`)[`${key}.attentions`];
  const [layers = 0, heads = 0, n = 0] = attentions?.shape.slice(-4) ?? [];
  const weights = await weightsOf(text, [layers, heads, n], model);
  const atol = /^b?f16/.test(name) ? 1e-3 : 1e-5;
  expect(difference(weights, attentions?.data ?? [], { atol, rtol: 0 })).toBe("");
  return { weights, layers, heads, n };
}

test("by keyboard alone, in forced colours: closed, opened, asked, answered", async () => {
  await page.emulateMedia({ forcedColors: "active" });
  const focused = (): Promise<string> =>
    page.evaluate(() => {
      const node = document.activeElement as HTMLElement;
      const label = node instanceof HTMLInputElement ? node.labels?.[0] : node;
      return `${node.tagName} ${label?.textContent?.trim()}`;
    });
  const address = page.getByLabel("Name or address");
  const summary = page.getByText("Use your own model");
  await summary.focus();
  await page.keyboard.press("Enter");
  await address.waitFor({ state: "hidden" });
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  const reached = [await focused()];
  for (let i = 0; i < 5; i++) {
    await page.keyboard.press("Tab");
    reached.push(await focused());
    // What has the focus is framed, in a colour of the system's.
    const outline = await page.evaluate(() => {
      const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement as HTMLElement);
      return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
    });
    expect([reached.at(-1), outline]).toEqual([reached.at(-1), true]);
  }
  expect(reached).toEqual([
    "INPUT Name or address",
    "BUTTON See what it takes",
    "INPUT Keep it in this browser for the next visit",
    "SUMMARY Revision, other hub",
    "BUTTON Choose a folder",
    "BUTTON Choose files",
  ]);
  await address.focus();
  await page.keyboard.type("no such thing");
  await page.keyboard.press("Enter");
  await said(/no such thing/);
  expect(await violations(page)).toEqual([]);
  await address.fill("");
  await page.emulateMedia({ forcedColors: "none" });
});

describe("from the disk", () => {
  test.each(golden)("%s is shown, with transformers' attention", async (name) => {
    await pick(own(name).map((file) => `${models}/${name}/${file}`));
    await said(/is shown below/);
    const { weights, layers, heads, n } = await expectGolden(name);
    // What the picture says is one head of it.
    const cells = await numbers(page);
    expect(cells.length).toBe(n * n);
    const starts = Array.from({ length: layers * heads }, (_, i) => i * n * n);
    const isAHead = starts.some(
      (from) => difference(cells, weights.slice(from, from + n * n), { atol: 1e-6, rtol: 0 }) === "",
    );
    expect(isAHead).toBe(true);
    expect(visit.problems).toEqual([]);
  });
});

describe("what must not be shown", () => {
  const before = async () => ({ cells: await numbers(page), model: await model() });
  const model = () =>
    page.evaluate(() => document.querySelector<HeedAttention>("heed-attention")?.run?.model);
  const file = (name: string, content: string | Buffer) => ({
    name,
    mimeType: "application/octet-stream",
    buffer: Buffer.from(content),
  });
  const whole = own("bert").map((name) => file(name, readFileSync(`${models}/bert/${name}`)));
  const without = (name: string) => whole.filter((one) => one.name !== name);
  const input = () => page.locator(".own-drop input:not([webkitdirectory])");

  test("damaged, foreign and missing files are told in words, and the picture before stays", async () => {
    const shownBefore = await before();
    expect(shownBefore.cells.length).toBeGreaterThan(100);
    const weights = readFileSync(`${models}/bert/model.safetensors`);
    await input().setInputFiles([
      ...without("model.safetensors"),
      file("model.safetensors", weights.subarray(0, weights.length / 2)),
    ]);
    await said("A file is damaged");
    expect(await before()).toEqual(shownBefore);
    await input().setInputFiles([...without("config.json"), file("config.json", '{"model_type": "mamba"}')]);
    await said("can\u2019t be run here");
    await said("mamba");
    await input().setInputFiles(without("tokenizer.json"));
    await said("tokenizer.json is not among the files");
    expect(await before()).toEqual(shownBefore);
    expect(visit.problems).toEqual([]);
  });

  test("of an encoder-decoder each attention, by the keyboard; the target as the model writes it, or as typed", async () => {
    const { files, made } = madeT5({}, { decoder_start_token_id: 3 });
    const { config, tokenizer, weights } = files as {
      config: object;
      tokenizer: object;
      weights: ArrayBuffer;
    };
    await input().setInputFiles([
      file("config.json", JSON.stringify(config)),
      file("tokenizer.json", JSON.stringify(tokenizer)),
      file("model.safetensors", Buffer.from(weights)),
    ]);
    await said("Shown first is the encoder");
    await weightsOf("the cat sat on a mat", [2, 2, 8]);
    expect((await numbers(page)).length).toBe(64);
    expect(await page.locator(".predictions").count()).toBe(0);
    const target = page.getByLabel("What the decoder reads");
    expect(await target.isVisible()).toBe(false);

    await page.getByRole("radio", { name: "Encoder" }).press("ArrowLeft");
    await page.getByText("Written by the model itself").waitFor();
    const written = await shownTarget();
    expect(written).toMatch(/^sat /);
    expect(await target.inputValue()).toBe(written);
    await target.fill("a mat sat");
    await page.getByText("Yours: empty it").waitFor();
    await page.locator("heed-attention").scrollIntoViewIfNeeded();
    await page.waitForFunction(
      () => document.querySelector<HeedAttention>("heed-attention")?.run?.text === "a mat sat",
    );
    const { source, target: read, cells, layer, head } = await crossShown();
    expect([source.length, read.length, cells.length]).toEqual([8, 5, 40]);
    // The sentence that the field holds, and not the one that the decoder reads.
    expect(await page.locator("#status").innerText()).toContain("8 tokens");
    const { decoder } = runT5(made, t5Sizes, source, read);
    const expected = decoder.crossAttentions[layer]?.[head]?.flat() ?? [];
    expect(difference(cells, expected, { atol: 1e-5, rtol: 0 })).toBe("");
    expect(await page.getByRole("grid").getAttribute("aria-label")).toContain("cross-attention");
    await page.locator(".predictions").waitFor();

    await page.locator(".whatif").scrollIntoViewIfNeeded();
    await page.locator(".whatif-panels .panel").first().waitFor();
    await page.getByText("choose the encoder for them").waitFor();
    expect(await page.locator(".whatif-panels .panel:visible").count()).toBe(6);
    expect(await page.locator(".fold:visible").count()).toBe(0);
    expect(await violations(page)).toEqual([]);
    for (const view of ["Text", "Ranking", "All heads"]) {
      await page.getByRole("radio", { name: view, exact: true }).press("Space");
      expect([view, await violations(page)]).toEqual([view, []]);
    }
    await page.getByRole("radio", { name: "Matrix", exact: true }).press("Space");
    await page.getByRole("radio", { name: "Cross" }).press("ArrowRight");
    await page.locator(".predictions").waitFor({ state: "detached" });
    await page.getByLabel("Type a sentence").scrollIntoViewIfNeeded();
    expect(visit.problems).toEqual([]);
  });

  /** What the element's decoder read. */
  const shownTarget = (): Promise<string | undefined> =>
    page.evaluate(() => document.querySelector<HeedAttention>("heed-attention")?.run?.stacks?.target);

  /** The matrix as the page has it, and of which tokens. */
  const crossShown = async () => {
    const cells = await numbers(page);
    const run = await page.evaluate(() => {
      const figure = document.querySelector<HeedAttention>("heed-attention");
      const ids = (tokens: readonly { id: number }[] | undefined): number[] =>
        (tokens ?? []).map(({ id }) => id);
      const { run, layer = 0, head = 0 } = figure ?? {};
      return { source: ids(run?.stacks?.source.tokens), target: ids(run?.tokens), layer, head };
    });
    return { ...run, cells };
  };

  const drop = (files: readonly { name: string; buffer: Buffer }[]): Promise<void> =>
    page.evaluate(
      (encoded) => {
        const data = new DataTransfer();
        for (const [name, bytes] of encoded)
          data.items.add(new File([Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0))], name));
        const event = (type: string) =>
          new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true });
        document.body.dispatchEvent(event("dragover"));
        document.querySelector("heed-attention")?.dispatchEvent(event("drop"));
      },
      files.map(({ name, buffer }) => [name, buffer.toString("base64")] as const),
    );

  test("a GGUF file that is dropped is shown, with transformers' attention", async () => {
    await drop([{ name: "tiny.gguf", buffer: llamaGguf }]);
    await said("tiny.gguf\u2069 is shown below");
    await expectGolden("llama", "tiny.gguf");
    expect(await page.locator(".own-card").innerText()).toContain("llama");
  });

  test("files that are dropped are taken, wherever on the page", async () => {
    await drop(whole);
    await said("model\u2069 is shown below");
    await page.waitForFunction(
      () => document.querySelector<HeedAttention>("heed-attention")?.run?.spelling === "wordpiece",
    );
    expect(await page.locator(".own-card").innerText()).toMatch(/bert[\s\S]*in both directions/);
    expect(await page.locator("#hint").innerText()).toContain("[MASK]");
    expect(await violations(page)).toEqual([]);
  });

  test("a link, and what is embedded, say that they can't hold it", async () => {
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.getByRole("button", { name: "Copy link" }).click();
    await page.locator(".share-bar [role=status]").filter({ hasText: "can\u2019t be in a link" }).waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).not.toContain("model=");
    await page.getByRole("button", { name: "Embed" }).click();
    const dialog = page.getByRole("dialog");
    expect(await dialog.innerText()).toContain("it shows heed-bert");
    expect(
      await dialog
        .locator("textarea")
        .evaluateAll((all) => all.map((one) => (one as HTMLTextAreaElement).value)),
    ).not.toEqual(expect.arrayContaining([expect.stringContaining("given:")]));
    await page.keyboard.press("Escape");
  });
});

describe("from a hub", () => {
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
    expect(hub.asked.filter(({ path, status }) => path.endsWith("safetensors") && status === 200)).toEqual(
      [],
    );

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
});

describe("the parts", () => {
  test("the time that is left goes by the last seconds", () => {
    const { left } = pace();
    expect(left(0, 1000, 0)).toBeUndefined();
    expect(left(500, 1000, 500)).toBeUndefined();
    expect(left(500, 1000, 1000)).toBeCloseTo(1);
    for (let at = 2000; at <= 8000; at += 1000) left(500 + at / 100, 1000, at);
    expect(left(590, 1000, 9000)).toBeCloseTo(41);
  });

  test("a name is shown whole in its own direction, without what is invisible, and not for ever", () => {
    expect(shown("a\u202eb")).toBe("\u2068aU+202Eb\u2069");
    expect(shown("x".repeat(500))).toHaveLength(82);
  });

  test("what is typed becomes a source; what an address can't say stays out of links", () => {
    const plain = { revision: "", hub: "", keep: false };
    expect(givenOf({ ...plain, address: "org/model", revision: "v1" })).toMatchObject({
      name: "org/model@v1",
      source: "org/model@v1",
      options: {},
    });
    expect(givenOf({ ...plain, address: "org/model", hub: "https://example.org", keep: true })).toMatchObject(
      {
        name: expect.stringMatching(/^given:/),
        options: { hub: "https://example.org", keep: true },
      },
    );
  });
});
