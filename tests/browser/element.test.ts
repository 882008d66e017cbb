// <heed-attention> as its users have it: the built files in a page of their own, under a policy as strict as policies get.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import type { HeedAttention } from "../../web/element/element.ts";
import { madeText, serveMade } from "../bench/made_model.mjs";
import { violations } from "./gallery.ts";
import { startSite, type Site, type Visit } from "./site.ts";

const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'";

const MODULE = '<script type="module" src="./element.js"></script>';

const pageWith = (body: string, script = MODULE, policy = POLICY): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}"><title>A page</title>${script}</head><body><main>${body}</main></body></html>`;

const TWO_TAGS = '<heed-attention layer="2" head="1"></heed-attention>';

let folder: string;
let site: Site;
let visit: Visit;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "heed-element-"));
  for (const name of ["element.js", "element.iife.js", "chunks", "models.js", "models"])
    await cp(new URL(`../../dist/${name}`, import.meta.url), join(folder, name), { recursive: true });
  await writeFile(join(folder, "index.html"), pageWith("<h1>A page</h1>"));
  await writeFile(join(folder, "two_tags.html"), pageWith(TWO_TAGS));
  await writeFile(
    join(folder, "classic.html"),
    pageWith(TWO_TAGS, '<script defer src="./element.iife.js"></script>'),
  );
  site = await startSite(folder);
});

afterAll(async () => {
  await site.close();
  await rm(folder, { recursive: true });
});

beforeEach(async () => {
  visit = await site.open();
});

afterEach(async () => {
  expect(visit.problems).toEqual([]);
  await visit.page.close();
});

/** Adds an element and waits for its picture. */
async function add(attributes: Record<string, string> = {}, page = visit.page): Promise<void> {
  await page.evaluate(async (given) => {
    const element = document.createElement("heed-attention");
    for (const [name, value] of Object.entries(given)) element.setAttribute(name, value);
    const drawn = new Promise((resolve) => element.addEventListener("heed-run", resolve, { once: true }));
    document.querySelector("main")?.append(element);
    await drawn;
    await element.updateComplete;
  }, attributes);
}

const element = (page: Page) => page.locator("heed-attention").first();

/** Reads or does something with the first element. */
const ask = <T>(work: (element: HeedAttention) => T | Promise<T>): Promise<T> =>
  element(visit.page).evaluate(work as unknown as (element: SVGElement | HTMLElement) => Promise<T>);

const details = (page = visit.page): Promise<string> => page.locator(".details").first().innerText();

const weightsFiles = (): number =>
  visit.requests.filter((url) => url.endsWith("heed-bert/model.safetensors")).length;

describe("two tags", () => {
  test.each(["two_tags.html", "classic.html"])("in %s make a picture", async (name) => {
    const { page } = visit;
    await page.goto(site.url + name);
    await page.getByRole("grid").waitFor();
    expect(await details()).toMatch(
      /^it \u2192 animal: over 99\.9\s%\s+weight 0\.9999\d*, token 10 to token 2$/,
    );
    expect(visit.requests.filter((url) => !url.startsWith(site.url))).toEqual([]);
  });
});

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

