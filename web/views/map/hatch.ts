// The hatching of cells that are −∞, as the style sheet draws it elsewhere: for a canvas, where no background shines through.

/** Square, so that strokes meet from one tile to the next. */
const SIDE = 8;

export function hatching(context: CanvasRenderingContext2D, color: string): CanvasPattern | null {
  const tile = document.createElement("canvas");
  tile.width = tile.height = SIDE;
  const pen = tile.getContext("2d");
  if (!pen) return null;
  pen.strokeStyle = color;
  // From corner to corner, and what of the neighbours' strokes reaches into this tile.
  for (const shift of [-SIDE, 0, SIDE]) {
    pen.moveTo(shift - 1, SIDE + 1);
    pen.lineTo(shift + SIDE + 1, -1);
  }
  pen.stroke();
  return context.createPattern(tile, "repeat");
}
