#!/usr/bin/env node
// How long a frame of the map takes while one moves and zooms, by the length of the text: in Chromium, in the built gallery,
// over runs of the made model, its windows computed in a worker meanwhile.
//
//   node tests/bench/frames.mjs [--tokens 128,512,1024,2048,4096] [--out build/frames] [--readme]   (after web/start.mjs --build-only --gallery)
//
// Writes frames.json, frames.md and frames.svg; with --readme also the README's curve, tests/bench/frames.svg. `work` is the time from a frame's first callback to the end of its task, after style,
// layout and painting commands; `between` is the time from one frame to the next, which never is less than the display's.
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { chromium } from "playwright-core";
import { serve } from "../../web/serve.mjs";
import { curve } from "./curve.mjs";
import { madeText, serveMade } from "./made_model.mjs";

const { values } = parseArgs({
  options: {
    tokens: { type: "string", default: "128,512,1024,2048,4096" },
    readme: { type: "boolean" },
    out: { type: "string", default: fileURLToPath(new URL("../../build/frames", import.meta.url)) },
  },
});

/** Milliseconds that a frame may take at most, at the 95th percentile. @param {number} tokens */
const target = (tokens) => (tokens <= 512 ? 16 : 33);

/** @param {readonly number[]} sorted @param {number} share */
const percentile = (sorted, share) =>
  sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;

/** Runs in the page: moves and zooms in every frame. @param {number} frames */
async function move(frames) {
  const canvas = /** @type {HTMLElement} */ (document.querySelector(".map-face"));
  const box = canvas.getBoundingClientRect();
  const [x, y] = [box.left + box.width * 0.6, box.top + box.height * 0.6];
  const send = (/** @type {Event} */ event) => canvas.dispatchEvent(event);
  const pointer = (/** @type {string} */ type, dx = 0, dy = 0) =>
    send(new PointerEvent(type, { clientX: x + dx, clientY: y + dy, pointerId: 1, bubbles: true }));
  // Events that a script makes have no pointer to be captured.
  canvas.setPointerCapture = () => undefined;
  /** @type {number[]} */ const work = [];
  /** @type {number[]} */ const between = [];
  const channel = new MessageChannel();
  let before = 0;
  for (let k = 0; k < frames; k++) {
    // Asked for before the events, so that it comes before the map's own callback of the next frame.
    const measured = new Promise((resolve) => {
      requestAnimationFrame((time) => {
        const begun = performance.now();
        if (before > 0) between.push(time - before);
        before = time;
        // A task is run once the frame's callbacks, style, layout and paint are done.
        channel.port1.onmessage = () => {
          work.push(performance.now() - begun);
          resolve(undefined);
        };
        channel.port2.postMessage(0);
      });
    });
    const zoomIn = k % 120 < 60;
    send(
      new WheelEvent("wheel", {
        deltaY: zoomIn ? -14 : 14,
        ctrlKey: true,
        clientX: x,
        clientY: y,
        cancelable: true,
      }),
    );
    if (k % 20 === 0) pointer("pointerdown");
    pointer("pointermove", 6 * Math.sin(k / 9) * (k % 20), 5 * Math.cos(k / 7) * (k % 20));
    if (k % 20 === 19) pointer("pointerup", 999);
    await measured;
  }
  return { work, between };
}

const gallery = fileURLToPath(new URL("../../build/gallery", import.meta.url));
const server = await serve(gallery);
const browser = await chromium.launch({
  executablePath: process.env["HEED_CHROMIUM"] ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
});
const results = [];
try {
  for (const tokens of values.tokens.split(",").map(Number)) {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await serveMade(page, "gpt2");
    const state = { view: "matrix", source: "./made/", text: madeText("gpt2", tokens), layer: 1, heads: [0] };
    await page.goto(`${server.url}#${encodeURIComponent(JSON.stringify(state))}`);
    await page.locator(".map-view.settled").waitFor({ timeout: 60000 });
    await page.evaluate(move, 30);
    const { work, between } = await page.evaluate(move, 240);
    const sorted = (/** @type {number[]} */ all) => [...all].sort((a, b) => a - b);
    const [w, b] = [sorted(work), sorted(between)];
    results.push({
      ...{ tokens, target: target(tokens), frames: w.length },
      work: { median: percentile(w, 0.5), p95: percentile(w, 0.95), max: w.at(-1) },
      between: { median: percentile(b, 0.5), p95: percentile(b, 0.95) },
    });
    await page.close();
  }
} finally {
  await browser.close();
  await server.close();
}

const report = {
  machine: { cpu: cpus()[0]?.model, cores: cpus().length, load: loadavg()[0] },
  chromium: "software rendering",
  results,
};
mkdirSync(values.out, { recursive: true });
writeFileSync(join(values.out, "frames.json"), `${JSON.stringify(report, null, 2)}\n`);
const line = (/** @type {(typeof results)[number]} */ { tokens, target: most, work, between }) =>
  `| ${tokens} | ${work.median.toFixed(1)} | ${work.p95.toFixed(1)} | ${between.median.toFixed(1)} | ${between.p95.toFixed(1)} | ${most} | ${work.p95 <= most ? "yes" : "no"} |`;
const table = [
  "| tokens | work, median (ms) | work, 95 % (ms) | between frames, median (ms) | between, 95 % (ms) | target (ms) | met by work at 95 % |",
  "|---:|---:|---:|---:|---:|---:|---|",
  ...results.map(line),
].join("\n");
writeFileSync(join(values.out, "frames.md"), `${table}\n`);
writeFileSync(join(values.out, "frames.svg"), curve(report));
if (values.readme) writeFileSync(fileURLToPath(new URL("frames.svg", import.meta.url)), curve(report));
console.log(table);
