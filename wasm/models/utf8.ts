// UTF-8 as bytes.

let encoder: TextEncoder | undefined;

/** Made at first use: nothing runs at import, and not every host that imports has one (jsdom). */
export function utf8(): TextEncoder {
  return (encoder ??= new TextEncoder());
}
