// The worker takes longest to start, and can do so only while this thread has nothing else to do: so it is started first,
// and the page is built meanwhile.
import { startWorker } from "./runner/start_worker.ts";

const worker = startWorker();
const { startApp } = await import("./app.ts");
startApp(document.body, worker);
