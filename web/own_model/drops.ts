// Files that are dropped anywhere on the page.

/** A drop tells its entries only while it happens. */
export interface Dropped {
  readonly entries: readonly FileSystemEntry[];
  readonly files: readonly File[];
}

/** `node` has the class "dragging" while files are dragged over it. */
export function takeDrops(node: HTMLElement, take: (dropped: Dropped) => void): void {
  const hasFiles = ({ dataTransfer }: DragEvent): boolean => dataTransfer?.types.includes("Files") ?? false;
  node.addEventListener("dragover", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    node.classList.add("dragging");
  });
  for (const type of ["dragleave", "drop"] as const)
    node.addEventListener(type, () => node.classList.remove("dragging"));
  node.addEventListener("drop", (event) => {
    const { dataTransfer } = event;
    if (!hasFiles(event) || !dataTransfer) return;
    event.preventDefault();
    const entries = Array.from(dataTransfer.items, (item) => item.webkitGetAsEntry?.() ?? undefined);
    take({ entries: entries.flatMap((entry) => entry ?? []), files: [...dataTransfer.files] });
  });
}
