// What heads are called by what they do, and what that means.
import type { HeadJob } from "../../heads/head_jobs.ts";
import type { HeadName } from "../../heads/head_names.ts";
import type { Place } from "../../state.ts";
import { quoted, share } from "./words.ts";

const PLACES: Readonly<Record<Place, string>> = {
  previousToken: "token before",
  nextToken: "token after",
  self: "itself",
  sameToken: "same word elsewhere",
  firstToken: "first token",
  separator: "separator",
  induction: "what followed last time",
};

/** As in "so much of its attention goes to …". */
const GOAL: Readonly<Record<Place, string>> = {
  previousToken: "the token before",
  nextToken: "the token after",
  self: "the token itself",
  sameToken: "other places where the same token stands",
  firstToken: "the first token",
  separator: "separators such as [SEP]",
  induction: "whatever followed the same token earlier",
};

const SINK =
  "A softmax must spend the whole of every row, also where a head looks for nothing; many trained models then park it on the first token or on separators: an attention sink (Clark et al. 2019, Xiao et al. 2023). Weight there need not mean that the token matters.";

const isPlace = (kind: HeadName["kind"]): kind is Place => Object.hasOwn(PLACES, kind);
const percent = (value: number): string => share(value);
const bits = (value: number): string => `${value.toFixed(1)} bits`;

export const headNames = {
  name({ kind, strength }: HeadName): string {
    if (isPlace(kind)) return strength === "mostly" ? PLACES[kind] : `leans to ${PLACES[kind]}`;
    return {
      broad: "spread evenly",
      sharp: "picks one token",
      none: "no clear pattern",
      tooShort: "text too short",
    }[kind];
  },
  /** Of a bundled model's head, by its card. */
  job({ kind, shares }: HeadJob): string {
    const what = {
      pronoun: "pronoun \u2192 its noun",
      complement: `${quoted("making")} \u2192 its complement`,
      subject: "before a verb \u2192 its subject",
    }[kind];
    return `${what}, ${shares.map(percent).join(" to ")} in sentences made for it (model card)`;
  },
  /** Where it does worse, by the same card. */
  elsewhere({ kind, elsewhere }: HeadJob): string {
    const [first, second] = elsewhere.map(percent);
    if (kind === "pronoun") return `With nouns that it never saw ${first}, in real text ${second}.`;
    return first ? `Where the subject is not the first noun ${first}.` : "";
  },
  explain({ kind, value, even }: HeadName): string {
    if (isPlace(kind)) {
      const measured = `On average ${percent(value)} of a token\u2019s attention goes to ${GOAL[kind]}; looking evenly it would be ${percent(even)}.`;
      return kind === "firstToken" || kind === "separator" ? `${measured} ${SINK}` : measured;
    }
    const spread = `Its rows have ${bits(value)} of entropy; looking evenly it would be ${bits(even)}.`;
    return {
      broad: `${spread} It looks nearly evenly at all it may see.`,
      sharp: `${spread} A token mostly looks at one other, by no rule of place.`,
      none: `${spread} No rule of place explains it in this text.`,
      tooShort: "With fewer than six tokens everything is near everything: type more to tell heads apart.",
    }[kind];
  },
  /** Of a run too long to measure. */
  unmeasured: "not measured",
  unmeasuredWhy: "This text is too long to measure its heads.",
  rules:
    "A head is named by what it measurably does in this text, and may do something else in another. \u2018Token before\u2019 and its like: more than half of its attention goes there on average, and at least twice what looking evenly would give; \u2018leans to\u2019: at least a quarter, and three times that; \u2018spread evenly\u2019: at least 90\u00a0% of the entropy of looking evenly; \u2018picks one token\u2019: at most 1 bit. A mean over fewer than four tokens names nothing. Everything else is \u2018no clear pattern\u2019.",
};
