// As on the main page: the worker first, and the lesson while it works.
import { startWorker } from "../runner/start_worker.ts";

const worker = await startWorker();
const { startLesson } = await import("./lesson.ts");
await startLesson(document, worker);