test("a text too long for whole matrices: a map, with heads and stages to choose", async () => {
  const { page } = visit;
  await serveMade(page, "gpt2", { context: 800 });
  await add({ src: "./made/", text: madeText("gpt2", 800), layer: "1", cell: "700 7" });
  // tokenizer_config.json and generation_config.json, without which a model does.
  expect(visit.problems.splice(0)).toEqual(Array(2).fill(expect.stringContaining("404")));
  const read = page.locator(".map-read");
  const shows = (pattern: RegExp) => read.filter({ hasText: pattern }).waitFor();
  await shows(/\(700\) gives .*\(7\).*%/);
  await page
    .locator(".thumbnail .look")
    .filter({ hasText: /\u2192 . .*\d/ })
    .nth(3)
    .waitFor();
  // The map is a chunk's, whose choices must not be taken for the element's.
  for (const name of ["Layer 1", "the largest", "Matrix"])
    expect(await page.getByRole("radio", { name }).isChecked()).toBe(true);
  const value = async () => (await read.getAttribute("title"))?.replace("\u2212", "-");
  const before = await value();
  await page.getByRole("radio", { name: "Head 2" }).click();
  await page.locator(`.map-read:not([title="${before?.replace("-", "\u2212")}"])`).waitFor();
  await page.getByRole("radio", { name: "Products" }).click();
  await shows(/\(700\) \u2192 .*\(7\).*: product -?[\u2212\d]/);
  const product = Number(await value());
  await page.getByRole("radio", { name: "Scores" }).click();
  await shows(/: score /);
  expect(Number(await value())).toBeCloseTo(product / Math.sqrt(32), 5);
  await page.locator(".map-view.settled").waitFor();
  await page.locator("summary", { hasText: "numbers" }).first().click();
  await page.getByRole("table").waitFor();
  expect(await page.getByRole("table").locator("caption").innerText()).toMatch(/^Scores/);
  // Taken out its model goes, by which the weights are known: put back it is read again.
  await page.getByRole("radio", { name: "Weights" }).click();
  await ask(async (figure) => {
    const place = figure.parentElement;
    figure.remove();
    await Promise.resolve();
    place?.append(figure);
  });
  await shows(/\(700\) gives .*\(7\).*%/);
  await page.locator("summary", { hasText: "numbers" }).first().click();
  await page.getByRole("table").waitFor();
  expect(visit.problems.splice(0)).toEqual(Array(2).fill(expect.stringContaining("404")));
});

describe("attributes and properties", () => {
  test("mirror each other", async () => {
    await add({ layer: "2", head: "1" });
    const seen = await ask(async (figure) => {
      const read = [figure.layer, figure.head, figure.heads, figure.stage, figure.special, figure.causal];
      figure.stage = "scores";
      figure.layer = 3;
      figure.special = false;
      figure.words = true;
      figure.causal = true;
      figure.ablate = [[2, 1]];
      figure.cell = { row: 3, col: 4 };
      await figure.updateComplete;
      const names = ["stage", "layer", "special", "words", "causal", "ablate", "cell", "head", "text"];
      const written = names.map((name) => figure.getAttribute(name));
      figure.removeAttribute("stage");
      figure.setAttribute("heads", "0, 3");
      figure.special = true;
      await figure.updateComplete;
      return {
        read,
        written,
        after: [figure.stage, figure.heads, figure.getAttribute("head"), figure.getAttribute("special")],
      };
    });
    expect(seen.read).toEqual([2, 1, [1], "weights", true, undefined]);
    expect(seen.written).toEqual(["scores", "3", "false", "true", "true", "L2H1", "3 4", "1", null]);
    expect(seen.after).toEqual(["weights", [0, 3], null, null]);
  });

  test("that make no sense count as none, and say so", async () => {
    await add();
    const nonsense: Record<string, string> = {
      layer: "-1",
      head: "first",
      heads: "0 one",
      view: "<img src=x onerror=alert(1)>",
      stage: "weigths",
      direction: "up",
      cell: "1",
      locked: "1.5",
      words: "perhaps",
      special: "0",
      renormalise: "yes",
      map: "jet",
      causal: "2",
      temperature: "0",
      scaled: "NaN",
      positions: "\u0000",
      ablate: "L1",
      controls: "everything",
      theme: "blue",
    };
    const { told, same } = await element(visit.page).evaluate(async (node, given) => {
      const figure = node as HeedAttention;
      const told: string[] = [];
      figure.addEventListener("heed-error", ({ detail }) => told.push(`${detail.code} ${detail.message}`));
      const state = JSON.stringify(figure.state);
      for (const [name, value] of Object.entries(given)) figure.setAttribute(name, value);
      Object.assign(figure, { layer: {}, heads: Symbol.iterator, temperature: 1e300, text: 7 });
      await figure.updateComplete;
      return { told, same: JSON.stringify(figure.state) === state };
    }, nonsense);
    expect(told.map((message) => message.split(" ")[1]).sort()).toEqual(
      [...Object.keys(nonsense), "layer", "heads", "temperature", "text"].sort(),
    );
    expect(told.every((message) => /^invalid-argument \w+ is .+; expected /s.test(message))).toBe(true);
    expect(same).toBe(true);
    await visit.page.getByRole("grid").waitFor();
  });

  test("set before the element is known are kept", async () => {
    const { page } = visit;
    await page.goto(`${site.url}models/heed-bert/config.json`);
    await page.goto(`${site.url}two_tags.html`);
    await page.evaluate(async () => {
      const early = Object.assign(document.createElement("heed-attention"), { text: "A dog." });
      document.querySelector("main")?.prepend(early);
      await early.updateComplete;
    });
    expect(await element(page).getAttribute("text")).toBe("A dog.");
  });

  test("a layer that the model has not is its first, with a word", async () => {
    const told = visit.page.evaluate(
      () =>
        new Promise<string>((resolve) =>
          document.addEventListener("heed-error", ({ detail }) => resolve(detail.message), { once: true }),
        ),
    );
    await add({ layer: "40", heads: "1 9" });
    expect(await told).toMatch(/has 4 layers of 4 heads; layer 40, heads 1 9/);
    expect(await ask((figure) => [figure.layer, figure.heads, figure.getAttribute("layer")])).toEqual([
      0,
      [1],
      null,
    ]);
  });
});

