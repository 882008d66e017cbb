// What heed/models asks of an engine beside its public API: whether it lives.

/**
 * The property that says so, and tells an engine from any other object. Registered, so that heed, heed/external and
 * heed/models, which are bundled apart, agree on it.
 */
export const isDisposed: unique symbol = Symbol.for("heed.isDisposed") as never;
