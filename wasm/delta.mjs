// One file told by another: how the package ships both WebAssembly variants for little more than one. They differ where
// a multiply-add is one instruction or two, so that the second is mostly stretches of the first.
//
// A delta is the target's length and a list of [skip, copy, add], all in LEB128, the added bytes behind each: move `skip`
// (signed) in the base, copy `copy` bytes of it, then take `add` bytes from the delta. wasm/delta.ts puts it together.

/** Shorter matches cost more to name than to repeat. */
const shortest = 12;

/** The delta that makes `target` of `base`. @param {Uint8Array} base @param {Uint8Array} target */
export function makeDelta(base, target) {
  const places = new Map();
  const keyAt = (bytes, at) => Buffer.from(bytes.buffer, bytes.byteOffset + at, shortest).toString("latin1");
  for (let at = 0; at + shortest <= base.length; at++) {
    const key = keyAt(base, at);
    const list = places.get(key);
    if (list) list.push(at);
    else places.set(key, [at]);
  }

  const out = [];
  writeUnsigned(out, target.length);
  let cursor = 0; // in the base, behind the last copy
  let added = 0; // target[added … at) has no match yet
  let copyFrom = 0;
  let copyLength = 0;
  const flush = (at) => {
    writeSigned(out, copyFrom - cursor);
    writeUnsigned(out, copyLength);
    writeUnsigned(out, at - added);
    out.push(...target.subarray(added, at));
    cursor = copyFrom + copyLength;
  };
  for (let at = 0; at < target.length;) {
    const match =
      at + shortest <= target.length
        ? longest(places.get(keyAt(target, at)), base, target, at, copyFrom + copyLength)
        : null;
    if (!match) {
      at++;
      continue;
    }
    flush(at);
    [copyFrom, copyLength] = match;
    at += copyLength;
    added = at;
  }
  flush(target.length);
  return Uint8Array.from(out);
}

/** The longest stretch of base that target goes on with; of equals the one nearest to where copying stands. */
function longest(candidates, base, target, at, near) {
  let best = null;
  for (const from of candidates ?? []) {
    let length = shortest;
    while (from + length < base.length && base[from + length] === target[at + length]) length++;
    if (!best || length > best[1] || (length === best[1] && Math.abs(from - near) < Math.abs(best[0] - near)))
      best = [from, length];
  }
  return best;
}

function writeUnsigned(out, value) {
  for (; value > 127; value = Math.floor(value / 128)) out.push((value % 128) | 128);
  out.push(value);
}

/** Zigzag: the sign in the lowest bit. */
function writeSigned(out, value) {
  writeUnsigned(out, value < 0 ? -2 * value - 1 : 2 * value);
}
