// The formats that a picture can be saved in: a chunk of the element.
import { csv } from "../../export/csv.ts";
import type { FormatName, MakeExport } from "../../export/formats.ts";
import { json } from "../../export/json.ts";
import { png } from "../../export/png.ts";
import { svg } from "../../export/svg.ts";

export const EXPORTS: Readonly<Record<FormatName, MakeExport>> = { svg, png, csv, json };

export { lookOf } from "../../export/look.ts";
