// embed.html as a frame that is made once and then shows what it is told: Observable's cells run anew at every change, and the
// model should not be loaded anew with them.

/** `file`: the address of embed.html. Returns the frame, with show(said): keys and values as in any link of heed. */
export function attentionFrame(file) {
  const frame = document.createElement("iframe");
  frame.sandbox = "allow-scripts";
  frame.title = "Attention of heed-bert";
  frame.style = "width: 100%; height: 40rem; border: 0";
  addEventListener("message", ({ source, data }) => {
    if (source !== frame.contentWindow || data?.type !== "heed-height") return;
    if (data.height > 0 && data.height < 20000) frame.style.height = `${data.height}px`;
  });
  frame.show = (said) => {
    const address = new URL(`#${new URLSearchParams({ ...said, v: 1 })}`, new URL(file, document.baseURI))
      .href;
    // Another fragment of the same file: nothing is loaded, and the reader's way back stays as it is.
    if (frame.src) frame.contentWindow?.location.replace(address);
    else frame.src = address;
  };
  return frame;
}
