// One piece of work at a time, and only the latest counts.

export interface Latest<Asked, Result> {
  /** Resolves to undefined where something newer was asked for, or nothing is wanted any more; so do failures of it. */
  ask(asked: Asked): Promise<Result | undefined>;
  /** Nothing that was asked for is wanted any more. */
  cancel(): void;
}

/** While one is at work, those asked for wait, and only the last of them will be done. */
export function latestOnly<Asked, Result>(work: (asked: Asked) => Promise<Result>): Latest<Asked, Result> {
  let latest = 0;
  let busy: Promise<void> | undefined;

  return {
    async ask(asked) {
      const mine = ++latest;
      while (busy) {
        await busy;
        if (mine !== latest) return undefined;
      }
      const doing = work(asked);
      const done = (): void => {
        busy = undefined;
      };
      busy = doing.then(done, done);
      try {
        const result = await doing;
        return mine === latest ? result : undefined;
      } catch (error) {
        if (mine === latest) throw error;
        return undefined;
      }
    },
    cancel: () => void latest++,
  };
}
