// <heed-attention> and its models: shared, let go, from elsewhere, of long texts, and asked for when they are needed.

import { describe, expect, test } from "@jest/globals";
import type { HeedAttention } from "../../web/element/element.ts";
import { madeText, serveMade } from "../bench/made_model.mjs";
import { add, ask, eachOnItsOwnPage, element, visit, weightsFiles } from "./element_page.ts";

eachOnItsOwnPage();

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
    const told = (change: { readonly src?: string; readonly model?: string }): Promise<string> =>
      page.evaluate((given) => {
        const figure = document.querySelector("heed-attention");
        if (!figure) throw new Error("there is none");
        return new Promise<string>((resolve) => {
          figure.addEventListener("heed-error", ({ detail }) => resolve(`${detail.code} ${detail.message}`), {
            once: true,
          });
          Object.assign(figure, given);
        });
      }, change);
    expect(await told({ src: "./models/nothing/" })).toMatch(
      /^network nothing could not be loaded\. Loading the page again may help\. \(.+\)$/s,
    );
    await page.getByText("nothing could not be loaded").waitFor();
    expect(await page.getByRole("grid").count()).toBe(0);
    // No other try makes a name right.
    const wrong = await told({ src: "", model: "heed-brt" });
    expect(wrong).toMatch(/^invalid-argument heed-brt could not be loaded\. \(.*"heed-brt"; expected .+\)$/s);
    expect(await page.locator("heed-attention .message").innerText()).toBe(
      wrong.replace("invalid-argument ", ""),
    );
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
      // Or, of the same frame, next.
      await new Promise(requestAnimationFrame);
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
