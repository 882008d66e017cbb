// A head's name: struck, and in words, where the head is off.
import { isOff } from "./changed.ts";
import { h } from "./dom.ts";
import type { Scene } from "./view.ts";

export function headNodes({ run, state, strings: { reading } }: Scene, head: number): (Node | string)[] {
  const name = reading.head(state.layer, head);
  return isOff(run.whatIf, state.layer, head) ? [h("s", {}, name), ` ${reading.off}`] : [name];
}
