// How long a download will take, by how fast it was of late.

/** Milliseconds that are looked back over, and that must have passed before anything is said. */
const WINDOW = 5000;
const LEAST = 1000;

export interface Pace {
  /** Seconds that are left, from what is there at a time in milliseconds; undefined: too early to say. */
  left(loaded: number, total: number, now: number): number | undefined;
}

export function pace(): Pace {
  const past: { loaded: number; at: number }[] = [];
  return {
    left(loaded, total, now) {
      past.push({ loaded, at: now });
      // One from before the window stays, so that a long pause counts as one.
      while (past.length > 2 && now - (past[1]?.at ?? now) >= WINDOW) past.shift();
      const first = past[0];
      if (!first || now - first.at < LEAST || loaded <= first.loaded) return undefined;
      return ((total - loaded) * (now - first.at)) / (loaded - first.loaded) / 1000;
    },
  };
}
