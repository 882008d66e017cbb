// What the page says of models of one's own. Names come isolated: they are anyone's.
import { bytes, count, duration } from "./words.ts";

export const own = {
  intro:
    "A model in Hugging Face\u2019s files (config.json, tokenizer.json, safetensors) or as a GGUF file, by its name, its address, or from your disk. It runs here: nothing leaves this machine but the request to the address that you give. What you type is never sent.",
  address: "Name or address",
  addressHint: "org/model, the address of its page, or of any folder with the files",
  more: "Revision, other hub",
  revision: "Revision: a branch, a tag or a commit",
  hub: "Address of another hub",
  keep: "Keep it in this browser for the next visit",
  lookUp: "See what it takes",
  drop: "Or drop a folder or its files here",
  chooseFolder: "Choose a folder",
  chooseFiles: "Choose files",
  noFiles: "There were no files in what was dropped.",
  looking: (name: string) => `Asking what ${name} takes \u2026`,
  opening: (name: string) => `Opening ${name} \u2026`,
  facts: {
    architecture: "Architecture",
    kind: "Reads",
    causal: "from left to right",
    masked: "in both directions",
    layers: "Layers",
    heads: "Heads a layer",
    tokens: "Tokens at most",
    parameters: "Parameters",
    memory: "Memory for weights",
    download: "Download",
    source: "From",
    disk: "this machine",
  },
  number: (value: number) => count(value),
  bytes: (value: number) => bytes(value),
  download: (size: number) => `Download ${bytes(size)} and show it`,
  tooLarge: (size: number) =>
    `It takes ${bytes(size)} of memory, more than a page can have. It can\u2019t be shown here.`,
  progress: (loaded: number, total: number) => `${bytes(loaded)} of ${bytes(total)}`,
  left: (seconds: number) => `about ${duration(seconds)} left`,
  loading: (name: string) => `Loading ${name}`,
  cancel: "Cancel",
  cancelled: "Cancelled. What was shown before is still there.",
  cancelledKept: "Cancelled. What has arrived is kept, and the download can go on from there.",
  shown: (name: string) => `${name} is shown below.`,
  hasDecoder:
    "It has an encoder and a decoder. Shown first is the encoder, reading the sentence; above the picture you can choose the decoder, or the attention between the two.",
  failed: (name: string) => `${name} could not be shown; what was shown before is still there.`,
  badAddress:
    "This is not a model\u2019s name or address. Give a name such as org/model, or an address that begins with https://, of its page on the hub or of a folder with its files.",
  errors: {
    "invalid-argument": "This is not a model\u2019s name, address or set of files.",
    network:
      "It could not be fetched: the address does not exist, wants a permission, does not allow other pages to read it, or the connection broke.",
    "invalid-model": "A file is damaged, or not what it says it is. Nothing of it was used.",
    "unsupported-model": "This kind of model, or something in it, can\u2019t be run here.",
    "out-of-memory": "It needs more memory than there is.",
    "unsupported-host": "This browser lacks something that is needed.",
    crashed: "Something unforeseen went wrong.",
  } as Readonly<Record<string, string>>,
  detail: "In detail:",
  kept: "Kept in this browser",
  unfinished: (size: number) => `${bytes(size)}, not all of it`,
  open: "Show",
  goOn: "Go on",
  remove: "Delete",
  /** For who can't see beside what a button stands. */
  about: (act: string, name: string) => `${act}: ${name}`,
  removed: (name: string) => `${name} is deleted.`,
  notRemoved: (name: string) => `${name} could not be deleted.`,
  inUse: "It is being loaded, here or in another tab: cancel that first.",
  linked: (name: string) =>
    `The link that you opened shows ${name}. Nothing has been asked of that address yet: see what it takes, if you trust who sent you here. Until then heed-bert reads the sentence.`,
};
