// ONNX models of a single operator, written field by field: protocol buffers, https://protobuf.dev/programming-guides/encoding,
// with the numbers of https://github.com/onnx/onnx/blob/main/onnx/onnx.proto.

export interface OnnxOperator {
  type: string;
  /** "": ONNX's own. */
  domain: "" | "com.microsoft";
  /** Whole numbers and, where it says so, floats. */
  attributes: Record<string, number | { float: number }>;
  /** In the operator's order; null: an optional one left out. */
  inputs: readonly (OnnxValue | null)[];
  outputs: readonly (OnnxValue | null)[];
}

export interface OnnxValue {
  name: string;
  type: "float" | "int32";
  /** A negative dimension is left open. */
  shape: readonly number[];
}

/** The opset that brought Attention; IR version 10 is read by every runtime that knows it. */
const opset = 23;
const irVersion = 10;
const elementTypes = { float: 1, int32: 6 };
const attributeTypes = { float: 1, int: 2 };

export function onnxModel(operator: OnnxOperator): Uint8Array<ArrayBuffer> {
  const names = (values: readonly (OnnxValue | null)[]) => values.map((value) => value?.name ?? "");
  const given = (values: readonly (OnnxValue | null)[]) => values.filter((value) => value !== null);
  const node = [
    ...names(operator.inputs).flatMap((name) => text(1, name)),
    ...names(operator.outputs).flatMap((name) => text(2, name)),
    ...text(4, operator.type),
    ...Object.entries(operator.attributes).flatMap(([name, value]) => message(5, attribute(name, value))),
    ...(operator.domain === "" ? [] : text(7, operator.domain)),
  ];
  const graph = [
    ...message(1, node),
    ...text(2, "bench"),
    ...given(operator.inputs).flatMap((value) => message(11, valueInfo(value))),
    ...given(operator.outputs).flatMap((value) => message(12, valueInfo(value))),
  ];
  const model = [
    ...integer(1, irVersion),
    ...message(7, graph),
    ...message(8, [...text(1, ""), ...integer(2, opset)]),
    ...(operator.domain === "" ? [] : message(8, [...text(1, operator.domain), ...integer(2, 1)])),
  ];
  return new Uint8Array(model);
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
