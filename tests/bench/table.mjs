// Results as a person reads them: Markdown, with the targets at the end.

import { crosses, milliseconds, table } from "./markdown.mjs";
import { lengthReport, modelReport, sizeReport, startReport, targetReport } from "./sections.mjs";
import { checkTargets, ratio, shareOfCeiling, timing } from "./targets.mjs";

const heed = ["heed relaxed-simd", "heed simd", "heed pool"];
const peers = ["onnxruntime-web", "tfjs-backend-wasm", "jax-js"];

/** One case, while the run goes on. */
export function caseLine(measured) {
  const words = measured.outcomes
    .filter(({ name }) => !name.startsWith("ceiling"))
    .map((outcome) => {
      const difference = outcome.difference ? `, differs by ${outcome.difference.toExponential(1)}` : "";
      return `${outcome.name} ${"failed" in outcome ? `failed: ${outcome.failed}` : `${milliseconds(outcome.median)} ms${difference}`}`;
    });
  return `${measured.problem.name}: ${words.join("; ")}`;
}

export const quickText = "A quick run: it tells a direction, not a figure.";

export function report(results) {
  const parts = [
    `heed ${results.heed}, ${results.date}, ${results.machine}. \`${results.command}\``,
    ...(results.quick ? [quickText] : []),
    ...results.hosts.flatMap((host) => hostReport(host, results.quick)),
    ...(results.sizes ? [sizeReport(results.sizes)] : []),
    `### Targets\n\n${targetReport(checkTargets(results))}`,
  ];
  return `${parts.join("\n\n")}\n`;
}

function hostReport(host, isQuick) {
  const parts = [`### ${host.name}`];
  if (host.note) parts.push(`${host.note}.`);
  if (host.cases.length > 0) {
    parts.push(
      "Median milliseconds of a call; in brackets GFLOP/s of the dense product and, for dense cases, its share of the multiply-add " +
        "ceiling measured between the calls. Beside the peers: how many times as long as heed relaxed-simd.",
      table(["heads×length×dim", ...heed, ...peers], host.cases.map(caseRow)),
    );
    parts.push(`${ceilingText(host.cases)} Largest difference between results: ${differences(host.cases)}.`);
    parts.push(...failures(host.cases), ...(isQuick ? [] : scarce(host.cases)));
  }
  parts.push(...(host.models ?? []).map(modelReport));
  if (host.length) parts.push(lengthReport(host.length));
  if (host.start) parts.push(startReport(host.start));
  return [...parts, ...host.broken.map((text) => `**Broke off**, ${text}.`)];
}

function ceilingText(cases) {
  const words = ceilingsOf(cases).map(
    ({ variant, best, worst }) =>
      `${variant} ${best.toFixed(0)} (median of a case down to ${worst.toFixed(0)})`,
  );
  return `Ceiling of one core in GFLOP/s: ${words.join(", ")}.${wasBusy(cases) ? ` ${busyText}` : ""}`;
}

export const busyText = "**The machine was busy: take ratios, not times.**";

/** How far the ceiling's medians fall below its best tells how busy the machine was with other things. */
export function wasBusy(cases) {
  return ceilingsOf(cases).some(({ best, worst }) => best > 1.25 * worst);
}

function ceilingsOf(cases) {
  return ["simd", "relaxed-simd"].flatMap((variant) => {
    const timings = cases.map((measured) => timing(measured, `ceiling ${variant}`)).filter(Boolean);
    const speed = (milliseconds) => cases[0].ceilingFlops / milliseconds / 1e6;
    const best = Math.max(...timings.map(({ minimum }) => speed(minimum)));
    const worst = Math.min(...timings.map((one) => speed(one.median)));
    return timings.length > 0 ? [{ variant, best, worst }] : [];
  });
}

function caseRow(measured) {
  const own = heed.map((name) => {
    const time = timing(measured, name);
    return time ? `${milliseconds(time.median)} (${speed(measured, name)})` : reason(measured, name);
  });
  const others = peers.map((name) => {
    const time = timing(measured, name);
    const times = ratio(measured, name, "heed relaxed-simd") ?? ratio(measured, name, "heed simd");
    return time
      ? `${milliseconds(time.median)} (${times?.toFixed(times < 10 ? 2 : 0)}×)`
      : reason(measured, name);
  });
  return [crosses(measured.problem.name), ...own, ...others];
}

function speed(measured, name) {
  const gflops = measured.flops / timing(measured, name).median / 1e6;
  const share = shareOfCeiling(measured, name.replace("heed ", ""));
  const { isCausal, weights, queryLength } = measured.problem;
  if (!share || isCausal || weights || queryLength === 1) return gflops.toFixed(1);
  return `${gflops.toFixed(1)}, ${(100 * share).toFixed(0)} %`;
}

function reason(measured, name) {
  return measured.outcomes.some((outcome) => outcome.name === name) ? "failed" : "–";
}

/** Each reason once, with the cases it was given for. */
function failures(cases) {
  const reasons = new Map();
  for (const { problem, outcomes } of cases) {
    for (const { name, failed } of outcomes) {
      if (failed === undefined) continue;
      const text = `${name}: ${failed.split("\n")[0]}`;
      reasons.set(text, [...(reasons.get(text) ?? []), problem.name]);
    }
  }
  return [...reasons].map(
    ([text, names]) =>
      `Failed, ${text} (${names.length === cases.length ? "every case" : names.join(", ")}).`,
  );
}

/** Where the time did not suffice for 15 samples. */
function scarce(cases) {
  const few = cases.flatMap(({ problem, outcomes }) =>
    outcomes
      .filter(({ name, samples }) => samples < 15 && heed.concat("onnxruntime-web").includes(name))
      .map(({ name, samples }) => `${problem.name} ${name} ${samples}`),
  );
  return few.length > 0 ? [`Fewer than 15 samples: ${few.join(", ")}.`] : [];
}

function differences(cases) {
  const largest = new Map();
  for (const { outcomes } of cases) {
    for (const { name, difference } of outcomes) {
      if (difference !== undefined) largest.set(name, Math.max(largest.get(name) ?? 0, difference));
    }
  }
  const [first] = largest.keys();
  largest.delete(first);
  return [...largest].map(([name, value]) => `${name} ${value.toExponential(1)}`).join(", ");
}