test("what the model has not, set later, counts as none, with a word", async () => {
  await add({ text: "A dog." });
  const set = (changes: object): Promise<string> =>
    visit.page.evaluate((given) => {
      const figure = document.querySelector("heed-attention");
      return new Promise<string>((resolve) => {
        const tell = ({ detail }: { detail: { code: string; message: string } }): void =>
          resolve(`${detail.code}: ${detail.message}`);
        figure?.addEventListener("heed-error", tell, { once: true });
        Object.assign(figure ?? {}, given);
      });
    }, changes);
  const said = "invalid-argument: heed-bert has 4 layers of 4 heads; ";
  expect(await set({ layer: 99 })).toBe(`${said}layer 99, heads 0, 0 to drop are not all there`);
  expect(
    await set({
      ablate: [
        [9, 9],
        [1, 2],
      ],
    }),
  ).toBe(`${said}layer 0, heads 0, 2 to drop are not all there`);
  await visit.page.getByRole("grid").waitFor();
  expect(await ask(({ layer, ablate, run }) => [layer, ablate, run?.whatIf.ablated])).toEqual([
    0,
    [[1, 2]],
    [[1, 2]],
  ]);
});

describe("events", () => {
  test("bubble out of shadow roots, with plain values", async () => {
    const { page } = visit;
    const seen = await page.evaluate(async () => {
      const host = document.createElement("div");
      document.querySelector("main")?.append(host);
      const inner = document.createElement("heed-attention");
      inner.text = "A dog.";
      const seen: unknown[] = [];
      const done = new Promise<void>((resolve) => {
        for (const name of ["heed-ready", "heed-run"] as const)
          document.addEventListener(name, (event) => {
            seen.push([name, structuredClone(event.detail)]);
            if (name === "heed-run") resolve();
          });
      });
      host.attachShadow({ mode: "open" }).append(inner);
      await done;
      return seen;
    });
    expect(seen).toEqual([
      [
        "heed-ready",
        {
          ...{ model: "heed-bert", architecture: "bert" },
          ...{ numLayers: 4, numHeads: 4, maxLength: 128, isCausal: false, hasDecoder: false },
        },
      ],
      [
        "heed-run",
        {
          model: "heed-bert",
          text: "A dog.",
          pair: "",
          leftOut: "",
          tokens: ["[CLS]", "a", "dog", ".", "[SEP]"],
          numLayers: 4,
          numHeads: 4,
          milliseconds: expect.any(Number),
        },
      ],
    ]);
  });

  test("choosing is told, changes the attribute, and runs nothing", async () => {
    const { page } = visit;
    await add({ text: "A dog." });
    await ask((figure) => {
      figure.dataset["runs"] = "0";
      figure.addEventListener("heed-run", () => (figure.dataset["runs"] = "1"));
      figure.addEventListener("heed-select", ({ detail }) => (figure.title = JSON.stringify(detail)));
    });
    await page.getByRole("radio", { name: "Layer 2" }).click();
    await page.getByRole("radio", { name: /L2H3/ }).click();
    await page.getByRole("gridcell").nth(7).click();
    const told = JSON.parse((await element(page).getAttribute("title")) ?? "") as Record<string, unknown>;
    expect(told).toEqual({
      view: "matrix",
      stage: "weights",
      layer: 2,
      heads: [3],
      row: 1,
      col: 2,
      query: "a",
      key: "dog",
      weight: expect.any(Number),
    });
    expect(Number(await page.getByRole("gridcell").nth(7).getAttribute("data-value"))).toBe(told["weight"]);
    expect(
      await ask(({ attributes }) => [
        attributes.getNamedItem("layer")?.value,
        attributes.getNamedItem("head")?.value,
        attributes.getNamedItem("cell")?.value,
      ]),
    ).toEqual(["2", "3", "1 2"]);
    expect(await element(page).getAttribute("data-runs")).toBe("0");
  });

  test("of texts set in a row only the last is shown", async () => {
    await add({ text: "A dog." });
    const texts = await ask(async (figure) => {
      const texts: string[] = [];
      figure.addEventListener("heed-run", ({ detail }) => texts.push(detail.text));
      for (let i = 0; i < 20; i++) {
        figure.text = `Dog ${i}.`;
        await figure.updateComplete;
      }
      while (texts.at(-1) !== "Dog 19.") await new Promise((resolve) => setTimeout(resolve, 5));
      return texts;
    });
    expect(texts.length).toBeLessThan(20);
  });
});

