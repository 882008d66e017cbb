// A GGUF file, or the parts of one, as what a Hugging Face checkpoint has: a config, a vocabulary and weights.

import { failure, shown } from "../errors.js";
import { configOf } from "./config.js";
import { maxHeaderBytes, readGgufHeader, type GgufHeader } from "./header.js";
import { Metadata } from "./metadata.js";
import { weightsOf } from "./names.js";
import { inOrder } from "./parts.js";
import { heldTensors, planTensors, readPieces, rotaryFactors, type PlannedTensor } from "./pieces.js";
import { readVocabulary } from "./vocabulary.js";
import type { OpenSafetensors, SafetensorsHeader } from "../safetensors.js";
import type { ByteFile } from "../sources/byte_file.js";
import { inParallel } from "../sources/parallel.js";

const headersAtOnce = 6;

/** The weights of a file whose header has been read. */
export interface GgufWeights {
  readonly name: string;
  /** Tensors as the engine is given them; `size` is the file's. */
  readonly header: SafetensorsHeader;
  /** Reads the file once more, from its front: so it is known to be whole, and can be kept. */
  open(signal: AbortSignal | undefined): Promise<OpenSafetensors>;
}

export interface GgufCheckpoint {
  /** As a parsed config.json. */
  readonly config: object;
  /** As a parsed tokenizer.json; made at each call. Errors: readVocabulary()'s. */
  vocabulary(): object;
  /** Of each part; `as`: a file as it is to be read. */
  weights(as: (file: ByteFile) => ByteFile): GgufWeights[];
}

interface Part {
  readonly file: ByteFile;
  readonly header: GgufHeader;
  readonly version: string | undefined;
}

/**
 * Reads the front of a file, or of all parts of one.
 *
 * Errors: "invalid-model", "unsupported-model" (an architecture, a format or a tensor that is not implemented; the message
 * names it), "invalid-argument" (a part is missing), and those of opening and reading.
 */
export async function readGguf(
  files: readonly ByteFile[],
  signal: AbortSignal | undefined,
): Promise<GgufCheckpoint> {
  const parts = inOrder(await inParallel(files, headersAtOnce, signal, readPart));
  const [first] = parts as [Part, ...Part[]];
  const metadata = new Metadata(first.header);
  const factors = await readFactors(parts, signal);
  const config = configOf(
    metadata,
    parts.flatMap(({ header }) => header.tensors),
    factors,
  );
  const find = weightsOf(metadata);
  return {
    config,
    vocabulary: () => readVocabulary(metadata),
    weights: weightsOfParts(parts.map((part) => weightsOfPart(part, planTensors(part.header, find)))),
  };
}

async function readPart(file: ByteFile, signal: AbortSignal | undefined): Promise<Part> {
  const reader = await file.open({ signal, begin: 0, end: maxHeaderBytes });
  const header = await readGgufHeader(reader, file.name).finally(() => reader.close());
  return { file, header, version: reader.version };
}

/** What the rotary frequencies of a model are divided by, of a file that says so in a tensor: Llama 3.1's. */
async function readFactors(
  parts: readonly Part[],
  signal: AbortSignal | undefined,
): Promise<Float32Array | undefined> {
  const [found] = parts.flatMap(({ file, header: { tensors, dataBegin } }) =>
    tensors.flatMap((tensor) => (tensor.name === rotaryFactors ? [{ file, tensor, dataBegin }] : [])),
  );
  if (!found) return undefined;
  const { file, tensor, dataBegin } = found;
  const { format, shape, begin, end } = tensor;
  const what = `${file.name}: tensor ${shown(rotaryFactors)}`;
  if (format.name !== "F32" || shape.length !== 1 || end - begin > maxFactorBytes) {
    throw failure(
      "invalid-model",
      `${what} is ${format.name} of the shape ${shown(shape)}; expected a short vector in F32`,
    );
  }
  const reader = await file.open({ signal, begin: dataBegin + begin, end: dataBegin + end });
  const bytes = await reader.read(end - begin).finally(() => reader.close());
  if (bytes.length < end - begin) throw failure("invalid-model", `${what}: the file ends inside it`);
  return new Float32Array(bytes.slice().buffer);
}

const maxFactorBytes = 1 << 16;

type MakeWeights = (as: (file: ByteFile) => ByteFile) => GgufWeights;

// A function of its own, and the next one too, for closures keep what those beside them need: vocabularies are large.
function weightsOfParts(parts: readonly MakeWeights[]): GgufCheckpoint["weights"] {
  return (as) => parts.map((make) => make(as));
}

function weightsOfPart(
  { file, version, header: { size, dataBegin } }: Part,
  plans: readonly PlannedTensor[],
): MakeWeights {
  const { name } = file;
  const header: SafetensorsHeader = { name, size, tensors: heldTensors(plans) };
  return (as) => ({
    name,
    header,
    async open(signal) {
      const reader = await as(file).open({ signal });
      const close = (): Promise<void> => reader.close();
      if (version === reader.version)
        return { ...header, pieces: () => readPieces(reader, name, dataBegin, plans), close };
      await close();
      throw failure("network", `${name} has changed while it was loaded`);
    },
  });
}
