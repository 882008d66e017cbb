// The physical limit of one core as WebAssembly can reach it: multiply-adds on registers alone, assembled by hand.
//
//   loop(turns: i32, a: f32, b: f32) -> f32: `turns` times, for each of 12 accumulators x: x = x · a + b
//
// Twelve chains keep the units busy while each waits for its own multiply and add (8 cycles on x86); with a, b and a
// product they fill the 15 vector registers that V8 has there. Measured on a Zen 5: 62 GFLOP/s with 11, 72 with 12 and 13,
// 59 with 14. a and b come as arguments: V8 would rebuild constants at every use, and move an a · b without x out of the loop.

export const accumulators = 12;
/** Lanes × (multiply + add) × accumulators. */
export const flopsPerTurn = 4 * 2 * accumulators;

const op = {
  blockVoid: 0x40,
  loop: 0x03,
  end: 0x0b,
  branchIf: 0x0d,
  localGet: 0x20,
  localSet: 0x21,
  localTee: 0x22,
  i32Const: 0x41,
  i32Sub: 0x6b,
};
const type = { i32: 0x7f, f32: 0x7d, v128: 0x7b, function: 0x60 };
/** 0xfd and LEB128, https://webassembly.github.io/spec/core/binary/instructions.html#vector-instructions */
const f32x4 = {
  splat: [0xfd, 0x13],
  extractLane0: [0xfd, 0x1f, 0],
  add: [0xfd, 0xe4, 0x01],
  mul: [0xfd, 0xe6, 0x01],
  relaxedMadd: [0xfd, 0x85, 0x02],
};

export function ceilingModule(relaxed: boolean): Uint8Array<ArrayBuffer> {
  const [turns, a, b, splatA, splatB, first] = [0, 1, 2, 3, 4, 5];
  const get = (local: number) => [op.localGet, local];
  const set = (local: number) => [op.localSet, local];
  const all = Array.from({ length: accumulators }, (_, i) => first + i);
  const multiplyAdd = (x: number) =>
    relaxed
      ? [...get(x), ...get(splatA), ...get(splatB), ...f32x4.relaxedMadd, ...set(x)]
      : [...get(x), ...get(splatA), ...f32x4.mul, ...get(splatB), ...f32x4.add, ...set(x)];
  const body = [
    ...[1, accumulators + 2, type.v128], // locals after the three parameters
    ...[...get(a), ...f32x4.splat, ...set(splatA), ...get(b), ...f32x4.splat, ...set(splatB)],
    // Different beginnings, or the twelve chains would be one.
    ...all.flatMap((x, i) => [...get(a), ...f32x4.splat, ...sum(get(splatB), i), ...set(x)]),
    ...[op.loop, op.blockVoid],
    ...all.flatMap(multiplyAdd),
    ...[...get(turns), op.i32Const, 1, op.i32Sub, op.localTee, turns, op.branchIf, 0],
    op.end,
    ...get(first),
    ...all.slice(1).flatMap((x) => [...get(x), ...f32x4.add]),
    ...f32x4.extractLane0,
    op.end,
  ];
  const section = (id: number, ...content: number[]) => [id, ...leb128(content.length), ...content];
  const name = [...new TextEncoder().encode("loop")];
  return new Uint8Array([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, 1, type.function, 3, type.i32, type.f32, type.f32, 1, type.f32),
    ...section(3, 1, 0),
    ...section(7, 1, name.length, ...name, 0, 0),
    ...section(10, 1, ...leb128(body.length), ...body),
  ]);
}

/** Adds `code`'s value to the one on the stack, `times` times. */
function sum(code: number[], times: number): number[] {
  return Array.from({ length: times }, () => [...code, ...f32x4.add]).flat();
}

function leb128(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...leb128(value >>> 7)];
}
