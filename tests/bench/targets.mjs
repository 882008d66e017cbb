// What heed promises about speed, start and size, held against one run's results.

/** Speed: the worst of the cases that count. `value` gives undefined where something was not measured. */
const speeds = [
  atLeast(
    "relaxed-simd, dense, L ≥ 128, × onnxruntime-web",
    1.8,
    dense(128),
    over("onnxruntime-web", "heed relaxed-simd"),
  ),
  atLeast("simd, dense, L ≥ 128, × onnxruntime-web", 1.4, dense(128), over("onnxruntime-web", "heed simd")),
  atLeast(
    "causal, L ≥ 1024, × onnxruntime-web",
    3,
    causal(1024),
    over("onnxruntime-web", "heed relaxed-simd"),
  ),
  atLeast("decoding, × onnxruntime-web", 1.5, decoding, over("onnxruntime-web", "heed relaxed-simd")),
  atLeast("L = 32, × onnxruntime-web", 2, short, over("onnxruntime-web", "heed relaxed-simd")),
  atLeast("relaxed-simd, dense, L ≥ 512, share of its ceiling", 0.75, dense(512), share("relaxed-simd")),
  atLeast("simd, dense, L ≥ 512, share of its ceiling", 0.8, dense(512), share("simd")),
  atLeast(
    "pool, dense, L ≥ 512, × the synchronous call",
    1.7,
    dense(512),
    over("heed relaxed-simd", "heed pool"),
  ),
  atLeast("pool, dense, L ≥ 512, × onnxruntime-web", 3, dense(512), over("onnxruntime-web", "heed pool")),
];

export function checkTargets({ hosts, sizes }) {
  const ofHost = (host) => [...speedsOf(host), ...modelsOf(host), ...lengthsOf(host), ...startsOf(host)];
  return [...hosts.flatMap(ofHost), ...sizesOf(sizes)];
}

function speedsOf({ name: where, cases }) {
  return speeds.flatMap(({ name, wanted, counts, value }) => {
    const measured = cases
      .filter(({ problem }) => counts(problem))
      .map((one) => ({ name: one.problem.name, value: value(one) }))
      .filter((one) => one.value !== undefined);
    const worst = measured.reduce((a, b) => (b.value < a.value ? b : a), measured[0]);
    if (!worst) return [];
    return outcome(name, where, `≥ ${wanted}`, worst.value, worst.value >= wanted, worst.name);
  });
}

function modelsOf({ name: where, models = [] }) {
  return models
    .filter(({ name }) => name.startsWith("BERT-base"))
    .flatMap((model) => {
      const best = bestModel(model);
      const times = best && ratio(model, "onnxruntime-web", best.name);
      const name = "BERT-base, 128 tokens";
      return [
        ...(times
          ? [outcome(`${name}, × onnxruntime-web`, where, "≥ 1.5", times, times >= 1.5, best.name)]
          : []),
        ...(best
          ? [atMost(`${name}, memory / weights`, where, 1.3, best.memory / model.weightBytes, 2)]
          : []),
      ];
    });
}

/** heed's fastest way to run a model. */
export function bestModel({ outcomes }) {
  const ours = outcomes.filter((one) => one.name.startsWith("heed") && !("failed" in one));
  return ours.reduce((a, b) => (b.median < a.median ? b : a), ours[0]);
}

/** The one of 16,384 tokens holds only where it was measured; --quick measures shorter ones. */
function lengthsOf({ name: where, length }) {
  if (!length) return [];
  const long = length.calls.find(({ queryLength }) => queryLength === 16384);
  const slopes = slopesOf(length).map(({ times }) => times);
  const windows = length.windows.filter((one) => "median" in one && !one.name.startsWith("ceiling"));
  const slowest = windows.reduce((a, b) => (b.median > a.median ? b : a), windows[0]);
  const offs = length.calls.map((call) => ({
    name: call.name,
    off: Math.abs(call.grown / call.estimated - 1),
  }));
  const worst = offs.reduce((a, b) => (b.off > a.off ? b : a), offs[0]);
  return [
    ...(long ? [atMost("16,384 tokens × 8 heads, MB with results", where, 256, peakOf(long) / 1e6, 0)] : []),
    atMost("memory at twice the length, ×", where, 2.1, Math.max(...slopes), 2),
    atMost("estimate() off by, %", where, 10, 100 * worst.off, 1, worst.name),
    ...(slowest
      ? [atMost("attentionWindow, 512 × 512, any zoom, ms", where, 50, slowest.median, 1, slowest.name)]
      : []),
  ];
}

