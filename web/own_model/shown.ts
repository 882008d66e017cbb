// Names of files and addresses are anyone's: shown with nothing invisible in them, not too long, and apart from the direction
// of the sentence that they stand in.
import { visible } from "../views/token_label.ts";

const LONGEST = 80;

export function shown(name: string): string {
  const characters = Array.from(visible(name));
  const isLong = characters.length > LONGEST;
  return `\u2068${isLong ? `${characters.slice(0, LONGEST - 1).join("")}\u2026` : characters.join("")}\u2069`;
}
