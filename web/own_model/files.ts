// Files of a model, out of what was dropped or picked.
import type { Dropped } from "./drops.ts";

/** What is looked at of a drop: more is not one model's folder. */
const MOST_ENTRIES = 2000;
const DEEPEST = 4;

export interface Picked {
  readonly files: readonly File[];
  /** The folder's name, or the one file's; "": nobody says. */
  readonly title: string;
}

interface Placed {
  readonly file: File;
  /** With the folders before it. */
  readonly path: string;
}

/** Of an input's files. */
export function pickedFrom(list: Iterable<File>): Picked {
  return picked(Array.from(list, (file) => ({ file, path: file.webkitRelativePath || file.name })));
}

/** Of a drop; folders are looked into. */
export async function pickedOf({ entries, files }: Dropped): Promise<Picked> {
  return entries.length > 0 ? picked(await filesIn(entries)) : pickedFrom(files);
}

/** Of two files of a name the one less deep: a repository may hold other formats in folders of their own. */
function picked(placed: readonly Placed[]): Picked {
  const depth = ({ path }: Placed): number => path.split("/").length;
  const byName = new Map([...placed].sort((a, b) => depth(b) - depth(a)).map((one) => [one.file.name, one]));
  const files = [...byName.values()].map(({ file }) => file);
  const folder = placed[0]?.path.split("/").filter(Boolean) ?? [];
  return {
    files,
    title: folder.length > 1 ? (folder[0] ?? "") : files.length === 1 ? (folder[0] ?? "") : "",
  };
}

async function filesIn(entries: readonly FileSystemEntry[]): Promise<Placed[]> {
  const found: Placed[] = [];
  let left = MOST_ENTRIES;
  async function walk(entry: FileSystemEntry, depth: number): Promise<void> {
    if (--left < 0 || depth > DEEPEST) return;
    if (entry.isFile) found.push({ file: await fileOf(entry as FileSystemFileEntry), path: entry.fullPath });
    else for (const inner of await entriesOf(entry as FileSystemDirectoryEntry)) await walk(inner, depth + 1);
  }
  for (const entry of entries) await walk(entry, 0);
  return found;
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}

/** A reader hands out a part at a time, and nothing at the end. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  while (all.length < MOST_ENTRIES) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) break;
    all.push(...some);
  }
  return all;
}