describe("models", () => {
  test("are shared by all elements, and go with the last", async () => {
    const { page } = visit;
    // Tall enough for all: what is out of sight does not start.
    await page.setViewportSize({ width: 800, height: 4000 });
    await page.evaluate(() => {
      for (let i = 0; i < 3; i++)
        document
          .querySelector("main")
          ?.append(
            Object.assign(document.createElement("heed-attention"), { text: `Dog ${i}.`, controls: "none" }),
          );
    });
    await page.getByRole("grid").nth(2).waitFor();
    expect(weightsFiles()).toBe(1);
    await page.evaluate(() => document.querySelector("heed-attention")?.remove());
    await add({ text: "One more." });
    expect(weightsFiles()).toBe(1);
    await page.evaluate(() =>
      document.querySelectorAll("heed-attention").forEach((figure) => figure.remove()),
    );
    await add({ text: "And again." });
    expect(weightsFiles()).toBe(2);
  });

  test("are let go while they load, and loaded anew for who is put back; set anew, one that failed too", async () => {
    const { page } = visit;
    const WEIGHTS = "**/heed-bert/model.safetensors";
    await page.route(WEIGHTS, () => undefined, { times: 1 });
    const asked = page.waitForRequest(WEIGHTS);
    const cancelled = page.waitForEvent("requestfailed", (one) => one.url().endsWith("model.safetensors"));
    await page.evaluate(() => {
      const figure = document.createElement("heed-attention");
      figure.addEventListener("heed-error", ({ detail }) => (figure.title = detail.code));
      document.querySelector("main")?.append(figure);
    });
    await asked;
    await ask((figure) => {
      figure.remove();
      Object.assign(globalThis, { figure });
    });
    await cancelled;
    await page.route(WEIGHTS, (route) => route.fulfill({ status: 404 }), { times: 1 });
    await page.evaluate(() =>
      document.querySelector("main")?.append((globalThis as unknown as { figure: HeedAttention }).figure),
    );
    await page.getByText("heed-bert could not be loaded").waitFor();
    expect(await element(page).getAttribute("title")).toBe("network");
    await ask((figure) => figure.setAttribute("model", "heed-bert"));
    await page.getByRole("grid").waitFor();
    visit.problems = visit.problems.filter((problem) => !problem.includes("404"));
  });

  test("come from any folder; one that is not there is told, and the next works", async () => {
    const { page } = visit;
    await add({ src: "./models/heed-gpt/", text: "A dog" });
    expect(await page.getByRole("grid").getAttribute("aria-label")).toMatch(/^Weights of heed-gpt L0H0/);
    // A visitor who chooses another can go back to it.
    await page.getByLabel("Model").selectOption("heed-bert");
    await page.getByRole("grid", { name: "Weights of heed-bert" }).waitFor();
    await page.getByLabel("Model").selectOption("./models/heed-gpt/");
    await page.getByRole("grid", { name: "Weights of heed-gpt" }).waitFor();
    const told = await ask(async (figure) => {
      const failed = new Promise<string>((resolve) =>
        figure.addEventListener("heed-error", ({ detail }) => resolve(detail.code), { once: true }),
      );
      figure.src = "./models/nothing/";
      return failed;
    });
    expect(told).toBe("network");
    await page.getByText("nothing could not be loaded").waitFor();
    expect(await page.getByRole("grid").count()).toBe(0);
    await ask((figure) => {
      figure.model = "heed-bert";
      figure.src = "";
    });
    await page.getByRole("grid", { name: "Weights of heed-bert" }).waitFor();
    visit.problems = visit.problems.filter((problem) => !problem.includes("404"));
  });

  test("are files too, or a model that is loaded, which stays its owner's", async () => {
    await add({ text: "A dog" });
    const shown = await ask(async (figure) => {
      const ran = (): Promise<string> =>
        new Promise((resolve) =>
          figure.addEventListener("heed-run", ({ detail }) => resolve(detail.model), { once: true }),
        );
      const fetched = async (name: string): Promise<File> =>
        new File([await (await fetch(`./models/heed-gpt/${name}`)).blob()], name);
      const names = ["config.json", "tokenizer.json", "model.safetensors"];
      const [byFiles, files] = [ran(), await Promise.all(names.map(fetched))];
      figure.model = files;
      const first = { model: await byFiles, isCausal: figure.run?.isCausal };
      const { loadModel } = (await import("./models.js" as string)) as typeof import("heed/models");
      const mine = await loadModel("heed-bert");
      const byModel = ran();
      figure.model = mine;
      const second = { model: await byModel, isCausal: figure.run?.isCausal };
      const name = figure.model;
      figure.remove();
      await new Promise((later) => setTimeout(later, 50));
      return {
        first,
        second,
        isNamed: typeof name === "string",
        stillRuns: (await mine.run("A")).tokens.length,
      };
    });
    expect(shown).toEqual({
      first: { model: "model", isCausal: true },
      second: { model: "model", isCausal: false },
      isNamed: true,
      stillRuns: 3,
    });
  });

  test("may be run by another runner", async () => {
    const { page } = visit;
    await add({ text: "A dog." });
    const asked = await ask(async (figure) => {
      const inner = figure.runner;
      const asked: string[] = [];
      if (!inner) return asked;
      figure.runner = {
        load: (model) => (asked.push(`load ${model}`), inner.load(model)),
        run: (request) => (asked.push(`run ${request.text}`), inner.run(request)),
        release: (model) => (asked.push(`release ${model}`), inner.release(model)),
        window: inner.window,
      };
      await new Promise((resolve) => figure.addEventListener("heed-run", resolve, { once: true }));
      figure.remove();
      await new Promise((resolve) => setTimeout(resolve));
      return asked;
    });
    expect(asked).toEqual(["load heed-bert", "run A dog.", "release heed-bert"]);
    expect(await page.getByRole("grid").count()).toBe(0);
  });
});

