// The worker takes longest, so it is started first, and the page is built while it works.
import { startWorker } from "./runner/start_worker.ts";

const worker = await startWorker();
const { startApp } = await import("./app.ts");
startApp(document.body, worker);
