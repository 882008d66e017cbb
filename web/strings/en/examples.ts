// What there is really to be seen in the examples, in the order of web/examples.ts: with heed-bert, and with heed-gpt.
export const examples: readonly (readonly [bert: string, gpt: string])[] = [
  [
    "\u2018it\u2019 looks at \u2018animal\u2019. Write \u2018wide\u2019 for \u2018tired\u2019, and it looks at \u2018street\u2019.",
    "heed-gpt reads from left to right. At \u2018it\u2019 it has not seen \u2018tired\u2019 yet, so it cannot know what \u2018it\u2019 is.",
  ],
  [
    "\u2018it\u2019 looks at \u2018street\u2019. The other way round there is little to see: from \u2018wide\u2019 the same head looks mostly at \u2018was\u2019.",
    "Up to \u2018it\u2019 this sentence is the one that ends with \u2018tired\u2019, so heed-gpt\u2019s attention at \u2018it\u2019 is the same in both.",
  ],
  [
    "A firm here, a fruit in the next example: the two vectors of \u2018apple\u2019 drift apart from layer to layer (cosine 1.00, .944, .799, .736, .775). No single head shows it. \u2018unveiled\u2019 falls into three pieces.",
    "\u2018Apple\u2019 stands first, and a token sees nothing after itself: to heed-gpt it is the same here as in \u2018Apple pie\u2019.",
  ],
  [
    "Put [MASK] for \u2018Apple\u2019: heed-bert guesses \u2018apple\u2019 with 46\u00a0%. For the firm that unveils a phone it guesses \u2018a\u2019, and \u2018apple\u2019 with less than 1\u00a0%.",
    "\u2018Apple\u2019 stands first, and a token sees nothing after itself: to heed-gpt it is the same here as in \u2018Apple unveiled\u2019.",
  ],
  [
    "\u2018making\u2019 looks at \u2018difficult\u2019, seven tokens on, and a little at \u2018more\u2019. One direction only: from \u2018difficult\u2019 nothing comes back.",
    "heed-gpt shows nothing of \u2018making \u2026 more difficult\u2019.",
  ],
  [
    "\u2018its\u2019 looks at \u2018law\u2019. An easy case: nothing else in the sentence could be meant, and on unseen owners heed-bert is no better than a simple rule.",
    "L2H0 looks at \u2018Law\u2019 here. That is one sentence: it was not measured on others, so it is no claim.",
  ],
  [
    "heed-bert fails to show it: no head leads well from the second \u2018was\u2019 to \u2018cat\u2019. Hide \u2018was\u2019, and the guess is right all the same.",
    "At the comma heed-gpt must guess the verb, and looks back at \u2018cat\u2019, past the dogs: so it says \u2018was\u2019, not \u2018were\u2019.",
  ],
  [
    "Nothing but heads for the words beside a word.",
    "The likeliest next token is \u2018s\u2019, for \u2018steps\u2019; what it would write after that is nonsense.",
  ],
  [
    "Only heads that go by position show here: L1H2 looks at the token before, L2H2 at the token after.",
    "Only heads that go by position show here: L0H3 often looks at the token before.",
  ],
  [
    "Nothing in particular: L2H2 looks at the token after.",
    "heed-gpt has no sensible continuation: the likeliest next token is the end of the text, with under 2\u00a0%.",
  ],
];
