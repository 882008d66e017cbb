// Whether one reads whom a word looks at, or who looks at it.
import type { Direction } from "../reading/focus.ts";
import type { Strings } from "../strings/index.ts";
import { choiceView, type Choice } from "./choice.ts";

export function directionChoice(
  { reading: { direction } }: Strings,
  selected: Direction,
  onChoose: (direction: Direction) => void,
): Choice<Direction> {
  return choiceView<Direction>(
    [
      { value: "from", label: direction.from },
      { value: "to", label: direction.to },
    ],
    { legend: direction.legend, class: "segmented", selected, onChoose },
  );
}
