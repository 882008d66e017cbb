// The worker's first words: what it will read is on its way while the code that reads it is fetched.
import type { Reply, Request } from "./protocol.ts";
import { begin } from "./begun.ts";
import { messageOf } from "./runner.ts";

const fetchWork = (): Promise<typeof import("./work.ts")> => import("./work.ts");

begin();
postMessage({ type: "begun", id: 0 } satisfies Reply);
let work: ReturnType<typeof fetchWork> | undefined = fetchWork();

addEventListener("message", ({ data }: MessageEvent<Request>) => {
  work ??= fetchWork();
  work.then(
    ({ answer }) => answer(data),
    (error: unknown) => {
      // Whoever asks next has it fetched again.
      work = undefined;
      if (data.type === "release" || data.type === "cancel") return;
      const message = `what runs the models could not be fetched: ${messageOf(error)}`;
      postMessage({ type: "failed", id: data.id, code: "network", message } satisfies Reply);
    },
  );
});
// Nobody may have asked yet.
work.catch(() => undefined);