/** WebAssembly memory and what is handed back. */
export function peakOf({ grown, results }) {
  return grown + results;
}

/** Growth from each dense length to twice it. */
export function slopesOf({ calls }) {
  return calls.flatMap((call) => {
    const twice = calls.find((other) => isDense(other) && other.queryLength === 2 * call.queryLength);
    return isDense(call) && twice ? [{ call, times: peakOf(twice) / peakOf(call) }] : [];
  });
}

/** The row of lengths: the same heads, nothing masked or captured. */
export function isDense({ name }) {
  return /^8x\d+x64 dense$/.test(name);
}

function startsOf({ kind, name: where, start }) {
  if (!start) return [];
  const targets = start.calls.map(({ problem, runs }) =>
    atMost(
      `first call ${problem.name}, × a warm one`,
      where,
      3,
      median(runs.map((one) => one.firstCall / one.warmCall)),
    ),
  );
  if (kind === "node") {
    const creations = start.calls.flatMap(({ runs }) => runs.map((one) => one.createEngine));
    targets.push(atMost("createEngine(), ms", where, 15, median(creations)));
  }
  if (start.visits) {
    const again = median(laterVisits(start.visits.profile));
    targets.push(atMost("navigation to the first matrix, warm cache, ms", where, 250, again));
  }
  return targets;
}

/** Those for which all is kept that Chromium keeps: on the second visit it keeps what it compiles. */
export const laterVisits = (profile) => profile.slice(2);

function sizesOf(sizes) {
  if (!sizes) return [];
  const kB = (...names) => names.reduce((sum, name) => sum + sizes[name].brotli, 0) / 1000;
  const element = ["heed/element", "its larger views, when chosen"];
  return [
    atMost("engine entry, kB brotli", "dist/", 60, kB("heed")),
    atMost("element over the engine, kB brotli", "dist/", 50, kB("heed/element")),
    atMost("element with all views over the engine, kB brotli", "dist/", 60, kB(...element)),
  ];
}

/** A side's timing in a case, if it has one. */
export function timing({ outcomes }, name) {
  const outcome = outcomes.find((one) => one.name === name);
  return outcome && !("failed" in outcome) ? outcome : undefined;
}

/** How many times as long `slower` takes. */
export function ratio(measured, slower, faster) {
  const [a, b] = [timing(measured, slower), timing(measured, faster)];
  return a && b && a.median / b.median;
}

function over(slower, faster) {
  return (measured) => ratio(measured, slower, faster);
}

/** Of a variant's ceiling: its median call against the ceiling's fastest, so that noise can't flatter. */
export function shareOfCeiling(measured, variant) {
  const [limit, time] = [timing(measured, `ceiling ${variant}`), timing(measured, `heed ${variant}`)];
  return limit && time && (measured.flops / time.median) * (limit.minimum / measured.ceilingFlops);
}

function share(variant) {
  return (measured) => shareOfCeiling(measured, variant);
}

function dense(fromLength) {
  return ({ isCausal, weights, queryLength }) => !isCausal && !weights && queryLength >= fromLength;
}

function causal(fromLength) {
  return ({ isCausal, weights, queryLength }) => isCausal && !weights && queryLength >= fromLength;
}

function short({ isCausal, weights, queryLength }) {
  return !isCausal && !weights && queryLength === 32;
}

function decoding({ queryLength }) {
  return queryLength === 1;
}

function atLeast(name, wanted, counts, value) {
  return { name, wanted, counts, value };
}

function atMost(name, where, wanted, value, digits = 1, detail = undefined) {
  return outcome(name, where, `≤ ${wanted}`, value, value <= wanted, detail, digits);
}

function outcome(name, where, wanted, value, met, detail, digits = 2) {
  const measured = value.toFixed(digits) + (detail ? ` (${detail})` : "");
  return { name, where, wanted, measured, met };
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}
