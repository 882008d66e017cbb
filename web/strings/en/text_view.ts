// What the sentence says of itself.
export const textView = {
  scale: (from: boolean): string =>
    from
      ? "Share of the chosen word\u2019s attention"
      : "Share of each word\u2019s attention that goes to the chosen word",
  head: (name: string) => `Head ${name}`,
  several: "Several words",
  howTo: {
    mouse: "Shift-click or press Space to lock several words; Escape unlocks them.",
    touch:
      "With \u2018Several words\u2019 on, each word that you touch is locked; touched again, it is unlocked.",
  },
  unlock: "Unlock all",
};
