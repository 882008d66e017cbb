// The post-processor of a tokenizer.json: special tokens around one text or two, and trimmed offsets. Semantics: Hugging
// Face tokenizers, src/processors/ and, for trimming, pre_tokenizers/byte_level.rs, process_offsets.

import {
  asArray,
  asFlag,
  asObject,
  asString,
  asTokenId,
  flattenSequence,
  invalidTokenizer,
  shown,
  unsupportedTokenizer,
  type Json,
} from "./definition.js";

/** A token on its way out. */
export interface Draft {
  readonly id: number;
  readonly text: string;
  start: number;
  end: number;
  readonly special: boolean;
  readonly sequence: 0 | 1;
  typeId: number;
  /** Number of its word in its text; −1: a word of its own. */
  readonly word: number;
}

/** From the tokens of one text, or two, to what the model reads. */
export interface PostProcess {
  apply(first: Draft[], second?: Draft[]): Draft[];
  /** Special tokens it puts behind a text: "[SEP]". */
  readonly separatorIds: readonly number[];
  /** Every special token it adds. */
  readonly addedIds: readonly number[];
}

type TemplateItem =
  | { readonly kind: "text"; readonly sequence: 0 | 1; readonly typeId: number }
  | { readonly kind: "special"; readonly typeId: number; readonly tokens: { id: number; text: string }[] };

function special(id: number, text: string, sequence: 0 | 1, typeId: number): Draft {
  return { id, text, start: 0, end: 0, special: true, sequence, typeId, word: -1 };
}

function fill(template: readonly TemplateItem[], texts: readonly Draft[][]): Draft[] {
  const result: Draft[] = [];
  for (const item of template) {
    if (item.kind === "text") {
      for (const draft of texts[item.sequence] ?? []) result.push({ ...draft, typeId: item.typeId });
    } else {
      const sequence = item.typeId === 1 ? 1 : 0;
      for (const { id, text } of item.tokens) result.push(special(id, text, sequence, item.typeId));
    }
  }
  return result;
}

const defaultTemplates: readonly (readonly TemplateItem[])[] = [
  [{ kind: "text", sequence: 0, typeId: 0 }],
  [
    { kind: "text", sequence: 0, typeId: 0 },
    { kind: "text", sequence: 1, typeId: 1 },
  ],
];

function readTemplate(config: Json, key: string, vocabularySize: number): TemplateItem[] {
  const where = `post_processor.${key}`;
  const specials = asObject(config["special_tokens"] ?? {}, "post_processor.special_tokens");
  return asArray(config[key], where).map((entry, i): TemplateItem => {
    const item = asObject(entry, `${where}[${i}]`);
    const body = asObject(item["Sequence"] ?? item["SpecialToken"], `${where}[${i}]`);
    const typeId = asTokenId(body["type_id"] ?? 0, `${where}[${i}].type_id`, 2);
    const id = asString(body["id"], `${where}[${i}].id`);
    if ("Sequence" in item) {
      if (id !== "A" && id !== "B")
        throw invalidTokenizer(`${where}[${i}].id is ${shown(id)}; expected "A" or "B"`);
      return { kind: "text", sequence: id === "A" ? 0 : 1, typeId };
    }
    const definition = Object.hasOwn(specials, id) ? specials[id] : undefined;
    const token = asObject(definition, `post_processor.special_tokens[${shown(id)}]`);
    const ids = asArray(token["ids"], `post_processor.special_tokens[${shown(id)}].ids`);
    const texts = asArray(token["tokens"], `post_processor.special_tokens[${shown(id)}].tokens`);
    return {
      kind: "special",
      typeId,
      tokens: ids.map((value, k) => ({
        id: asTokenId(value, `post_processor.special_tokens[${shown(id)}].ids[${k}]`, vocabularySize),
        text: asString(texts[k], `post_processor.special_tokens[${shown(id)}].tokens[${k}]`),
      })),
    };
  });
}

