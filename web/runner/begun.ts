// What the first picture is made of, asked for before the code that reads it is there.
import config from "../models/heed-bert/config.json?url";
import weights from "../models/heed-bert/model.safetensors?url";
import tokenizer from "../models/heed-bert/tokenizer.json?url";
import tokenizerConfig from "../models/heed-bert/tokenizer_config.json?url";

const begun = new Map<string, Promise<Response>>();

/** The small files first, which are read while the weights are on their way. */
export function begin(): void {
  for (const address of [config, tokenizerConfig, tokenizer, weights]) {
    const { href } = new URL(address, location.href);
    const answer = fetch(href);
    // Whoever wants it hears of a failure; nobody may.
    answer.catch(() => undefined);
    begun.set(href, answer);
  }
}

/** fetch(), which takes what was begun: once, for an answer can be read but once. */
export const fetchBegun: typeof fetch = (input, init) => {
  const address = String(input);
  const answer = begun.get(address);
  begun.delete(address);
  return answer ?? fetch(input, init);
};
