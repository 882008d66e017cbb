// What every catalogue writes by the rules of its language: numbers, shares, counts, lists and quoted words.
import type { Stage } from "../runner/run_data.ts";
import * as figures from "../views/number.ts";

type Forms = Readonly<Partial<Record<Intl.LDMLPluralRule, string>>> & { readonly other: string };

interface Habits {
  readonly language: string;
  /** Around a word that is spoken of. */
  readonly quotes: readonly [open: string, close: string];
  /** How more than a share, and less than one, is said. */
  readonly over: string;
  readonly under: string;
  /** The end of a list of which only the beginning is said. */
  andOthers(said: string, others: number): string;
}

/** Words of a list that are said, before it ends with how many others there are. */
const MOST_SAID = 6;

/** Numbers as the views print them. */
export interface Numbers {
  short(value: number, stage: Stage): string;
  exact(value: number): string;
  tiny(value: number, stage: Stage): string;
  tick(value: number): string;
  /** Of a share in [0, 1], with one decimal; never as more certain than it is. */
  percent(share: number): string;
  /** A stage's number as a sentence says it: of a weight the share. */
  said(value: number, stage: Stage): string;
  fixed(value: number, digits: number): string;
  /** A very small number: 2.7 × 10⁻⁷. */
  power(value: number): string;
  /** Figures that stand written with a point, in a calculation for one. */
  local(written: string): string;
}

export interface Words {
  readonly numbers: Numbers;
  quoted(word: string): string;
  list(words: readonly string[]): string;
  /** Of a share in [0, 1]. */
  share(value: number, digits?: number): string;
  count(value: number): string;
  /** A number of bytes, to three figures or so. */
  bytes(count: number): string;
  /** A time, in seconds or minutes. */
  duration(seconds: number): string;
  /** The form that goes with a count. */
  plural(count: number, forms: Forms): string;
}

/** Kept in one piece, whichever way the text around it runs. */
export function isolated(sign: string): string {
  return `\u2068${sign}\u2069`;
}

export function wordsIn({ language, quotes: [open, close], over, under, andOthers }: Habits): Words {
  // Arabic is read with either figures; formulas, vocabularies and code have these.
  const locale = language === "ar" ? "ar-u-nu-latn" : language;
  const rules = new Intl.PluralRules(locale);
  const counts = new Intl.NumberFormat(locale);
  const and = new Intl.ListFormat(locale, { type: "conjunction" });
  const point = counts.formatToParts(0.5).find(({ type }) => type === "decimal")?.value ?? ".";
  // Signs have no direction of their own: the mark keeps them before their number.
  const before = language === "ar" ? "\u200e" : "";
  const local = (written: string): string =>
    written.replace(/(\d|^)\.(?=\d)/g, `$1${point}`).replace(/\u2212(?=[\d\u221e])/g, `${before}\u2212`);
  const shares = (digits: number): Intl.NumberFormat =>
    new Intl.NumberFormat(locale, {
      style: "percent",
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    });
  const [whole, tenths] = [shares(0), shares(1)];
  const inside = (text: string): string => (language === "ar" ? `\u2066${text}\u2069` : text);
  // English has the space of the SI here, as the rest of these pages.
  const share = (value: number, digits = 0): string =>
    language === "en"
      ? `${(100 * value).toFixed(digits)}\u00a0%`
      : inside((digits === 0 ? whole : tenths).format(value));
  const percent = (value: number): string => {
    if (value >= 0.9995 && value < 1) return `${over}${share(0.999, 1)}`;
    return value > 0 && value < 0.0005 ? `${under}${share(0.001, 1)}` : share(value, 1);
  };
  // Isolates keep a word's own direction from turning the sentence around it.
  const quoted = (word: string): string => `${open}\u2068${word}\u2069${close}`;

  return {
    quoted,
    share,
    list: (words) =>
      words.length > MOST_SAID
        ? andOthers(
            words
              .slice(0, MOST_SAID - 1)
              .map(quoted)
              .join(language === "zh" ? "\u3001" : language === "ar" ? "\u060c " : ", "),
            words.length - MOST_SAID + 1,
          )
        : and.format(words.map(quoted)),
    count: (value) => counts.format(value),
    bytes: (count) => bytesIn(locale, count),
    duration: (seconds) => durationIn(locale, seconds),
    plural: (count, forms) => forms[rules.select(count)] ?? forms.other,
    numbers: {
      short: (value, stage) => local(figures.short(value, stage)),
      exact: (value) => local(figures.exact(value)),
      tiny: (value, stage) => local(figures.tiny(value, stage)),
      tick: (value) => local(figures.tick(value)),
      fixed: (value, digits) => local(figures.fixed(value, digits)),
      power: (value) => inside(local(figures.power(value))),
      percent,
      said: (value, stage) => (stage === "weights" ? percent(value) : local(figures.short(value, stage))),
      local,
    },
  };
}

function bytesIn(locale: string, count: number): string {
  const units = ["kilobyte", "megabyte", "gigabyte"] as const;
  const power = Math.min(Math.max(Math.floor(Math.log10(Math.max(count, 1)) / 3), 1), 3);
  const value = count / 1000 ** power;
  return new Intl.NumberFormat(locale, {
    style: "unit",
    unit: units[power - 1],
    maximumFractionDigits: value < 10 ? 1 : 0,
  }).format(value);
}

function durationIn(locale: string, seconds: number): string {
  const isLong = seconds >= 90;
  return new Intl.NumberFormat(locale, {
    style: "unit",
    unit: isLong ? "minute" : "second",
    unitDisplay: "long",
    maximumFractionDigits: 0,
  }).format(Math.max(1, isLong ? seconds / 60 : seconds));
}
