// Which problems are measured, and for how long.

const allShapes = "12x32x64 12x128x64 12x512x64 8x1024x64 8x2048x64 4x64x16 8x4096x64".split(" ");
const quickShapes = "12x32x64 12x128x64 12x512x64 8x1024x64".split(" ");

/** Seconds and samples; see Budget in suite/measure.ts. The slow peers' few samples tell a factor of ten well enough. */
const full = {
  fast: { seconds: 2, samples: 15, mostSeconds: 4, fewestSamples: 3, warmSeconds: 0.3 },
  slow: { seconds: 0.5, samples: 3, mostSeconds: 2, fewestSamples: 2, warmSeconds: 0.1 },
  ceiling: { seconds: 0.2, samples: 15, mostSeconds: 0.5, fewestSamples: 3, warmSeconds: 0.05 },
};
const quick = {
  fast: { seconds: 0.25, samples: 7, mostSeconds: 0.6, fewestSamples: 3, warmSeconds: 0.15 },
  slow: { seconds: 0, samples: 1, mostSeconds: 1, fewestSamples: 1, warmSeconds: 0 },
  ceiling: { seconds: 0.05, samples: 7, mostSeconds: 0.2, fewestSamples: 3, warmSeconds: 0.03 },
};

/** Captured weights beyond this would be a test of copying memory. */
const mostWeights = 2 ** 28;

export function makePlan({ quick: isQuick = false, only, shapes }) {
  const wanted = (section) => !only || only.includes(section);
  const problems = [];
  if (wanted("attention")) {
    for (const shape of shapes ?? (isQuick ? quickShapes : allShapes)) problems.push(...attention(shape));
  }
  if (wanted("decode")) problems.push(...decoding);
  return {
    problems,
    budgets: isQuick ? quick : full,
    models: wanted("model") ? [isQuick ? bertQuick : bertBase] : [],
    length: wanted("length") ? lengthPlan(isQuick) : undefined,
    starts: wanted("start") ? { problems: startShapes.map(dense), repeats: isQuick ? 3 : 15 } : undefined,
    sizes: wanted("size"),
  };
}

function dense(shape) {
  const [heads, length, headDim] = sizesOf(shape);
  return {
    ...{ name: `${shape} dense`, numHeads: heads, numKvHeads: heads, queryLength: length, keyLength: length },
    ...{ pastLength: 0, headDim, isCausal: false, weights: false },
  };
}

function attention(shape) {
  const plain = dense(shape);
  const weightBytes = 4 * plain.numHeads * plain.queryLength * plain.keyLength;
  return [
    plain,
    { ...plain, name: `${shape} causal`, isCausal: true },
    ...(weightBytes <= mostWeights ? [{ ...plain, name: `${shape} weights`, weights: true }] : []),
  ];
}

/** One new query, 32 heads over 8, 2048 keys: with the cache as it stands, and with a cache to be extended and handed back. */
const oneQuery = {
  ...{ numHeads: 32, numKvHeads: 8, queryLength: 1, keyLength: 2048, headDim: 128 },
  ...{ isCausal: false, weights: false },
};
const decoding = [
  { ...oneQuery, name: "32/8x1x2048x128 decode", pastLength: 0 },
  { ...oneQuery, name: "32/8x1x2048x128 decode, cache extended", pastLength: 2047 },
];

/** BERT-base without its head; --quick runs four of its layers. */
const bertBase = {
  name: "BERT-base, 128 tokens",
  sizes: {
    ...{ numLayers: 12, modelDim: 768, numHeads: 12, feedForwardDim: 3072 },
    ...{ vocabularySize: 30522, maxLength: 512 },
  },
  length: 128,
};
const bertQuick = {
  ...bertBase,
  name: "4 layers of BERT-base, 128 tokens",
  sizes: { ...bertBase.sizes, numLayers: 4 },
};

/** Memory by length, then calls of other kinds that estimate() is held against, then views of a matrix at several zooms. */
function lengthPlan(isQuick) {
  const lengths = isQuick ? [1024, 2048, 4096] : [4096, 8192, 16384];
  const calls = [
    ...lengths.map((length) => dense(`8x${length}x64`)),
    { ...dense("12x1024x64"), name: "12x1024x64 causal", isCausal: true },
    { ...dense("12x1024x64"), name: "12x1024x64 blhd", layout: "blhd" },
    { ...dense("4x1024x64"), name: "4x1024x64 weights", weights: true },
    { ...dense("32x512x128"), name: "32/8x512x128", numKvHeads: 8 },
    ...decoding,
  ];
  const length = isQuick ? 4096 : 16384;
  const sides = [512, 4096, 16384].filter((side) => side <= length);
  const windows = sides.flatMap((side) =>
    ["mean", "max"].map((reduce) => ({ name: `${side}x${side} ${reduce}`, side, cells: 512, reduce })),
  );
  // Views take milliseconds or seconds, and differ by far more than noise.
  const budgets = isQuick ? quick : { ...full, fast: { ...full.fast, seconds: 0.5, fewestSamples: 2 } };
  return { calls, matrix: { length, headDim: 64 }, windows, budgets };
}

const startShapes = ["12x32x64", "12x128x64", "12x512x64"];

function sizesOf(shape) {
  const sizes = shape.split("x").map(Number);
  if (sizes.length !== 3 || sizes.some((size) => !Number.isInteger(size) || size < 1)) {
    throw new Error(`--shapes ${shape}: expected heads x length x head_dim, as in 12x512x64`);
  }
  return sizes;
}
