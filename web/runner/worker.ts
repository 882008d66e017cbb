// The worker's first words: what it will read is on its way while the code that reads it is fetched.
import type { Reply, Request } from "./protocol.ts";
import { begin } from "./begun.ts";

begin();
postMessage({ type: "begun", id: 0 } satisfies Reply);
const work = import("./work.ts");
addEventListener(
  "message",
  ({ data }: MessageEvent<Request>) => void work.then(({ answer }) => answer(data)),
);
