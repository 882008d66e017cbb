// The state in an address: there and back for any state, and no address that does harm.

import { describe, expect, test } from "@jest/globals";
import * as codec from "../../web/element/codecs.ts";
import { MODELS, STAGES } from "../../web/runner/run_data.ts";
import { fragmentOf, isTextCut, linkTo, stateOf, unsaidIn } from "../../web/share/link.ts";
import { elementSnippet, embedFragment, iframeSnippet } from "../../web/share/snippets.ts";
import {
  AS_TRAINED,
  COLOR_MAPS,
  DEFAULT_STATE,
  HEAD_SORTS,
  PARTS,
  VIEWS,
  type ViewState,
} from "../../web/state.ts";
import { LANGUAGES } from "../../web/strings/languages.ts";
import { uniform } from "../js/random.ts";

/** Letters of many kinds: what addresses give a meaning to, controls, marks that combine, other directions, beyond 16 bits. */
const LETTERS = [
  ..."aZ09 .&=#+%?/\\\"'<>;,:~|\u0000\t\n\r\u00a0\u00e9e\u0301\u2028\ufeff\ufffd\uffff",
  ..."\u0645\u0631\u05e9\u200f\u202e\u6ce8\u610f",
  ..."\u{1f642}\u{1f468}\u200d\u{1f469}\u{1f3fd}\u{10ffff}",
];

interface Dice {
  /** An integer in [0, below). */
  number(below: number): number;
  of<Value>(values: readonly Value[]): Value;
  list<Value>(most: number, make: () => Value): Value[];
}

function dice(seed: number): Dice {
  const next = uniform(seed);
  const number = (below: number): number => Math.floor(next() * below);
  return {
    number,
    of: (values) => values[number(values.length)] as (typeof values)[number],
    list: (most, make) => Array.from({ length: number(most + 1) }, make),
  };
}

/** Any state that a link can hold. */
function anyState(seed: number): ViewState {
  const { number, of, list } = dice(seed);
  const flag = (): boolean => number(2) === 1;
  const cell = () => ({ row: number(65536), col: number(65536) });
  const text = (): string => list(40, () => of(LETTERS)).join("");
  return {
    text: text(),
    pair: flag() ? "" : text(),
    model: of(MODELS),
    attention: of(PARTS),
    target: flag() ? "" : text(),
    view: of(VIEWS),
    layer: number(65536),
    heads: [...new Set([number(65536), ...list(12, () => number(65536))])],
    stage: of(STAGES),
    direction: of(["from", "to"]),
    cell: flag() ? undefined : cell(),
    locked: [...new Set(list(20, () => number(65536)))],
    words: flag(),
    special: flag(),
    renormalise: flag(),
    map: of(COLOR_MAPS),
    sort: of(HEAD_SORTS),
    language: of(["", ...LANGUAGES]),
    whatIf: {
      causal: of([undefined, true, false]),
      hidden: list(30, cell),
      scaled: flag(),
      temperature: of([1e-6, 0.1, 0.1 + 0.2, 1, 1 / 3, 1e6, 999999.5]),
      positions: flag(),
      ablated: list(30, () => [number(65536), number(65536)] as const),
    },
  };
}

const SEEDS = Array.from({ length: 300 }, (_, i) => i + 1);

