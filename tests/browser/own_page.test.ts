// "Use your own model" on the page: every golden checkpoint from the disk, and what must not be shown.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import type { HeedAttention } from "../../web/element/element.ts";
import { difference } from "../fixtures/read.js";
import { madeT5, t5Sizes } from "../js/models/made_encoder_decoders.js";
import { runT5 } from "../js/models/reference/t5.js";
import { violations } from "./axe.js";
import {
  expectGolden,
  lookAtFigure,
  llamaGguf,
  models,
  onOnePage,
  own,
  page,
  pick,
  said,
  visit,
  weightsOf,
} from "./own_panel.js";
import { numbers } from "./site.js";

onOnePage();

const golden = readdirSync(models).filter((name) => existsSync(`${models}/${name}/expected.json`));

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
    await lookAtFigure();
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
    // What is changed now stays when another attention is chosen.
    await page.getByRole("slider").press("End");
    await lookAtFigure();
    await page.waitForFunction(
      () => document.querySelector<HeedAttention>("heed-attention")?.run?.whatIf.temperature === 8,
    );
    await page.getByRole("radio", { name: "Cross" }).press("ArrowRight");
    await page.locator(".predictions").waitFor({ state: "detached" });
    expect(await page.locator("heed-attention").getAttribute("temperature")).toBe("8");
    await page.getByRole("button", { name: "Everything as trained" }).first().click();
    await page.locator("heed-attention:not([temperature])").waitFor();
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
    await lookAtFigure();
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
