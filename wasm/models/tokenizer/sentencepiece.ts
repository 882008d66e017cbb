// What tokenizers made by SentencePiece need besides: fetched when the first is read.

export { precompiled } from "./charsmap.js";
export { unigram } from "./unigram.js";
