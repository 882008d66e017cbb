// Long waits in the hands of a test, which knows what is waited for: a clock does not, on a busy machine.

/**
 * Timers of `ms` milliseconds, from now until release(), go off never by themselves: `onSet` hears of each as it is set, with
 * what makes it go off unless it has been cleared.
 */
export function holdTimers(ms: number, onSet: (goOff: () => void) => void): { release(): void } {
  const { setTimeout, clearTimeout } = globalThis;
  const held = new Set<unknown>();
  const hold = (act: () => void, delay?: number): unknown => {
    if (delay !== ms) return setTimeout(act, delay);
    const timer = {};
    held.add(timer);
    onSet(() => {
      if (held.delete(timer)) act();
    });
    return timer;
  };
  const clear = (timer: never): void => {
    if (!held.delete(timer)) clearTimeout(timer);
  };
  Object.assign(globalThis, { setTimeout: hold, clearTimeout: clear });
  return { release: () => void Object.assign(globalThis, { setTimeout, clearTimeout }) };
}
