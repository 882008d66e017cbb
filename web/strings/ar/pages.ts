// The pages' catalogue in Arabic.
import type { PageStrings } from "../page.ts";
import { arabic } from "./index.ts";
import { examples } from "./examples.ts";
import { lesson } from "./lesson.ts";
import { page } from "./page.ts";
import { share } from "./share.ts";
import { whatif } from "./whatif.ts";

export const arabicPage: PageStrings = { ...arabic, examples, lesson, page, share, whatif };
