// What is reported beside the cases: a whole model, length, start, size, and the targets.

import { crosses, milliseconds, table } from "./markdown.mjs";
import { isDense, laterVisits, median, peakOf, ratio, slopesOf, timing } from "./targets.mjs";

export function modelReport(model) {
  const { name, length, flops, weightBytes, outcomes } = model;
  const rows = outcomes.map((one) => {
    if ("failed" in one) return [one.name, `failed: ${one.failed.split("\n")[0]}`, "", "", "", ""];
    const times = ratio(model, "onnxruntime-web", one.name);
    return [
      one.name,
      milliseconds(one.median),
      (flops / one.median / 1e6).toFixed(1),
      ((1000 * length) / one.median).toFixed(0),
      times ? `${times.toFixed(2)}×` : "–",
      one.memory ? `${megabytes(one.memory)} (${(one.memory / weightBytes).toFixed(2)}×)` : "–",
    ];
  });
  const head = ["", "ms", "GFLOP/s", "tokens/s", "onnxruntime-web takes", "MB (× the weights)"];
  const differences = outcomes.slice(1).filter((one) => one.difference !== undefined);
  const largest = Math.max(...differences.map((one) => one.difference));
  return [
    `${name}, random weights (${megabytes(weightBytes)} MB), a forward pass to the last hidden states:`,
    table(head, rows),
    ...(differences.length > 0 ? [`Largest difference between results: ${largest.toExponential(1)}.`] : []),
  ].join("\n\n");
}

export function lengthReport(length) {
  const calls = length.calls.map((call) => [
    crosses(call.name),
    milliseconds(call.milliseconds),
    megabytes(call.grown),
    megabytes(call.estimated),
    (call.grown / call.estimated).toFixed(3),
    megabytes(peakOf(call)),
  ]);
  const head = ["", "first call, ms", "memory, MB", "estimate()", "ratio", "with results"];
  const slopes = slopesOf(length).map(
    ({ call, times }) => `${times.toFixed(2)} times at twice ${call.queryLength}`,
  );
  const perToken = length.calls
    .filter(isDense)
    .map((call) => `${(peakOf(call) / call.queryLength / 1000).toFixed(2)} at ${call.queryLength}`);
  return [
    "Memory, one call each on an engine of its own; it starts at 4 MB and grows in steps of a twentieth:",
    table(head, calls),
    `Dense: kB a token ${perToken.join(", ")}; ${slopes.join(", ")}.`,
    "attentionWindow: 512 × 512 cells of rectangles of one head's matrix, head_dim 64:",
    windowTable(length),
  ].join("\n\n");
}

/** Beside the time, what the rectangle's scores alone would take at the ceiling. */
function windowTable(length) {
  const limits = ["ceiling relaxed-simd", "ceiling simd"].map((name) =>
    timing({ outcomes: length.windows }, name),
  );
  const limit = limits.find(Boolean);
  const rows = length.windows
    .filter(({ name }) => !name.startsWith("ceiling"))
    .map((one) => {
      const [side] = one.name.split("x").map(Number);
      const flops = 2 * side * side * 64;
      const least = limit && milliseconds((flops / length.ceilingFlops) * limit.minimum);
      const time = "failed" in one ? `failed: ${one.failed.split("\n")[0]}` : milliseconds(one.median);
      return [crosses(one.name), time, (flops / 1e9).toFixed(2), least ?? "–"];
    });
  return table(["", "ms", "GFLOP of scores", "at the ceiling, ms"], rows);
}

export function startReport({ calls, visits }) {
  const middle = (runs, pick) => milliseconds(median(runs.map(pick)));
  const rows = calls.map(({ problem, runs }) => [
    crosses(problem.name),
    middle(runs, (one) => one.import),
    middle(runs, (one) => one.createEngine),
    `${middle(runs, (one) => one.firstCall)} (${spread(
      runs.map((one) => one.firstCall),
      milliseconds,
    )})`,
    middle(runs, (one) => one.warmCall),
    `${median(runs.map((one) => one.firstCall / one.warmCall)).toFixed(1)}×`,
  ]);
  const lines = [
    "Start, each in a fresh process or page, milliseconds, the median, and of the first call the least and the most:",
    table(["", "import", "createEngine()", "first call", "warm call", "first / warm"], rows),
  ];
  if (visits) lines.push(visitReport(visits));
  return lines.join("\n\n");
}

function spread(times, written) {
  return `${written(Math.min(...times))} to ${written(Math.max(...times))}`;
}

function visitReport({ profile, privately }) {
  const whole = (time) => time.toFixed(0);
  const usual = (times) => `${whole(median(times))} ms (${spread(times, whole)})`;
  const [first, second] = profile.map((time) => `${time.toFixed(0)} ms`);
  return [
    "Page, from navigation to the first drawn matrix, each visit in a browser just opened, on one profile:",
    `the first visit ${first}, the second ${second}, from the third on ${usual(laterVisits(profile))}.`,
    `In a private window, for which Chromium keeps nothing compiled: ${usual(privately)}.`,
  ].join(" ");
}

export function sizeReport(sizes) {
  const kB = (bytes) => (bytes / 1000).toFixed(1);
  const rows = Object.entries(sizes).map(([name, { raw, brotli }]) => [name, kB(raw), kB(brotli)]);
  return `### Size\n\n${table(["", "kB", "kB, brotli"], rows)}`;
}

/** A line a target, a column a place. */
export function targetReport(targets) {
  const places = [...new Set(targets.map(({ where }) => where))];
  const names = [...new Set(targets.map(({ name }) => name))];
  const rows = names.map((name) => {
    const cells = places.map((place) => {
      const found = targets.find((one) => one.name === name && one.where === place);
      return found ? `${crosses(found.measured)}, ${found.met ? "met" : "**missed**"}` : "";
    });
    return [name, targets.find((one) => one.name === name).wanted, ...cells];
  });
  return table(["target", "wanted", ...places], rows);
}

function megabytes(bytes) {
  return (bytes / 1e6).toFixed(1);
}
