// What the page says of models of one's own: a catalogue that comes when it is asked for.
import { own } from "./en/own.ts";
import type { Language } from "./languages.ts";

export type OwnStrings = typeof own;

const CATALOGUES: Readonly<Record<Language, () => Promise<OwnStrings>>> = {
  en: () => Promise.resolve(own),
  es: async () => (await import("./es/own.ts")).own,
  zh: async () => (await import("./zh/own.ts")).own,
  ar: async () => (await import("./ar/own.ts")).own,
};

/** English where the other can't be fetched. */
export function ownStringsOf(language: Language): Promise<OwnStrings> {
  return CATALOGUES[language]().catch(() => own);
}
