// <heed-attention>'s pictures: views that come when they are asked for, what is saved of them, and how they look.

import { describe, expect, test } from "@jest/globals";
import type { HeedAttention } from "../../web/element/element.ts";
import {
  add,
  ask,
  eachOnItsOwnPage,
  element,
  MODULE,
  pageWith,
  POLICY,
  site,
  TWO_TAGS,
  visit,
} from "./element_page.ts";
import { violations } from "./gallery.ts";

eachOnItsOwnPage();

describe("a view that is fetched when it is asked for", () => {
  const CHUNK = "**/chunks/views.js";

  test("leaves the old picture until it is there, and is fetched once", async () => {
    const { page } = visit;
    let deliver = (): void => {};
    const asked = new Promise<void>((resolve) => (deliver = resolve));
    await page.route(CHUNK, async (route) => {
      await asked;
      await route.continue();
    });
    await add({ text: "A dog." });
    await page.getByRole("radio", { name: "Steps" }).click();
    expect(await page.getByRole("radio", { name: "Steps" }).isChecked()).toBe(true);
    expect(await page.getByRole("grid").count()).toBe(1);
    await page.getByRole("radio", { name: "Query × key" }).click();
    deliver();
    await page.locator(".neuron-view").waitFor();
    // It is drawn with a style that it shares with the steps.
    expect(
      await page
        .locator(".neuron-view .line")
        .first()
        .evaluate((line) => getComputedStyle(line).display),
    ).toBe("block");
    expect(await page.locator(".view > *").count()).toBe(1);
    await page.getByRole("radio", { name: "All heads" }).click();
    await page.locator(".model-view").waitFor();
    expect(visit.requests.filter((url) => url.endsWith("chunks/views.js"))).toHaveLength(1);
    expect(await ask((figure) => figure.shadowRoot?.adoptedStyleSheets.length)).toBe(2);
  });

  test("that can't be fetched is said in words, and the next choice works", async () => {
    const { page } = visit;
    await page.route(CHUNK, (route) => route.abort());
    await add({ text: "A dog." });
    await ask((figure) =>
      figure.addEventListener(
        "heed-error",
        ({ detail }) => (figure.title = `${detail.code} ${detail.message}`),
      ),
    );
    await page.getByRole("radio", { name: "Steps" }).click();
    await page.locator("heed-attention[title]").waitFor();
    expect(await element(page).getAttribute("title")).toMatch(
      /^network The view \u2018Steps\u2019 could not be fetched\. Choosing it again may help\. \(.+\)$/,
    );
    expect(await page.locator(".message").innerText()).toMatch(
      /^The view \u2018Steps\u2019 could not be fetched/,
    );
    expect(await page.getByRole("grid").count()).toBe(0);
    await page.getByRole("radio", { name: "Lines" }).click();
    await page.locator(".heads-view").waitFor();
    expect(await page.locator(".message").innerText()).toBe("");
    await page.unroute(CHUNK);
    await page.getByRole("radio", { name: "Steps" }).click();
    await page.locator(".steps-view").waitFor();
    expect(visit.problems.splice(0)).toEqual([expect.stringContaining("ERR_FAILED")]);
  });

  test("comes while the text is read, where it is wanted first; updateComplete waits for it", async () => {
    await add({ text: "A dog.", view: "steps" });
    expect(await visit.page.locator(".steps-view").count()).toBe(1);
    expect(visit.requests.findIndex((url) => url.endsWith("views.js"))).toBeLessThan(
      visit.requests.findIndex((url) => url.endsWith("model.safetensors")),
    );
  });
});

test("another head's picture is as large as the one before from the first, not a frame later", async () => {
  await add({ text: "A dog." });
  const heights = await ask(async (figure) => {
    const height = (): number | undefined =>
      figure.shadowRoot?.querySelector(".matrix .cells")?.getBoundingClientRect().height;
    await new Promise(requestAnimationFrame);
    await new Promise((resolve) => setTimeout(resolve));
    const before = height();
    figure.head = 2;
    await figure.updateComplete;
    return [before, height()];
  });
  expect(heights).toEqual([5 * 46, 5 * 46]);
});

