// What is said where a picture is passed on: by link, as a file, in another page.
import { count } from "./words.ts";

export const share = {
  title: "Pass it on",
  copyLink: "Copy link",
  copied: "Link copied. It opens this very picture, sentence included.",
  copiedLong: (length: number) =>
    `Link copied. It has ${count(length)} characters, and some programs cut links as long as that.`,
  copiedCut: (most: number) =>
    `Link copied. The text is longer than a link may hold: its first ${count(most)} characters are in it.`,
  notCopied: "The browser does not let this page copy. It is selected: copy it yourself.",
  link: "Link",
  save: "Save as",
  scale: "Pixels",
  times: (scale: number) => `${scale}\u00d7`,
  saved: (name: string) => `Saved as ${name}.`,
  notSaved: (message: string) => `Nothing was saved: ${message}`,
  /** Of a link: its keys whose values make no sense, and whether it has others. "": all was understood. */
  unsaid: (keys: readonly string[], isUnknown: boolean): string => {
    if (keys.length > 0) return `Part of this link makes no sense and was left out: ${keys.join(", ")}.`;
    return isUnknown ? "Part of this link is not known here and was left out." : "";
  },
  notInLinks: "A model from your disk, or of another hub, can\u2019t be in a link: this one shows heed-bert.",
  notEmbedded: "A model of your own is not among what can be embedded in a frame: it shows heed-bert.",
  beyond: "This link speaks of a layer, a head or a word that is not there. The nearest thing is shown.",
  embed: {
    open: "Embed \u2026",
    title: "Embed this picture",
    intro:
      "Each of these shows, in a page of yours, what you see now. Nothing that your readers type leaves their browser.",
    controls: "With controls",
    theme: "Light or dark",
    themes: { auto: "as the page", light: "light", dark: "dark" },
    iframe: "In a frame",
    iframeWhy: (megabytes: string) =>
      `For any page that takes HTML. The frame may run scripts and nothing else; it tells the page how high it is. It loads one file of ${megabytes} MB.`,
    element: "As an element",
    elementWhy:
      "For a page that may load scripts from here. Several elements share one engine and one model.",
    link: "As a link",
    linkWhy: "For a chat, a mail or a slide.",
    copy: (what: string) => `Copy: ${what}`,
    copyFace: "Copy",
    copied: (what: string) => `Copied: ${what}`,
    close: "Close",
    frameTitle: (model: string, text: string) => `Attention of ${model}: ${text}`,
  },
};
