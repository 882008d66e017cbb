// The pages' catalogue in Spanish.
import type { PageStrings } from "../page.ts";
import { spanish } from "./index.ts";
import { examples } from "./examples.ts";
import { lesson } from "./lesson.ts";
import { page } from "./page.ts";
import { share } from "./share.ts";
import { whatif } from "./whatif.ts";

export const spanishPage: PageStrings = { ...spanish, examples, lesson, page, share, whatif };
