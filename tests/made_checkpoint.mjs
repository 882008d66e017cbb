// A checkpoint that nobody trained: random weights, and a context as long as wanted, for what a bundled model is too short for.

/**
 * @param {"gpt2" | "bert"} kind
 * @param {{ context?: number, layers?: number, heads?: number, headDim?: number, seed?: number }} [options]
 * @returns {{ config: object, tokenizer: object, weights: ArrayBuffer }} as files of a Hugging Face folder; one character of
 *   ASCII is one token of gpt2, and one word "w" of bert
 */
export function madeCheckpoint(kind, { context = 4096, layers = 2, heads = 4, headDim = 32, seed = 1 } = {}) {
  const width = heads * headDim;
  const size = { context, layers, heads, width, inner: 2 * width };
  return kind === "gpt2"
    ? { config: gpt2Config(size), tokenizer: byteTokenizer(), weights: filled(gpt2Shapes(size), seed) }
    : {
        config: bertConfig(size),
        tokenizer: wordTokenizer(["a", "b", "c", "d"]),
        weights: filled(bertShapes(size), seed),
      };
}

const VOCABULARY = { gpt2: 257, bert: 9 };

/** @typedef {{ context: number, layers: number, heads: number, width: number, inner: number }} Sizes */
/** @typedef {[name: string, shape: number[]][]} Shapes */

/** @param {Sizes} size */
const gpt2Config = ({ context, layers, heads, width, inner }) => ({
  ...{ model_type: "gpt2", vocab_size: VOCABULARY.gpt2, n_embd: width, n_head: heads, n_layer: layers },
  ...{ n_positions: context, n_inner: inner, eos_token_id: 0 },
});

/** @param {Sizes} size */
const bertConfig = ({ context, layers, heads, width, inner }) => ({
  ...{ model_type: "bert", vocab_size: VOCABULARY.bert, hidden_size: width, num_attention_heads: heads },
  ...{
    num_hidden_layers: layers,
    intermediate_size: inner,
    max_position_embeddings: context,
    type_vocab_size: 2,
  },
});

/** @param {string} name @param {number} width @returns {Shapes} */
const norm = (name, width) => [
  [`${name}.weight`, [width]],
  [`${name}.bias`, [width]],
];

/** @param {string} name @param {number} rows @param {number} cols @param {number} out @returns {Shapes} */
const linear = (name, rows, cols, out) => [
  [`${name}.weight`, [rows, cols]],
  [`${name}.bias`, [out]],
];

/** @param {Sizes} size @returns {Shapes} */
function gpt2Shapes({ context, layers, width, inner }) {
  return [
    ["wte.weight", [VOCABULARY.gpt2, width]],
    ["wpe.weight", [context, width]],
    ...Array.from({ length: layers }, (_, l) => [
      ...norm(`h.${l}.ln_1`, width),
      ...linear(`h.${l}.attn.c_attn`, width, 3 * width, 3 * width),
      ...linear(`h.${l}.attn.c_proj`, width, width, width),
      ...norm(`h.${l}.ln_2`, width),
      ...linear(`h.${l}.mlp.c_fc`, width, inner, inner),
      ...linear(`h.${l}.mlp.c_proj`, inner, width, width),
    ]).flat(),
    ...norm("ln_f", width),
  ];
}

/** @param {Sizes} size @returns {Shapes} */
function bertShapes({ context, layers, width, inner }) {
  /** @param {string} name @param {number} from @param {number} to */
  const dense = (name, from, to) => linear(name, to, from, to);
  return [
    ["bert.embeddings.word_embeddings.weight", [VOCABULARY.bert, width]],
    ["bert.embeddings.position_embeddings.weight", [context, width]],
    ["bert.embeddings.token_type_embeddings.weight", [2, width]],
    ...norm("bert.embeddings.LayerNorm", width),
    ...Array.from({ length: layers }, (_, l) => {
      const layer = `bert.encoder.layer.${l}`;
      return [
        ...["query", "key", "value"].flatMap((part) =>
          dense(`${layer}.attention.self.${part}`, width, width),
        ),
        ...dense(`${layer}.attention.output.dense`, width, width),
        ...norm(`${layer}.attention.output.LayerNorm`, width),
        ...dense(`${layer}.intermediate.dense`, width, inner),
        ...dense(`${layer}.output.dense`, inner, width),
        ...norm(`${layer}.output.LayerNorm`, width),
      ];
    }).flat(),
    ...dense("cls.predictions.transform.dense", width, width),
    ...norm("cls.predictions.transform.LayerNorm", width),
    /** @type {[string, number[]]} */ (["cls.predictions.bias", [VOCABULARY.bert]]),
  ];
}

