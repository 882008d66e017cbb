// <heed-attention> as its users have it: tags and texts, attributes, properties and events.

import { describe, expect, test } from "@jest/globals";
import type { HeedAttention } from "../../web/element/element.ts";
import { add, ask, details, eachOnItsOwnPage, element, site, visit } from "./element_page.ts";

eachOnItsOwnPage();

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
