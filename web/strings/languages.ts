// The languages that the interface speaks.

export const LANGUAGES = ["en", "es", "zh", "ar"] as const;
export type Language = (typeof LANGUAGES)[number];

/** Each in itself, as it is offered to those who read it. */
export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = {
  en: "English",
  es: "Espa\u00f1ol",
  zh: "\u7b80\u4f53\u4e2d\u6587",
  ar: "\u0627\u0644\u0639\u0631\u0628\u064a\u0629",
};

/** Of a language tag: "es-MX" is Spanish. Undefined for one that is not spoken here. */
export function languageOf(tag: string): Language | undefined {
  const primary = tag.toLowerCase().split(/[-_]/)[0];
  return LANGUAGES.find((language) => language === primary);
}
