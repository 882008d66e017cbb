// The pages' catalogue in Chinese.
import type { PageStrings } from "../page.ts";
import { chinese } from "./index.ts";
import { examples } from "./examples.ts";
import { lesson } from "./lesson.ts";
import { page } from "./page.ts";
import { share } from "./share.ts";
import { whatif } from "./whatif.ts";

export const chinesePage: PageStrings = { ...chinese, examples, lesson, page, share, whatif };
