// A GGUF file as the parts of a Hugging Face checkpoint: a config, a vocabulary and weights.

import { failure, shown } from "../errors.js";
import { configOf } from "./config.js";
import { maxHeaderBytes, readGgufHeader, type GgufHeader } from "./header.js";
import { Metadata } from "./metadata.js";
import { weightsOf } from "./names.js";
import { heldTensors, planTensors, readPieces, rotaryFactors, type PlannedTensor } from "./pieces.js";
import { readVocabulary } from "./vocabulary.js";
import type { OpenSafetensors, SafetensorsHeader } from "../safetensors.js";
import type { ByteFile } from "../sources/byte_file.js";

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
  /** `file`: the same, as it is to be read. */
  weights(file: ByteFile): GgufWeights;
}

/**
 * Reads the front of a file.
 *
 * Errors: "invalid-model", "unsupported-model" (an architecture, a format or a tensor that is not implemented; the message
 * names it), and those of opening and reading.
 */
export async function readGguf(file: ByteFile, signal: AbortSignal | undefined): Promise<GgufCheckpoint> {
  const reader = await file.open({ signal, begin: 0, end: maxHeaderBytes });
  const header = await readGgufHeader(reader, file.name).finally(() => reader.close());
  const metadata = new Metadata(header);
  const factors = await readFactors(file, header, signal);
  const config = configOf(metadata, header.tensors, factors);
  const plans = planTensors(header, weightsOf(metadata));
  return {
    config,
    vocabulary: () => readVocabulary(metadata),
    weights: weightsOfFile(header, plans, reader.version),
  };
}

/** What the rotary frequencies of a model are divided by, of a file that says so in a tensor: Llama 3.1's. */
async function readFactors(
  file: ByteFile,
  { tensors, dataBegin }: GgufHeader,
  signal: AbortSignal | undefined,
): Promise<Float32Array | undefined> {
  const tensor = tensors.find(({ name }) => name === rotaryFactors);
  if (!tensor) return undefined;
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

function weightsOfFile(
  { file: name, size, dataBegin }: GgufHeader,
  plans: readonly PlannedTensor[],
  version: string | undefined,
): GgufCheckpoint["weights"] {
  const header: SafetensorsHeader = { name, size, tensors: heldTensors(plans) };
  return (file) => ({
    name,
    header,
    async open(signal) {
      const reader = await file.open({ signal });
      const close = (): Promise<void> => reader.close();
      if (version === reader.version)
        return { ...header, pieces: () => readPieces(reader, name, dataBegin, plans), close };
      await close();
      throw failure("network", `${name} has changed while it was loaded`);
    },
  });
}
