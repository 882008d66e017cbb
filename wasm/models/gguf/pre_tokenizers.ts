// Where words begin and end in vocabularies of byte-level BPE, by the names that "tokenizer.ggml.pre" has for it. What a
// name stands for is what the tokenizer.json of the models that llama.cpp's converter gives it to says.

interface Words {
  /** Whether texts are brought to Unicode's normal form C first. */
  readonly isComposed: boolean;
  readonly steps: readonly object[];
  /** Whether a word that is a token is taken as it is, and not put together by merges. */
  readonly ignoresMerges: boolean;
  /** Whether texts begin with the token for that, where the file does not say. */
  readonly addsBegin: boolean;
}

const byteLevel = (useRegex: boolean): object => ({
  type: "ByteLevel",
  add_prefix_space: false,
  trim_offsets: true,
  use_regex: useRegex,
});

function split(regex: string): readonly object[] {
  const pattern = { Regex: regex };
  return [{ type: "Split", pattern, behavior: "Isolated", invert: false }, byteLevel(false)];
}

const contractions = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
const rest = " ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
const words = (digits: string): string => `${contractions}|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|${digits}|${rest}`;

const plain: Words = { isComposed: false, steps: [byteLevel(true)], ignoresMerges: false, addsBegin: false };
const gptNeoX: Words = { ...plain, isComposed: true };
const llama3: Words = { ...plain, steps: split(words("\\p{N}{1,3}")), ignoresMerges: true, addsBegin: true };
const qwen2: Words = { ...plain, steps: split(words("\\p{N}")), isComposed: true };
const smolLm: Words = { ...plain, steps: [{ type: "Digits", individual_digits: true }, byteLevel(true)] };

const known: ReadonlyMap<string, Words> = new Map([
  ["gpt-2", plain],
  ["phi-2", plain],
  ["olmo", gptNeoX],
  ["llama-bpe", llama3],
  ["llama3", llama3],
  ["llama-v3", llama3],
  ["qwen2", qwen2],
  ["deepseek-r1-qwen", qwen2],
  ["smollm", smolLm],
]);

// Files from before April 2024 don't say; of these architectures there is one answer.
const ofArchitecture: ReadonlyMap<string, Words> = new Map([
  ["gpt2", plain],
  ["gptneox", gptNeoX],
  ["qwen2", qwen2],
]);

/** What a name stands for; undefined: not known here. */
export function wordsOf(name: string | undefined, architecture: string): Words | undefined {
  return name === undefined ? ofArchitecture.get(architecture) : known.get(name);
}

/** The names that are known. */
export const knownWords: readonly string[] = [...known.keys()];
