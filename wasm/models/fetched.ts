// What the bundled models do without is in files beside this entry (dist/chunks), each fetched when it is first wanted.

import { failure } from "./errors.js";

/** What `load` imports. Errors: "network" (the file does not come). */
export async function fetched<Part>(load: () => Promise<Part>): Promise<Part> {
  try {
    return await load();
  } catch (cause) {
    throw failure("network", `a part of heed/models could not be fetched: ${String(cause)}`, cause);
  }
}
