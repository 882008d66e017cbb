// In a host without a DOM, a class to extend all the same, so that heed/element can be imported there: nothing makes one of
// it, for nothing is defined.
const HTMLElementOrNone = globalThis.HTMLElement ?? class {};
export { HTMLElementOrNone as HTMLElement };
