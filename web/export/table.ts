// The formats that there are.
import { csv } from "./csv.ts";
import type { FormatName, MakeExport } from "./formats.ts";
import { json } from "./json.ts";

export const EXPORTS: Readonly<Partial<Record<FormatName, MakeExport>>> = { csv, json };