describe("when it works", () => {
  test("nothing is fetched or run before it is near the screen", async () => {
    const { page, requests } = visit;
    const before = requests.length;
    await page.evaluate(() => {
      const space = document.createElement("div");
      space.style.setProperty("height", "5000px");
      document.querySelector("main")?.append(space, document.createElement("heed-attention"));
    });
    await page.evaluate(
      () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 100))),
    );
    expect(requests.slice(before)).toEqual([]);
    await ask((figure) => {
      figure.text = "A dog.";
    });
    await element(page).scrollIntoViewIfNeeded();
    await page.getByRole("grid").waitFor();
    await page.evaluate(() => window.scrollTo(0, 0));
    await ask(async (figure) => {
      figure.addEventListener("heed-run", () => (figure.dataset["ran"] = "unseen"));
      // Who watches it later is told later that it is scrolled away.
      await new Promise<void>((resolve) => {
        const watch = (entries: IntersectionObserverEntry[]): void => {
          if (!entries.at(-1)?.isIntersecting) resolve();
        };
        new IntersectionObserver(watch, { rootMargin: "200px" }).observe(figure);
      });
      figure.text = "Two dogs.";
      await new Promise((resolve) => setTimeout(resolve, 200));
    });
    expect(await element(page).getAttribute("data-ran")).toBe(null);
    await element(page).scrollIntoViewIfNeeded();
    await page.locator("heed-attention[data-ran]").waitFor();
  });

  test("moving it keeps the picture, taking it out and in again too", async () => {
    const { page } = visit;
    await add({ text: "A dog.", layer: "1" });
    await ask(async (figure) => {
      figure.addEventListener("heed-run", () => (figure.dataset["ran"] = "again"));
      const aside = document.createElement("aside");
      document.body.append(aside);
      aside.append(figure);
      await figure.updateComplete;
      figure.remove();
      await new Promise((resolve) => setTimeout(resolve));
      aside.append(figure);
      await figure.updateComplete;
    });
    await page.getByRole("grid").waitFor();
    expect(await page.getByRole("grid").count()).toBe(1);
    expect(await element(page).getAttribute("data-ran")).toBe(null);
    await ask((figure) => {
      figure.text = "Two dogs.";
    });
    await page.locator("heed-attention[data-ran]").waitFor();
  });
});

describe("what is written", () => {
  test("stays text", async () => {
    const { page } = visit;
    await add({
      text: '<img src=x onerror="document.title=1"> </heed-attention><script>1</script> \u202e\u0007',
      controls: "all",
    });
    expect(await page.locator("heed-attention img, heed-attention script").count()).toBe(0);
    expect(await page.title()).toBe("A page");
  });

  test("may be nothing, or a million characters", async () => {
    const { page } = visit;
    await add({ text: "A dog." });
    await ask((figure) => {
      figure.text = " \n";
    });
    await page.getByText("Nothing to read yet").waitFor();
    expect(await page.getByRole("grid").count()).toBe(0);
    await ask((figure) => {
      figure.text = "\u0001\u0007\u200b";
    });
    await page
      .getByText("No word is left to read: heed-bert leaves out every character of this text.")
      .waitFor();
    expect(await ask((figure) => figure.run)).toBe(undefined);
    await ask((figure) => {
      figure.text = "attention ".repeat(1e5);
    });
    await page.getByText("Cut:").waitFor();
    expect(await ask((figure) => figure.run?.tokens.length)).toBeLessThanOrEqual(128);
  });
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
