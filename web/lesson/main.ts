// As on the main page: the worker first, and the lesson while it starts.
import { startWorker } from "../runner/start_worker.ts";

const worker = startWorker();
const { startLesson } = await import("./lesson.ts");
await startLesson(document, worker);
