// ONNX models, written field by field: protocol buffers, https://protobuf.dev/programming-guides/encoding, with the numbers of
// https://github.com/onnx/onnx/blob/main/onnx/onnx.proto. Weights stay in a file of their own, which the model points into.

export interface OnnxGraph {
  nodes: readonly OnnxNode[];
  inputs: readonly OnnxValue[];
  outputs: readonly OnnxValue[];
  constants?: readonly (OnnxWeight | OnnxShape)[];
}

export interface OnnxNode {
  type: string;
  /** "": ONNX's own. */
  domain: "" | "com.microsoft";
  /** Whole numbers and, where it says so, floats. */
  attributes: Record<string, number | { float: number }>;
  /** Names in the operator's order; "": an optional one left out. */
  inputs: readonly string[];
  outputs: readonly string[];
}

export interface OnnxValue {
  name: string;
  type: "float" | "int32" | "int64";
  /** A negative dimension is left open. */
  shape: readonly number[];
}

/** f32 at a place of the weights' file. */
export interface OnnxWeight {
  name: string;
  shape: readonly number[];
  file: string;
  offset: number;
}

/** A vector of int64, as Reshape wants it. */
export interface OnnxShape {
  name: string;
  sizes: readonly number[];
}

/** A single operator, its inputs and outputs in its own order; null: an optional one left out. */
export interface OnnxOperator extends Omit<OnnxNode, "inputs" | "outputs"> {
  inputs: readonly (OnnxValue | null)[];
  outputs: readonly (OnnxValue | null)[];
}

/** The opset that brought Attention; IR version 10 is read by every runtime that knows it. */
const opset = 23;
const irVersion = 10;
const elementTypes = { float: 1, int32: 6, int64: 7 };
const attributeTypes = { float: 1, int: 2 };

export function onnxOperator(operator: OnnxOperator): Uint8Array<ArrayBuffer> {
  const names = (values: readonly (OnnxValue | null)[]) => values.map((value) => value?.name ?? "");
  const given = (values: readonly (OnnxValue | null)[]) => values.filter((value) => value !== null);
  const node = { ...operator, inputs: names(operator.inputs), outputs: names(operator.outputs) };
  return onnxModel({ nodes: [node], inputs: given(operator.inputs), outputs: given(operator.outputs) });
}

export function onnxModel({ nodes, inputs, outputs, constants = [] }: OnnxGraph): Uint8Array<ArrayBuffer> {
  const graph = [
    ...nodes.flatMap((node) => message(1, nodeProto(node))),
    ...text(2, "bench"),
    ...constants.flatMap((constant) => message(5, tensorProto(constant))),
    ...inputs.flatMap((value) => message(11, valueInfo(value))),
    ...outputs.flatMap((value) => message(12, valueInfo(value))),
  ];
  const others = new Set(nodes.map(({ domain }) => domain).filter((domain) => domain !== ""));
  const model = [
    ...integer(1, irVersion),
    ...message(7, graph),
    ...message(8, [...text(1, ""), ...integer(2, opset)]),
    ...[...others].flatMap((domain) => message(8, [...text(1, domain), ...integer(2, 1)])),
  ];
  return new Uint8Array(model);
}

function nodeProto({ type, domain, attributes, inputs, outputs }: OnnxNode): number[] {
  return [
    ...inputs.flatMap((name) => text(1, name)),
    ...outputs.flatMap((name) => text(2, name)),
    ...text(4, type),
    ...Object.entries(attributes).flatMap(([name, value]) => message(5, attribute(name, value))),
    ...(domain === "" ? [] : text(7, domain)),
  ];
}

/** TensorProto: dims 1, data_type 2, int64_data 7, name 8, external_data 13 { key 1, value 2 }, data_location 14. */
function tensorProto(constant: OnnxWeight | OnnxShape): number[] {
  if ("sizes" in constant) {
    const { name, sizes } = constant;
    const data = message(7, sizes.flatMap(varint));
    return [...integer(1, sizes.length), ...integer(2, elementTypes.int64), ...data, ...text(8, name)];
  }
  const { name, shape, file, offset } = constant;
  const length = 4 * shape.reduce((product, size) => product * size, 1);
  const place = { location: file, offset: String(offset), length: String(length) };
  return [
    ...shape.flatMap((size) => integer(1, size)),
    ...integer(2, elementTypes.float),
    ...text(8, name),
    ...Object.entries(place).flatMap(([key, value]) => message(13, [...text(1, key), ...text(2, value)])),
    ...integer(14, 1), // external
  ];
}

/** AttributeProto: name 1, f 2, i 3, type 20. */
function attribute(name: string, value: number | { float: number }): number[] {
  return typeof value === "number"
    ? [...text(1, name), ...integer(3, value), ...integer(20, attributeTypes.int)]
    : [...text(1, name), ...float(2, value.float), ...integer(20, attributeTypes.float)];
}

/** ValueInfoProto: name 1, type 2 { tensor_type 1 { elem_type 1, shape 2 { dim 1 { dim_value 1 } } } }. */
function valueInfo({ name, type, shape }: OnnxValue): number[] {
  const dimensions = shape.flatMap((size) => message(1, size < 0 ? [] : integer(1, size)));
  const tensor = [...integer(1, elementTypes[type]), ...message(2, dimensions)];
  return [...text(1, name), ...message(2, message(1, tensor))];
}

const wire = { varint: 0, length: 2, fixed32: 5 };

function tag(field: number, kind: number): number[] {
  return varint(field * 8 + kind);
}

function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(Math.floor(value / 0x80))];
}

function integer(field: number, value: number): number[] {
  return [...tag(field, wire.varint), ...varint(value)];
}

function float(field: number, value: number): number[] {
  const bytes = new DataView(new ArrayBuffer(4));
  bytes.setFloat32(0, value, true);
  return [...tag(field, wire.fixed32), ...new Uint8Array(bytes.buffer)];
}

function message(field: number, content: readonly number[]): number[] {
  return [...tag(field, wire.length), ...varint(content.length), ...content];
}

function text(field: number, value: string): number[] {
  return message(field, [...new TextEncoder().encode(value)]);
}