function readPair(config: Json, key: string, vocabularySize: number): { id: number; text: string } {
  const pair = asArray(config[key], `post_processor.${key}`);
  return {
    text: asString(pair[0], `post_processor.${key}[0]`),
    id: asTokenId(pair[1], `post_processor.${key}[1]`, vocabularySize),
  };
}

/** BertProcessing: [CLS] A [SEP] B [SEP]. RobertaProcessing: <s> A </s></s> B </s>, all of type 0. */
function classic(config: Json, vocabularySize: number): (readonly TemplateItem[])[] {
  const isRoberta = config["type"] === "RobertaProcessing";
  const cls = readPair(config, "cls", vocabularySize);
  const sep = readPair(config, "sep", vocabularySize);
  const second = isRoberta ? 0 : 1;
  const single: TemplateItem[] = [
    { kind: "special", typeId: 0, tokens: [cls] },
    { kind: "text", sequence: 0, typeId: 0 },
    { kind: "special", typeId: 0, tokens: [sep] },
  ];
  const between: TemplateItem[] = isRoberta ? [{ kind: "special", typeId: 0, tokens: [sep] }] : [];
  const pair: TemplateItem[] = [
    ...single,
    ...between,
    { kind: "text", sequence: 1, typeId: second },
    { kind: "special", typeId: second, tokens: [sep] },
  ];
  return [single, pair];
}

const edgeSpaces = /^[Ġ\p{White_Space}]*/u;
const endSpaces = /[Ġ\p{White_Space}]*$/u;

/** Takes the spaces a token begins and ends with out of its range; `keepPrefix`: but one that was added in front. */
function trim(drafts: Draft[], keepPrefix: boolean): void {
  drafts.forEach((draft, i) => {
    let leading = edgeSpaces.exec(draft.text)?.[0].length ?? 0;
    const trailing = endSpaces.exec(draft.text)?.[0].length ?? 0;
    if (leading > 0) {
      if (keepPrefix && (i === 0 || draft.start === 0)) --leading;
      draft.start = Math.min(draft.start + leading, draft.end);
    }
    if (trailing > 0 && draft.end >= trailing) draft.end = Math.max(draft.end - trailing, draft.start);
  });
}

/**
 * The "post_processor" of a tokenizer.json; null adds nothing.
 * Errors: "invalid-model", "unsupported-model" (a type other than TemplateProcessing, BertProcessing,
 * RobertaProcessing, ByteLevel and Sequence).
 */
export function readPostProcessor(definition: unknown, vocabularySize: number): PostProcess {
  let templates = defaultTemplates;
  const trims: boolean[] = [];
  for (const config of flattenSequence(definition, "processors", "post_processor")) {
    const type = config["type"];
    if (type === "TemplateProcessing") {
      templates = [
        readTemplate(config, "single", vocabularySize),
        readTemplate(config, "pair", vocabularySize),
      ];
    } else if (type === "BertProcessing" || type === "RobertaProcessing") {
      templates = classic(config, vocabularySize);
    } else if (type !== "ByteLevel") {
      throw unsupportedTokenizer(`post_processor ${shown(type)} is not implemented`);
    }
    const canTrim = type === "ByteLevel" || type === "RobertaProcessing";
    if (canTrim && asFlag(config["trim_offsets"], "post_processor.trim_offsets", true)) {
      trims.push(asFlag(config["add_prefix_space"], "post_processor.add_prefix_space", true));
    }
  }

  const idsOf = (items: readonly TemplateItem[]): number[] =>
    items.flatMap((item) => (item.kind === "special" ? item.tokens.map(({ id }) => id) : []));
  const single = templates[0] ?? [];
  const behind = single.slice(single.findIndex((item) => item.kind === "text") + 1);
  return {
    separatorIds: idsOf(behind),
    addedIds: idsOf(templates.flat()),
    apply(first, second) {
      for (const keepPrefix of trims) {
        trim(first, keepPrefix);
        if (second) trim(second, keepPrefix);
      }
      return fill(templates[second ? 1 : 0] ?? [], second ? [first, second] : [first]);
    },
  };
}
