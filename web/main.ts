import { startApp } from "./app.ts";
import { startWorker } from "./runner/start_worker.ts";

startApp(document.body, startWorker());
