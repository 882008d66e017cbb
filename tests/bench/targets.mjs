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
  return [...hosts.flatMap((host) => [...speedsOf(host), ...startsOf(host)]), ...sizesOf(sizes)];
}

function speedsOf({ name: where, cases }) {
  return speeds.flatMap(({ name, wanted, counts, value }) => {
    const measured = cases
      .filter(({ problem }) => counts(problem))
      .map((one) => ({ name: one.problem.name, value: value(one) }))
      .filter((one) => one.value !== undefined);
    const worst = measured.reduce((a, b) => (b.value < a.value ? b : a), measured[0]);
    if (!worst) return [];
    const text = `${worst.value.toFixed(2)} (${worst.name})`;
    return { name, where, wanted: `≥ ${wanted}`, measured: text, met: worst.value >= wanted };
  });
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
  if (start.firstMatrix) {
    targets.push(atMost("navigation to the first matrix, ms", where, 250, median(start.firstMatrix)));
  }
  return targets;
}

function sizesOf(sizes) {
  return sizes ? [atMost("engine entry, kB brotli", "dist/heed.js", 60, sizes.heed.brotli / 1000)] : [];
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

function atMost(name, where, wanted, value) {
  return { name, where, wanted: `≤ ${wanted}`, measured: value.toFixed(1), met: value <= wanted };
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}
