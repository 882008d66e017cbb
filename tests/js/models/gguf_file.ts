// GGUF files as ggml writes them (docs/gguf.md), for the tests: a writer that writes what it is told, true or not.

/** The numbers of the types of values. */
export const valueTypes = {
  ...{
    uint8: 0,
    int8: 1,
    uint16: 2,
    int16: 3,
    uint32: 4,
    int32: 5,
    float32: 6,
    bool: 7,
    string: 8,
    array: 9,
  },
  ...{ uint64: 10, int64: 11, float64: 12 },
} as const;
type ValueType = keyof typeof valueTypes;

/** The numbers of the formats of tensors. */
export const formats = {
  ...{ F32: 0, F16: 1, Q4_0: 2, Q4_1: 3, Q5_0: 6, Q5_1: 7, Q8_0: 8, Q2_K: 10, Q3_K: 11, Q4_K: 12, Q5_K: 13 },
  ...{ Q6_K: 14, IQ4_XS: 23, BF16: 30 },
} as const;
export type Format = keyof typeof formats;

export type GgufValue =
  | { type: Exclude<ValueType, "array">; value: number | bigint | boolean | string }
  | { type: "array"; of: ValueType; value: readonly (number | bigint | boolean | string)[] };

export interface GgufTensorData {
  name: string;
  format: number;
  /** The last dimension's values beside one another; the file has the dimensions the other way round. */
  shape: readonly number[];
  bytes: Uint8Array;
  /** By default where the one before it ends, aligned. */
  offset?: number;
}

export interface GgufParts {
  version?: number;
  alignment?: number;
  values?: Record<string, GgufValue> | readonly (readonly [string, GgufValue])[];
  tensors?: readonly GgufTensorData[];
  numKeys?: bigint;
  numTensors?: bigint;
}

export const text = (value: string): GgufValue => ({ type: "string", value });
export const uint = (value: number): GgufValue => ({ type: "uint32", value });
export const float = (value: number): GgufValue => ({ type: "float32", value });
export const flag = (value: boolean): GgufValue => ({ type: "bool", value });
export const array = (of: ValueType, value: readonly (number | boolean | string)[]): GgufValue => ({
  type: "array",
  of,
  value,
});

/** Bytes that grow. */
export class ByteWriter {
  #bytes = new Uint8Array(1 << 12);
  length = 0;

  #room(count: number): DataView {
    if (this.length + count > this.#bytes.length) {
      const larger = new Uint8Array(2 * (this.length + count));
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    const view = new DataView(this.#bytes.buffer, this.length, count);
    this.length += count;
    return view;
  }

  raw(bytes: Uint8Array): this {
    this.#room(bytes.length);
    this.#bytes.set(bytes, this.length - bytes.length);
    return this;
  }

  uint32(value: number): this {
    this.#room(4).setUint32(0, value, true);
    return this;
  }

  uint64(value: bigint | number): this {
    this.#room(8).setBigUint64(0, BigInt(value), true);
    return this;
  }

  string(value: string): this {
    const bytes = new TextEncoder().encode(value);
    return this.uint64(bytes.length).raw(bytes);
  }

  scalar(type: ValueType, value: number | bigint | boolean | string): this {
    switch (type) {
      case "string":
        return this.string(value as string);
      case "bool":
        return this.raw(Uint8Array.of(value ? 1 : 0));
      case "uint8":
      case "int8":
        return this.raw(Uint8Array.of(Number(value)));
      case "uint16":
      case "int16":
        this.#room(2).setUint16(0, Number(value), true);
        return this;
      case "float32":
        this.#room(4).setFloat32(0, Number(value), true);
        return this;
      case "float64":
        this.#room(8).setFloat64(0, Number(value), true);
        return this;
      case "uint64":
      case "int64":
        return this.uint64(BigInt.asUintN(64, BigInt(value as number)));
      default:
        return this.uint32(Number(value) >>> 0);
    }
  }

  value(value: GgufValue): this {
    this.uint32(valueTypes[value.type]);
    if (value.type !== "array") return this.scalar(value.type, value.value);
    this.uint32(valueTypes[value.of]).uint64(value.value.length);
    for (const entry of value.value) this.scalar(value.of, entry);
    return this;
  }

  pad(alignment: number): this {
    return this.raw(new Uint8Array((alignment - (this.length % alignment)) % alignment));
  }

  get buffer(): ArrayBuffer {
    return this.#bytes.slice(0, this.length).buffer;
  }
}

/** A GGUF file. */
export function ggufFile(parts: GgufParts): ArrayBuffer {
  const { version = 3, alignment = 32, tensors = [] } = parts;
  const values = Array.isArray(parts.values)
    ? (parts.values as readonly (readonly [string, GgufValue])[])
    : Object.entries((parts.values ?? {}) as Record<string, GgufValue>);
  const file = new ByteWriter()
    .raw(new TextEncoder().encode("GGUF"))
    .uint32(version)
    .uint64(parts.numTensors ?? tensors.length)
    .uint64(parts.numKeys ?? values.length);
  for (const [key, value] of values) file.string(key).value(value);
  const data = new ByteWriter();
  for (const { name, format, shape, bytes, offset } of tensors) {
    data.pad(alignment);
    file.string(name).uint32(shape.length);
    for (const size of [...shape].reverse()) file.uint64(size);
    file.uint32(format).uint64(offset ?? data.length);
    data.raw(bytes);
  }
  return file.pad(alignment).raw(new Uint8Array(data.pad(alignment).buffer)).buffer;
}
