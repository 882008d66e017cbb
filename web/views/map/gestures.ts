// Wheel, drag and pinch on a picture: what they ask for, in CSS pixels of the picture.
export interface Gestures {
  pan(dx: number, dy: number): void;
  zoom(factor: number, at: { x: number; y: number }): void;
  /** The pointer rests over a point, or left. */
  point(at: { x: number; y: number } | undefined): void;
  /** Whether the wheel is the picture's; else the page scrolls, unless Ctrl is held, as for a pinch on a touchpad. */
  ownsWheel(): boolean;
  /** A press that did not move. */
  press(at: { x: number; y: number }): void;
}

/** A pointer that has moved less has been pressed, not dragged. */
const STILL = 4;

export function listenToGestures(canvas: HTMLElement, on: Gestures): void {
  const pointers = new Map<number, { x: number; y: number }>();
  let travelled = 0;

  const at = (event: MouseEvent): { x: number; y: number } => {
    const box = canvas.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const others = (id: number): { x: number; y: number } | undefined =>
    [...pointers].find(([key]) => key !== id)?.[1];

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    if (pointers.size === 0) travelled = 0;
    pointers.set(event.pointerId, at(event));
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", (event) => {
    const now = at(event);
    const before = pointers.get(event.pointerId);
    if (!before) return on.point(now);
    const [dx, dy] = [now.x - before.x, now.y - before.y];
    travelled += Math.hypot(dx, dy);
    const other = others(event.pointerId);
    if (other) {
      const apart = (p: { x: number; y: number }): number =>
        Math.max(1, Math.hypot(p.x - other.x, p.y - other.y));
      on.zoom(apart(now) / apart(before), { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 });
      on.pan(dx / 2, dy / 2);
    } else if (travelled > STILL) on.pan(dx, dy);
    pointers.set(event.pointerId, now);
  });
  const end = (event: PointerEvent): void => {
    if (!pointers.delete(event.pointerId)) return;
    if (event.type === "pointerup" && travelled <= STILL && pointers.size === 0) on.press(at(event));
  };
  canvas.addEventListener("pointerup", end);
  canvas.addEventListener("pointercancel", end);
  canvas.addEventListener("pointerleave", () => on.point(undefined));
  canvas.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey && !on.ownsWheel()) return;
      event.preventDefault();
      // Lines and pages, as some mice count, in pixels.
      const unit = event.deltaMode === 0 ? 1 : event.deltaMode === 1 ? 16 : 400;
      on.zoom(2 ** (-event.deltaY * unit * (event.ctrlKey ? 0.01 : 0.0025)), at(event));
    },
    { passive: false },
  );
}
