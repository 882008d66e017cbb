// Where the visitor's sentence is typed: one line to whoever reads it, on as many as the window needs to show it.

/** Typing counts as paused after this many milliseconds. */
const PAUSE = 250;

/** Tells what is typed when typing pauses, and at once at Enter, which breaks no line. */
export function sentenceField(input: HTMLTextAreaElement, tell: (text: string) => void): void {
  let pause: ReturnType<typeof setTimeout> | undefined;
  const tellNow = (): void => {
    clearTimeout(pause);
    tell(input.value);
  };
  // The key itself is also how a word of Chinese is ended.
  input.addEventListener("beforeinput", (event) => {
    if (event.inputType !== "insertLineBreak") return;
    event.preventDefault();
    tellNow();
  });
  input.addEventListener("input", () => {
    const { value, selectionStart, selectionEnd } = input;
    const line = oneLine(value);
    // Written back, the caret would go to the end, and what can be undone be lost.
    if (line !== value) {
      input.value = line;
      input.setSelectionRange(selectionStart, selectionEnd);
    }
    clearTimeout(pause);
    pause = setTimeout(tellNow, PAUSE);
  });
}

/** What is pasted or linked may have been broken: letter by letter as long as before. */
export function oneLine(text: string): string {
  return text.replace(/[\r\n]/g, " ");
}
