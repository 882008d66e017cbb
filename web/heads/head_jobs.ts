// What single heads of the bundled models do by no rule of place, as it was measured on sentences that they had not seen.

export interface HeadJob {
  readonly kind: "pronoun" | "complement" | "subject";
  /** How often the token that is meant gets the greatest weight, in sentences made for it; of a range the ends. */
  readonly shares: readonly number[];
  /** The same where it does worse: with nouns that it never saw, in real text; with another noun before the subject. */
  readonly elsewhere: readonly number[];
}

/** By model and head. The models' cards say more of each, and take these numbers from here. */
export const HEAD_JOBS = {
  "heed-bert": {
    L2H1: { kind: "pronoun", shares: [0.98], elsewhere: [0.673, 0.453] },
    L2H3: { kind: "complement", shares: [0.553], elsewhere: [] },
  },
  "heed-gpt": { L2H2: { kind: "subject", shares: [0.97, 0.99], elsewhere: [0.257] } },
} as const satisfies Readonly<Record<string, Readonly<Record<string, HeadJob>>>>;

/** Of a model by its name as a state has it: another one that is called alike stands there by its address. */
export function jobOf(model: string, layer: number, head: number): HeadJob | undefined {
  const all: Readonly<Record<string, Readonly<Record<string, HeadJob>>>> = HEAD_JOBS;
  return Object.hasOwn(all, model) ? all[model]?.[`L${layer}H${head}`] : undefined;
}
