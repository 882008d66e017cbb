// What there is really to be seen in the examples, in the order of web/examples.ts: with heed-bert, and with heed-gpt.
export const examples: readonly (readonly [bert: string, gpt: string])[] = [
  [
    "\u201cit\u201d looks at \u201canimal\u201d. Write \u201cwide\u201d for \u201ctired\u201d, and it looks at \u201cstreet\u201d.",
    "heed-gpt reads from left to right. At \u201cit\u201d it has not seen \u201ctired\u201d yet, so it cannot know what \u201cit\u201d is.",
  ],
  [
    "\u201cit\u201d looks at \u201cstreet\u201d. The other way round there is little to see: from \u201cwide\u201d the same head looks mostly at \u201cwas\u201d.",
    "Up to \u201cit\u201d this sentence is the one that ends with \u201ctired\u201d, so heed-gpt\u2019s attention at \u201cit\u201d is the same in both.",
  ],
  [
    "A firm here, a fruit in the next example: the two vectors of \u201capple\u201d drift apart from layer to layer (cosine 1.00, .944, .799, .736, .775). No single head shows it. \u201cunveiled\u201d falls into three pieces.",
    "\u201cApple\u201d stands first, and a token sees nothing after itself: to heed-gpt it is the same here as in \u201cApple pie\u201d.",
  ],
  [
    "Put [MASK] for \u201cApple\u201d: heed-bert guesses \u201capple\u201d with 46 %. For the firm that unveils a phone it guesses \u201ca\u201d, and \u201capple\u201d with less than 1 %.",
    "\u201cApple\u201d stands first, and a token sees nothing after itself: to heed-gpt it is the same here as in \u201cApple unveiled\u201d.",
  ],
  [
    "\u201cmaking\u201d looks at \u201cdifficult\u201d, seven tokens on, and a little at \u201cmore\u201d. One direction only: from \u201cdifficult\u201d nothing comes back.",
    "heed-gpt shows nothing of \u201cmaking \u2026 more difficult\u201d.",
  ],
  [
    "\u201cits\u201d looks at \u201claw\u201d. An easy case: nothing else in the sentence could be meant, and on unseen owners heed-bert is no better than a simple rule.",
    "L2H0 looks at \u201cLaw\u201d here. That is one sentence: it was not measured on others, so it is no claim.",
  ],
  [
    "heed-bert fails to show it: no head leads well from the second \u201cwas\u201d to \u201ccat\u201d. Hide \u201cwas\u201d, and the guess is right all the same.",
    "At the comma heed-gpt must guess the verb, and looks back at \u201ccat\u201d, past the dogs: so it says \u201cwas\u201d, not \u201cwere\u201d.",
  ],
  [
    "Nothing but heads for the words beside a word.",
    "The likeliest next token is \u201cs\u201d, for \u201csteps\u201d; what it would write after that is nonsense.",
  ],
  [
    "Only heads that go by position show here: L1H2 looks at the token before, L2H2 at the token after.",
    "Only heads that go by position show here: L0H3 often looks at the token before.",
  ],
  [
    "Nothing in particular: L2H2 looks at the token after.",
    "heed-gpt has no sensible continuation: the likeliest next token is the end of the text, with under 2 %.",
  ],
];
