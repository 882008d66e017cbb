// Frame times of the map against the length of the text, as an SVG that is light or dark by itself.

/**
 * @typedef {{ tokens: number, target: number, work: { p95: number }, between: { p95: number } }} Result
 * @typedef {{ machine: { cpu?: string | undefined, cores: number }, chromium: string, results: readonly Result[] }} Report
 */

const [WIDTH, HEIGHT] = [720, 340];
const PLOT = { left: 52, right: 536, top: 56, bottom: 268 };
const MOST = 40;

const STYLE = `
  svg { --paper: #fbf8f1; --ink: #1c2430; --quiet: #56606d; --rule: #dcd4c3; --work: #1e4783; --between: #aa3600 }
  @media (prefers-color-scheme: dark) {
    svg { --paper: #14181f; --ink: #e8e4da; --quiet: #a5adb8; --rule: #38404c; --work: #8fb8f5; --between: #f0a272 }
  }
  .paper { fill: var(--paper) }
  text { fill: var(--ink); font: 13px system-ui, "Segoe UI", "Noto Sans", Arial, sans-serif }
  .title { font-size: 15px; font-weight: 600 }
  .quiet { fill: var(--quiet); font-size: 12px }
  .rule { stroke: var(--rule) }
  .target { stroke: var(--quiet); stroke-dasharray: 5 4; fill: none }
  .work, .between { fill: none; stroke-width: 2.5 }
  .work { stroke: var(--work) } text.work { stroke: none; fill: var(--work) } circle.work { fill: var(--work) }
  .between { stroke: var(--between) } text.between { stroke: none; fill: var(--between) } circle.between { fill: var(--between) }
`;

/** @param {Report} report */
export function curve({ machine, chromium, results }) {
  const doublings = results.map(({ tokens }) => Math.log2(tokens));
  const [first, last] = [Math.min(...doublings), Math.max(...doublings)];
  const x = (/** @type {number} */ tokens) =>
    round(PLOT.left + ((PLOT.right - PLOT.left) * (Math.log2(tokens) - first)) / (last - first || 1));
  const y = (/** @type {number} */ ms) =>
    round(PLOT.bottom - ((PLOT.bottom - PLOT.top) * Math.min(ms, MOST)) / MOST);
  const line = (/** @type {"work" | "between"} */ name, /** @type {string} */ label) => {
    const points = results.map((one) => [x(one.tokens), y(one[name].p95)]);
    const end = results.at(-1)?.[name].p95 ?? NaN;
    return [
      `<polyline class="${name}" points="${points.join(" ")}"/>`,
      ...points.map(([cx, cy]) => `<circle class="${name}" cx="${cx}" cy="${cy}" r="3"/>`),
      `<text class="${name}" x="${PLOT.right + 12}" y="${y(end) + 4}">${label}, ${end.toFixed(1)} ms</text>`,
    ];
  };
  const rules = [0, 10, 20, 30, 40].flatMap((ms) => [
    `<line class="rule" x1="${PLOT.left}" x2="${PLOT.right}" y1="${y(ms)}" y2="${y(ms)}"/>`,
    `<text class="quiet" x="${PLOT.left - 8}" y="${y(ms) + 4}" text-anchor="end">${ms}</text>`,
  ]);
  const ticks = results.map(
    ({ tokens }) =>
      `<text class="quiet" x="${x(tokens)}" y="${PLOT.bottom + 20}" text-anchor="middle">${tokens.toLocaleString("en")}</text>`,
  );
  const said = results.map(
    ({ tokens, target, work, between }) =>
      `${tokens} tokens: ${work.p95.toFixed(1)} ms of work, ${between.p95.toFixed(1)} ms between frames, at most ${target} ms wanted`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img">
<title>Frame times of the map, by the length of the text</title>
<desc>${said.join("; ")}.</desc>
<style>${STYLE}</style>
<rect class="paper" width="${WIDTH}" height="${HEIGHT}"/>
<text class="title" x="${PLOT.left}" y="30">A frame of the map while it is moved and zoomed, ms, 95th percentile</text>
${[...rules, ...ticks, ...targets(results, x, y), ...line("between", "between frames"), ...line("work", "work")].join("\n")}
<text class="quiet" x="${(PLOT.left + PLOT.right) / 2}" y="${PLOT.bottom + 38}" text-anchor="middle">tokens</text>
<text class="quiet" x="${PLOT.left}" y="${HEIGHT - 10}">${escaped(machine.cpu ?? "a CPU")}, ${machine.cores} cores; Chromium, ${chromium}; a display of 60 Hz takes a frame every 16.7 ms</text>
</svg>
`;
}

/**
 * What is wanted: a step, between the last length of a target and the first of the next.
 *
 * @param {readonly Result[]} results @param {(tokens: number) => number} x @param {(ms: number) => number} y
 */
function targets(results, x, y) {
  const steps = results.flatMap(({ tokens, target }, i) => {
    const before = results[i - 1];
    const edge = before && before.target !== target ? (x(before.tokens) + x(tokens)) / 2 : undefined;
    const step =
      edge === undefined
        ? []
        : [
            [edge, y(before?.target ?? target)],
            [edge, y(target)],
          ];
    return [...step, [x(tokens), y(target)]];
  });
  const last = results.at(-1);
  return [
    `<polyline class="target" points="${steps.join(" ")}"/>`,
    `<text class="quiet" x="${PLOT.right + 12}" y="${y(last?.target ?? 0) + 4}">at most, ${last?.target} ms</text>`,
  ];
}

const round = (/** @type {number} */ value) => Math.round(10 * value) / 10;

const escaped = (/** @type {string} */ text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;");