describe("exports", () => {
  const textOf = (name: "exportSVG" | "exportCSV" | "exportJSON"): Promise<string> =>
    element(visit.page).evaluate(
      async (figure, method) => (await (figure as HeedAttention)[method]()).text(),
      name,
    );

  test("CSV: as on the screen", async () => {
    await add({ text: 'A "dog", =1', layer: "1", head: "2", special: "false" });
    const rows = (await textOf("exportCSV")).split("\r\n");
    expect(rows[0]).toBe('weights L1H2,a,"""",dog,"""",",",=,1');
    expect(rows.length).toBe(9);
    const shown = await visit.page
      .getByRole("gridcell")
      .evaluateAll((cells) => cells.map((cell) => Number(cell.getAttribute("data-value"))));
    const saved = rows.slice(1, 8).flatMap((row) => row.split(",").slice(-7).map(Number).map(Math.fround));
    expect(saved).toEqual(shown);
  });

  test("JSON: shape, tokens, model; also before it was in sight", async () => {
    const { page } = visit;
    await page.evaluate(() => {
      const space = document.createElement("div");
      space.style.setProperty("height", "5000px");
      const figure = document.createElement("heed-attention");
      document.querySelector("main")?.append(space, figure);
      Object.assign(figure, { text: "A dog", model: "heed-gpt", stage: "maskedScores", heads: [0, 3] });
    });
    const data = JSON.parse(await textOf("exportJSON")) as Record<string, unknown> & { values: unknown[] };
    expect(data).toMatchObject({
      model: "heed-gpt",
      text: "A dog",
      stage: "maskedScores",
      layer: 0,
      heads: [0, 3],
      shape: [2, 2, 2],
      layout: ["head", "query", "key"],
    });
    expect(data.values.map((value) => value === null)).toEqual([
      false,
      true,
      false,
      false,
      false,
      true,
      false,
      false,
    ]);
  });

  test("SVG: the picture that is on the screen, in the colours of its theme", async () => {
    await add({ text: "A <b>dog</b>", layer: "1", head: "2", theme: "dark" });
    const source = await textOf("exportSVG");
    expect(source).toContain("<title>Matrix: heed-bert, L1H2, Weights</title>");
    expect(source).toContain("<desc>Text: A &lt;b&gt;dog&lt;/b&gt;");
    expect(source).toContain('fill="#14171d"');
    await ask((figure) => {
      figure.view = "heads";
      figure.theme = "light";
    });
    const lines = await textOf("exportSVG");
    expect(lines).toContain("<title>Lines: heed-bert, L1H2</title>");
    expect(lines).toContain('fill="#fbf8f1"');
  });

  const pngOf = (scale: number): Promise<string> =>
    element(visit.page).evaluate(
      (figure, factor) =>
        (figure as HeedAttention)
          .exportPNG({ scale: factor })
          .then(createImageBitmap)
          .then(
            ({ width, height }) => `${width} ${height}`,
            (error: Error & { code?: string }) => `${error.code}: ${error.message}`,
          ),
      scale,
    );

  test("PNG: as large as asked for", async () => {
    // The site sends the policy of its first page with every page.
    const body = pageWith(TWO_TAGS, MODULE, `${POLICY}; img-src blob:`);
    await visit.page.route("**/pictures.html", (route) => route.fulfill({ contentType: "text/html", body }));
    await visit.page.goto(`${site.url}pictures.html`);
    await visit.page.getByRole("grid").waitFor();
    const [width = 0, height = 0] = (await pngOf(1)).split(" ").map(Number);
    expect(width).toBeGreaterThan(500);
    expect(await pngOf(3)).toBe(`${3 * width} ${3 * height}`);
    expect(await pngOf(5)).toBe("invalid-argument: scale is 5; expected a number from 1 to 4");
  });

  test("PNG: where the page's policy lets no picture be drawn, the failure says so", async () => {
    await add();
    expect(await pngOf(1)).toMatch(/^unsupported-host: the browser could not draw .* images from blob:/);
    expect(visit.problems.splice(0).join()).toContain("img-src");
  });

  test("with nothing read there is nothing to export", async () => {
    await visit.page.evaluate(() =>
      document
        .querySelector("main")
        ?.append(Object.assign(document.createElement("heed-attention"), { text: "" })),
    );
    expect(await ask((figure) => figure.exportCSV().catch((error: Error) => error.message))).toMatch(
      /nothing to export/,
    );
  });
});

describe("how it looks", () => {
  test.each([
    [1200, "light", ""],
    [700, "dark", "dark"],
    [360, "light", "dark"],
  ] as const)("%i wide, %s, theme %s: nothing that axe-core finds", async (width, theme, own) => {
    const { page } = visit;
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme: theme });
    await add({ controls: "all", ...(own && { theme: own }) });
    const background = await ask((figure) => getComputedStyle(figure).backgroundColor);
    expect(background).toBe(own === "dark" ? "rgb(20, 23, 29)" : "rgb(251, 248, 241)");
    expect(await violations(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(
      0,
    );
  });

  test("forced colours", async () => {
    const { page } = visit;
    await page.emulateMedia({ forcedColors: "active" });
    await add();
    expect(await violations(page)).toEqual([]);
  });

  test("controls are the author's choice; colours too", async () => {
    const { page } = visit;
    await add({ controls: "none", text: "A dog." });
    expect(await page.getByRole("radio").count()).toBe(0);
    await ask(async (figure) => {
      figure.style.setProperty("--heed-paper", "rgb(1, 2, 3)");
      figure.controls = ["layer", "stage"];
      await figure.updateComplete;
    });
    expect(await page.getByRole("radio").count()).toBe(8);
    expect(await ask((figure) => getComputedStyle(figure).backgroundColor)).toBe("rgb(1, 2, 3)");
  });
});
