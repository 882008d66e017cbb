// What a head measurably does in one text, by its statistics; "no clear pattern" is an answer.
import type { HeadStatistics } from "heed/models";
import type { RunData } from "../runner/run_data.ts";
import { PLACES, type Place } from "../state.ts";

export interface HeadName {
  /** A place; `broad`: nearly even over all it may see; `sharp`: mostly one token, by no rule known here. */
  readonly kind: Place | "broad" | "sharp" | "none" | "tooShort";
  /** Whether more than half goes to the place, or only more than chance explains. */
  readonly strength: "mostly" | "partly";
  /** What was measured: a mean share for a place, bits for the others. */
  readonly value: number;
  /** The same of a head that looks evenly at all it may see. */
  readonly even: number;
}

/** What even attention would measure in a run, and from how many rows. */
export interface Even {
  readonly shares: Readonly<Record<Place, number>>;
  readonly rows: Readonly<Record<Place, number>>;
  /** Bits. */
  readonly entropy: number;
}

/** "On average put more than 50 % of their attention on": Clark et al. 2019, section 3.1. */
const MOSTLY = 0.5;
/** A quarter, where even attention gives at most a twelfth: not chance, not a rule either. */
const PARTLY = { share: 0.25, overEven: 3 };
/** Even attention is twice as rare, too: in a text of three tokens a half is nothing. */
const MOSTLY_OVER_EVEN = 2;
/** From fewer rows a mean says nothing of a head. */
const ROWS = 4;
/** Share of the entropy of even attention from which a head is called broad. */
const BROAD = 0.9;
/** Bits: as if it chose between two tokens, or fewer. */
const SHARP = 1;
/** Fewer tokens than this, and everything is near everything. */
const TOKENS = 6;

/** The name of a head with such statistics in such a run; what was not measured is no place that it looks at. */
export function nameHead(measured: Partial<HeadStatistics>, even: Even, tokens: number): HeadName {
  const statistics = { ...NOTHING, entropy: 0, ...measured };
  const named = (
    kind: HeadName["kind"],
    strength: HeadName["strength"],
    value: number,
    chance: number,
  ): HeadName => ({
    kind,
    strength,
    value,
    even: chance,
  });
  const bits = (kind: HeadName["kind"]): HeadName => named(kind, "mostly", statistics.entropy, even.entropy);
  if (tokens < TOKENS) return bits("tooShort");
  const best = PLACES.filter((place) => even.rows[place] >= ROWS).sort(
    (a, b) => statistics[b] - statistics[a],
  )[0];
  if (best) {
    const [share, chance] = [statistics[best], even.shares[best]];
    if (share > MOSTLY && share >= MOSTLY_OVER_EVEN * chance) return named(best, "mostly", share, chance);
  }
  if (statistics.entropy >= BROAD * even.entropy) return bits("broad");
  const leans = PLACES.filter(
    (place) =>
      even.rows[place] >= ROWS &&
      statistics[place] >= PARTLY.share &&
      statistics[place] >= PARTLY.overEven * even.shares[place],
  ).sort((a, b) => statistics[b] - statistics[a])[0];
  if (leans) return named(leans, "partly", statistics[leans], even.shares[leans]);
  return bits(statistics.entropy <= SHARP ? "sharp" : "none");
}

/** What HeadStatistics would be for a head that looks evenly at all it may see. */
export function evenStatistics(run: Pick<RunData, "tokens" | "isCausal" | "stacks">): Even {
  const { tokens, stacks } = run;
  return stacks?.part === "cross" ? evenBetween(tokens.length, stacks.source.tokens) : evenWithin(run);
}

/** Of a text's n tokens that look at another's: only what a text says of itself is a place. */
function evenBetween(n: number, keys: RunData["tokens"]): Even {
  const m = keys.length;
  const separators = keys.filter(({ special }, j) => special && j > 0).length;
  return {
    shares: { ...NOTHING, firstToken: 1 / m, separator: separators / m },
    rows: { ...NOTHING, firstToken: n, separator: separators > 0 ? n : 0 },
    entropy: Math.log2(m),
  };
}

function evenWithin({ tokens, isCausal }: Pick<RunData, "tokens" | "isCausal">): Even {
  const n = tokens.length;
  const shares = { ...NOTHING };
  const rows = { ...NOTHING };
  // Special tokens after the first part or end texts.
  const separators = tokens.flatMap(({ special }, i) => (special && i > 0 ? [i] : []));
  let entropy = 0;
  const add = (place: Place, count: number, seen: number): void => {
    shares[place] += count / seen;
    rows[place]++;
  };
  tokens.forEach(({ id }, i) => {
    const seen = isCausal ? i + 1 : n;
    entropy += Math.log2(seen) / n;
    const isSeen = (j: number): boolean => j < seen;
    const same = tokens.flatMap((token, j) => (token.id === id && j !== i ? [j] : []));
    if (i > 0) add("previousToken", 1, seen);
    if (i + 1 < n) add("nextToken", isSeen(i + 1) ? 1 : 0, seen);
    add("self", 1, seen);
    if (i > 0) add("firstToken", 1, seen);
    if (separators.length > 0) add("separator", separators.filter(isSeen).length, seen);
    const others = same.filter(isSeen);
    if (others.length > 0) add("sameToken", others.length, seen);
    const earlier = same.filter((j) => j < i);
    if (earlier.length > 0) add("induction", earlier.length, seen);
  });
  for (const place of PLACES) shares[place] /= Math.max(1, rows[place]);
  return { shares, rows, entropy };
}

const NOTHING: Record<Place, number> = {
  previousToken: 0,
  nextToken: 0,
  self: 0,
  sameToken: 0,
  firstToken: 0,
  separator: 0,
  induction: 0,
};
