// The formats that there are.
import { csv } from "./csv.ts";
import type { FormatName, MakeExport } from "./formats.ts";
import { json } from "./json.ts";
import { png } from "./png.ts";
import { svg } from "./svg.ts";

export const EXPORTS: Readonly<Record<FormatName, MakeExport>> = { svg, png, csv, json };
