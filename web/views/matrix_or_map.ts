// The matrix: cell by cell where the run holds it whole, as a map where it is too long for that.
import { isLong } from "../runner/run_data.ts";
import { h } from "./dom.ts";
import { mapView } from "./map/map_view.ts";
import { matrixFigure } from "./matrix_view.ts";
import type { MakeView } from "./view.ts";

export const matrixOrMap: MakeView = (first, events) => {
  const make = (scene: typeof first) => (isLong(scene.run) ? mapView : matrixFigure)(scene, events);
  let wasLong = isLong(first.run);
  let inner = make(first);
  const node = h("div", {}, inner.node);
  return {
    node,
    update(scene) {
      if (isLong(scene.run) === wasLong) return inner.update(scene);
      inner.dispose();
      wasLong = !wasLong;
      inner = make(scene);
      node.replaceChildren(inner.node);
    },
    dispose: () => inner.dispose(),
  };
};