describe("there and back", () => {
  test("any state is the same again", () => {
    for (const seed of SEEDS) {
      const state = anyState(seed);
      expect(stateOf(fragmentOf(state))).toEqual(state);
    }
  });

  test("as a part of an address too", () => {
    for (const seed of SEEDS.slice(0, 100)) {
      const state = anyState(seed);
      const link = linkTo("https://heed.test/page?x=1#old", state);
      expect(link).toMatch(/^https:\/\/heed\.test\/page\?x=1#/);
      // As a browser gives it to a page, and as a mail or a chat passes it on: without spaces and quotes.
      expect(link).toMatch(/^[!-~]*$/);
      expect(link).not.toMatch(/["'<>\\`()]/);
      expect(stateOf(new URL(link).hash)).toEqual(state);
    }
  });

  test("every field by itself", () => {
    const other = anyState(7);
    for (const name of Object.keys(DEFAULT_STATE) as (keyof ViewState)[]) {
      const state = { ...DEFAULT_STATE, [name]: other[name] };
      expect(stateOf(fragmentOf(state))).toEqual(state);
    }
  });

  test.each([
    ["nothing", ""],
    ["spaces", "  "],
    ["what other keys look like", "v=2&layer=3#text=x"],
    ["percent signs", "100 % of %41 %zz %"],
    ["emoji", "\u{1f468}\u200d\u{1f469}\u200d\u{1f467} \u{1f44d}\u{1f3fd}"],
    ["right to left", "\u0642\u0627\u0644\u062a: \u00ab\u0645\u0631\u062d\u0628\u0627\u00bb \u202bx\u202c"],
    ["10,000 characters", "The animal \u{1f642} ".repeat(1000).slice(0, 10000)],
    ["10,000 characters of three bytes", "\u6ce8".repeat(10000)],
  ])("a text of %s", (_, text) => {
    const state = { ...DEFAULT_STATE, text, pair: text };
    expect(stateOf(fragmentOf(state))).toEqual(state);
  });

  test("halves of surrogate pairs become U+FFFD", () => {
    const link = fragmentOf({ ...DEFAULT_STATE, text: "a\ud800b\udc00\udc00 \ud83d\ude42" });
    expect(stateOf(link).text).toBe("a\ufffdb\ufffd\ufffd \u{1f642}");
  });

  test("of a text as much is kept as is read, in whole characters", () => {
    const link = fragmentOf({ ...DEFAULT_STATE, text: `a${"\u{1f642}".repeat(20000)}` });
    expect(stateOf(link).text).toBe(`a${"\u{1f642}".repeat(9999)}`);
  });
});

describe("a link", () => {
  test("says only what differs, in words, and ends with the version", () => {
    expect(fragmentOf(DEFAULT_STATE)).toBe("");
    expect(
      fragmentOf({
        ...DEFAULT_STATE,
        text: "Apple pie is delicious.",
        view: "heads",
        heads: [1, 3],
        cell: { row: 10, col: 2 },
        special: false,
        whatIf: { ...AS_TRAINED, causal: true, hidden: [{ row: 1, col: 2 }], ablated: [[2, 1]] },
      }),
    ).toBe(
      "#text=Apple+pie+is+delicious.&view=heads&heads=1+3&cell=10+2&special=false&causal=true&hidden=1-2&ablate=L2H1&v=1",
    );
  });

  test("leaves out what it may not hold", () => {
    const state = {
      ...DEFAULT_STATE,
      model: "given:1/model",
      layer: -1,
      heads: [0.5],
      locked: [NaN],
      whatIf: { ...AS_TRAINED, temperature: Infinity, ablated: [[0, 1e9]] as const },
    };
    expect(fragmentOf(state)).toBe("");
  });
});

/** Never to be changed: links that people have kept. */
const OLD: readonly (readonly [link: string, says: Partial<ViewState>])[] = [
  ["#v=1", {}],
  ["#view=steps&v=1", { view: "steps" }],
  [
    "#text=Apple+unveiled+a+new+phone.&pair=Apple+pie+is+delicious.&v=1",
    { text: "Apple unveiled a new phone.", pair: "Apple pie is delicious." },
  ],
  [
    "#model=heed-gpt&view=matrix&layer=3&heads=2&stage=maskedScores&v=1",
    { model: "heed-gpt", layer: 3, heads: [2], stage: "maskedScores" },
  ],
  [
    "#view=heads&layer=2&heads=1+0+3&cell=10+2&locked=10+11&v=1",
    { view: "heads", layer: 2, heads: [1, 0, 3], cell: { row: 10, col: 2 }, locked: [10, 11] },
  ],
  [
    "#view=text&direction=to&words=true&special=false&renormalise=true&map=viridis&v=1",
    { view: "text", direction: "to", words: true, special: false, renormalise: true, map: "viridis" },
  ],
  ["#view=model&sort=firstToken&v=1", { view: "model", sort: "firstToken" }],
  [
    "#causal=false&hidden=1-2+3-0&scaled=false&temperature=0.5&positions=false&ablate=L2H1+L0H3&v=1",
    {
      whatIf: {
        causal: false,
        hidden: [
          { row: 1, col: 2 },
          { row: 3, col: 0 },
        ],
        scaled: false,
        temperature: 0.5,
        positions: false,
        ablated: [
          [2, 1],
          [0, 3],
        ],
      },
    },
  ],
  [
    "#text=%D9%85%D8%B1%D8%AD%D8%A8%D8%A7+%F0%9F%99%82&view=rows&v=1",
    { text: "\u0645\u0631\u062d\u0628\u0627 \u{1f642}", view: "rows" },
  ],
  // By hand: no version, no "#", spaces as they are.
  ["text=It was late.&layer=1", { text: "It was late.", layer: 1 }],
];

test("a link is read as attributes are", () => {
  expect(
    stateOf("#layer=1024&heads=3,1&locked=1,+2&cell=1,2&temperature=1e1&ablate=l2h1,L0H3&hidden=1-2,3-0"),
  ).toEqual(
    stateOf("#layer=1024&heads=3+1&locked=1+2&cell=1+2&temperature=10&ablate=L2H1+L0H3&hidden=1-2+3-0&v=1"),
  );
  expect(stateOf("#layer=1024&temperature=1e1&ablate=l2h1")).toMatchObject({
    layer: 1024,
    whatIf: { temperature: 10, ablated: [[2, 1]] },
  });
});

test("all cells of 128 tokens can be hidden, in a link and in an attribute", () => {
  const hidden = Array.from({ length: 128 * 128 }, (_, i) => ({ row: i >> 7, col: i & 127 }));
  const state = { ...DEFAULT_STATE, whatIf: { ...AS_TRAINED, hidden } };
  expect(stateOf(fragmentOf(state))).toEqual(state);
  expect(codec.cells.read(codec.cells.write(hidden))).toEqual({ value: hidden });
});

/** What links leave out, when there was one version. */
const LEFT_OUT: ViewState = {
  text: "The animal didn't cross the street because it was too tired.",
  pair: "",
  model: "heed-bert",
  attention: "encoder",
  target: "",
  view: "matrix",
  layer: 0,
  heads: [0],
  stage: "weights",
  direction: "from",
  cell: undefined,
  locked: [],
  words: false,
  special: true,
  renormalise: false,
  map: "cividis",
  sort: "place",
  language: "",
  whatIf: { causal: undefined, hidden: [], scaled: true, temperature: 1, positions: true, ablated: [] },
};

describe("old links keep working", () => {
  test.each(OLD)("%s", (link, says) => {
    expect(stateOf(link)).toEqual({ ...LEFT_OUT, ...says });
  });
});

describe("a hostile link", () => {
  test.each([
    "#",
    "#layer=-1&heads=&stage=toString&view=__proto__&v=1",
    "#layer=1e3&heads=0x1&cell=1&locked=1+x&ablate=L1&hidden=1-2-3&temperature=0",
    "#layer=99999999999999999999&heads=65536&cell=1+65536&temperature=1e999&ablate=L1H65536",
    "#layer=0x1&heads=1e1&temperature=0x1&ablate=L1H0x1&words&special",
    "#model=https://user:secret@else.test/&map=constructor&sort=hasOwnProperty&direction=up&words=1&special=",
    "#layer=1.5&heads=NaN&cell=Infinity+0&temperature=-1&causal=null&hidden=1--2",
    "#%&%%%=%zz&%E0%A4%A=1&=&&;;",
    "#__proto__=1&constructor=2&whatIf=3&prototype[layer]=4",
    "#main",
  ])("says nothing: %s", (link) => {
    expect(stateOf(link)).toEqual(DEFAULT_STATE);
  });

  test("of endless lists says nothing", () => {
    expect(stateOf(`#heads=${"0+".repeat(20000)}&hidden=${"1-2+".repeat(20000)}`)).toEqual(DEFAULT_STATE);
  });

  test("loses only the fields that make no sense, and the first of a key counts", () => {
    expect(stateOf("#text=kept&layer=-1&view=rows&heads=x&layer=2&view=text")).toEqual({
      ...DEFAULT_STATE,
      text: "kept",
      view: "rows",
    });
  });

  test("a version from the future is read as far as it is known", () => {
    expect(stateOf("#view=rows&shape=round&v=99")).toEqual({ ...DEFAULT_STATE, view: "rows" });
  });

  test("no noise throws, and what it says can be said again", () => {
    const KEYS = [
      "text",
      "heads",
      "cell",
      "hidden",
      "ablate",
      "temperature",
      "layer",
      "causal",
      "__proto__",
      "v",
    ];
    for (const seed of SEEDS) {
      const { of, list } = dice(seed);
      const letters = [...LETTERS, ..."0123456789-LH+&=", "\ud83d"];
      const noise = list(12, () => `${of(KEYS)}=${list(8, () => of(letters)).join("")}`).join("&");
      const state = stateOf(`#${noise}`);
      expect(stateOf(fragmentOf(state))).toEqual(state);
    }
  });

  test("nothing it says changes the default", () => {
    const before = JSON.stringify(DEFAULT_STATE);
    stateOf("#heads=1+2&locked=3&hidden=1-2&ablate=L1H1&causal=true&v=1");
    expect(JSON.stringify(DEFAULT_STATE)).toBe(before);
  });
});

describe("what is told of a link", () => {
  test("nothing, where all of it is followed", () => {
    for (const seed of SEEDS.slice(0, 100))
      expect(unsaidIn(fragmentOf(anyState(seed)))).toEqual({ keys: [], isUnknown: false });
    for (const [link] of OLD) expect(unsaidIn(link)).toEqual({ keys: [], isUnknown: false });
  });

  test("the keys that make no sense, and that there are unknown ones, but never a word of theirs", () => {
    expect(unsaidIn("#layer=-1&text=kept&layer=2&cell=1&v=1")).toEqual({
      keys: ["layer", "cell"],
      isUnknown: false,
    });
    expect(unsaidIn("#<script>=1&toString=2&v=9")).toEqual({ keys: [], isUnknown: true });
  });

  test("whether a text is longer than a link may hold", () => {
    expect(isTextCut({ ...DEFAULT_STATE, text: "a".repeat(20_000) })).toBe(false);
    expect(isTextCut({ ...DEFAULT_STATE, pair: "a".repeat(20_001) })).toBe(true);
  });
});

describe("a snippet", () => {
  const AUTHOR = {
    controls: ["model", "attention", "layer", "heads", "view", "stage"],
    theme: "auto",
  } as const;
  const HOSTILE = '"><script>alert(1)</script>&quot;\n\u0000\ud800\u{1f642}';

  test("of the element says what differs, and what a visitor wrote stays in its attribute", () => {
    expect(elementSnippet("https://heed.test/e.js", DEFAULT_STATE, AUTHOR)).toBe(
      '<script type="module" src="https://heed.test/e.js"></script>\n<heed-attention></heed-attention>',
    );
    const state = {
      ...DEFAULT_STATE,
      text: HOSTILE,
      heads: [1, 3],
      whatIf: { ...AS_TRAINED, scaled: false },
    };
    expect(elementSnippet("e.js", state, { controls: [], theme: "dark" }).split("\n")[1]).toBe(
      '<heed-attention text="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;quot;&#10;\ufffd\ufffd\u{1f642}" ' +
        'head="1" heads="1 3" scaled="false" controls="none" theme="dark"></heed-attention>',
    );
  });

  test("of a frame is sandboxed, and its address and name are escaped", () => {
    const fragment = embedFragment({ ...DEFAULT_STATE, text: HOSTILE }, { controls: [], theme: "auto" });
    expect(fragment).toMatch(/^#controls=none&text=%22%3E%3Cscript%3E[!-~]*&v=1$/);
    expect(stateOf(fragment).text).toBe(HOSTILE.replace("\ud800", "\ufffd"));
    const [frame = ""] = iframeSnippet(`e.html${fragment}`, HOSTILE, 700).split("<script>\n");
    expect(frame).toContain('sandbox="allow-scripts"');
    expect(frame.match(/[<>]/g)).toEqual(["<", ">", "<", ">"]);
    expect(frame.match(/"/g)).toHaveLength(10);
  });
});