/**
 * A safetensors file: gains are 1, biases 0, all else random. Tables are of unit variance; linear layers keep it but for a
 * factor of 2, which gives queries and keys that tell some words from others.
 * @param {Shapes} shapes @param {number} seed @returns {ArrayBuffer}
 */
function filled(shapes, seed) {
  let end = 0;
  const header = Object.fromEntries(
    shapes.map(([name, shape]) => {
      const begin = end;
      end += 4 * shape.reduce((product, length) => product * length, 1);
      return [name, { dtype: "F32", shape, data_offsets: [begin, end] }];
    }),
  );
  let json = JSON.stringify(header);
  json += " ".repeat((8 - (json.length % 8)) % 8);
  const bytes = new Uint8Array(8 + json.length + end);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(new TextEncoder().encode(json), 8);
  const values = new Float32Array(bytes.buffer, 8 + json.length);
  let state = seed;
  let at = 0;
  for (const [name, shape] of shapes) {
    const count = shape.reduce((product, length) => product * length, 1);
    const isGain = shape.length === 1 && name.endsWith("weight");
    const spread = /embeddings|w[tp]e/.test(name) ? 1 : 2 / Math.sqrt(shape[0] ?? 1);
    for (const last = at + count; at < last; at++) {
      state = (Math.imul(state, 1664525) + 1013904223) | 0;
      // Uniform, of variance 1.
      values[at] = shape.length === 1 ? Number(isGain) : spread * 1.7320508 * (state / 2 ** 31);
    }
  }
  return bytes.buffer;
}

/**
 * GPT-2's way of spelling bytes: id = byte + 1, and 0 is "<|endoftext|>"; no merges.
 * @param {Record<string, unknown>} [changes] @returns {Record<string, unknown>}
 */
export function byteTokenizer(changes = {}) {
  const isPrintable = (/** @type {number} */ byte) =>
    (byte > 32 && byte < 127) || (byte > 160 && byte < 173) || byte > 173;
  let next = 256;
  const vocab = Object.fromEntries(
    Array.from({ length: 256 }, (_, byte) => [
      String.fromCharCode(isPrintable(byte) ? byte : next++),
      byte + 1,
    ]),
  );
  return {
    added_tokens: [{ id: 0, content: "<|endoftext|>", special: true, normalized: false }],
    normalizer: null,
    pre_tokenizer: { type: "ByteLevel", add_prefix_space: false, use_regex: true },
    post_processor: null,
    decoder: { type: "ByteLevel" },
    model: { type: "BPE", vocab: { ...vocab, "<|endoftext|>": 0 }, merges: [] },
    ...changes,
  };
}

/**
 * BERT's tokenizer over a few words.
 * @param {readonly string[]} words @returns {Record<string, unknown>}
 */
export function wordTokenizer(words) {
  const special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];
  const vocab = Object.fromEntries([...special, ...words].map((word, id) => [word, id]));
  const item = (/** @type {string} */ id, /** @type {number} */ type_id) => ({
    SpecialToken: { id, type_id },
  });
  const text = (/** @type {string} */ id, /** @type {number} */ type_id) => ({ Sequence: { id, type_id } });
  const single = [item("[CLS]", 0), text("A", 0), item("[SEP]", 0)];
  return {
    added_tokens: special.map((content, id) => ({ id, content, special: true, normalized: false })),
    normalizer: { type: "BertNormalizer", lowercase: true, strip_accents: null },
    pre_tokenizer: { type: "BertPreTokenizer" },
    post_processor: {
      type: "TemplateProcessing",
      single,
      pair: [...single, text("B", 1), item("[SEP]", 1)],
      special_tokens: {
        "[CLS]": { id: "[CLS]", ids: [2], tokens: ["[CLS]"] },
        "[SEP]": { id: "[SEP]", ids: [3], tokens: ["[SEP]"] },
      },
    },
    decoder: { type: "WordPiece", prefix: "##" },
    model: { type: "WordPiece", vocab, unk_token: "[UNK]", continuing_subword_prefix: "##" },
  };
}
