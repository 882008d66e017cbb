// How long a regular expression may take. JavaScript's are run by trying every way through them, and nothing can stop one
// that is under way: "(a+)+$" tries 2^n of them on n letters. A tokenizer.json may come from anywhere, so that its
// patterns are read before they are run.
//
// Refused is what can take time exponential in the text: a repetition without an end of anything that itself can match in
// several ways, long rows of optional parts, and references back. Of open repetitions one after the other, as in "\s*[\r\n]+",
// which take a power of the text's length at worst, there may be two; no tokenizer known to this project has more.

interface Cost {
  /** Open repetitions in a row, on the worst way through. */
  readonly open: number;
  /** Ways through, those of open repetitions aside. */
  readonly ways: number;
  /** One way through, of one length. */
  readonly isRigid: boolean;
}

const single: Cost = { open: 0, ways: 1, isRigid: true };
const endless: Cost = { open: Infinity, ways: Infinity, isRigid: false };

const mostOpen = 2;
const mostWays = 1000;
const mostCharacters = 5000;
// A repetition that may be longer counts as one without an end.
const mostRepeats = 16;

/** Whether a RegExp of the flag "u" takes no more than a low power of the text's length. */
export function isTame(pattern: RegExp): boolean {
  if (pattern.source.length > mostCharacters) return false;
  const { open, ways } = new Reader(pattern.source).alternatives();
  return open <= mostOpen && ways <= mostWays;
}

/** Reads the source of a RegExp, which is known to be one. */
class Reader {
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  alternatives(): Cost {
    let worst = this.#sequence();
    while (this.#take(/\|/y)) {
      const other = this.#sequence();
      worst = { open: Math.max(worst.open, other.open), ways: worst.ways + other.ways, isRigid: false };
    }
    return worst;
  }

  #sequence(): Cost {
    let sum = single;
    while (this.#at < this.#source.length && !/[|)]/.test(this.#source[this.#at] ?? "")) {
      const part = this.#repeated(this.#atom());
      sum = {
        open: sum.open + part.open,
        ways: sum.ways * part.ways,
        isRigid: sum.isRigid && part.isRigid,
      };
    }
    return sum;
  }

  #atom(): Cost {
    if (this.#take(/\[(?:[^\]\\]|\\.)*\]/sy)) return single;
    if (this.#take(/\\(?:[1-9]|k<)/y)) return endless;
    if (this.#take(/\\(?:[pPu]\{[^}]*\}|u[\da-fA-F]{4}|x[\da-fA-F]{2}|c[a-zA-Z]|.)/sy)) return single;
    if (this.#take(/\((?:\?(?:[:=!]|<[=!]|<[^>]*>|[a-z-]*:))?/y)) {
      const inner = this.alternatives();
      this.#at++;
      return inner;
    }
    this.#at++;
    return single;
  }

  #repeated(part: Cost): Cost {
    const [mark] = this.#take(/(?:[*+?]|\{\d+(?:,\d*)?\})\??/y) ?? [];
    if (mark === undefined) return part;
    const [, from = "0", comma = "", to = ""] = /^\{(\d+)(,?)(\d*)\}/.exec(mark) ?? [];
    const least = mark.startsWith("+") ? 1 : Number(from);
    const most = mark.startsWith("?")
      ? 1
      : !mark.startsWith("{")
        ? Infinity
        : !comma
          ? least
          : Number(to || Infinity);
    if (most === least) return { open: part.open * most, ways: part.ways ** most, isRigid: part.isRigid };
    if (most <= mostRepeats) {
      return { open: part.open * most, ways: (most - least + 1) * part.ways ** most, isRigid: false };
    }
    return part.isRigid ? { open: 1, ways: 1, isRigid: false } : endless;
  }

  #take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#source);
    if (found) this.#at = pattern.lastIndex;
    return found;
  }
}
