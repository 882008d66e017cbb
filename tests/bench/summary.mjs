// What the README shows of a run: the main lines in a page, and the targets.

import { crosses, milliseconds, table } from "./markdown.mjs";
import { targetReport } from "./sections.mjs";
import { busyText, quickText, wasBusy } from "./table.mjs";
import { bestModel, checkTargets, ratio, timing } from "./targets.mjs";

const shown = [
  "12x128x64 dense",
  "12x512x64 dense",
  "8x2048x64 dense",
  "8x2048x64 causal",
  "32/8x1x2048x128 decode",
];

export function summary(results) {
  const host = results.hosts.find(({ kind }) => kind === "chromium") ?? results.hosts[0];
  const targets = checkTargets(results);
  const missed = targets.filter(({ met }) => !met).length;
  return [
    `heed ${results.heed}, ${results.date}, ${results.machine}. \`${results.command}\``,
    ...(results.quick ? [quickText] : []),
    ...(results.hosts.some(({ cases }) => wasBusy(cases)) ? [busyText] : []),
    ...(host
      ? [`${host.name}, milliseconds, and how many times as long onnxruntime-web takes:`, mainLines(host)]
      : []),
    `${targets.length - missed} of ${targets.length} targets met:`,
    targetReport(targets),
    "Everything that was measured: [tests/bench/results.md](tests/bench/results.md).",
  ].join("\n\n");
}

function mainLines({ cases, models = [] }) {
  const rows = shown.flatMap((name) => {
    const measured = cases.find(({ problem }) => problem.name === name);
    return measured ? [row(name, measured, "heed relaxed-simd", "heed pool")] : [];
  });
  const ofModels = models.map((model) => row(model.name, model, "heed model", bestModel(model)?.name));
  const head = ["heads×length×dim", "heed, one thread", "heed, all cores", "onnxruntime-web"];
  return table(head, [...rows, ...ofModels]);
}

function row(name, measured, ...ours) {
  const cells = ours.map((side) => {
    const time = timing(measured, side);
    const times = ratio(measured, "onnxruntime-web", side);
    return time ? milliseconds(time.median) + (times ? ` (${times.toFixed(2)}×)` : "") : "–";
  });
  const peer = timing(measured, "onnxruntime-web");
  return [crosses(name), ...cells, peer ? milliseconds(peer.median) : "–"];
}
