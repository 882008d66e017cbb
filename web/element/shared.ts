// What the element has, and its chunks use too: in the package they get it as they are opened, instead of each holding it once
// more (see sharing() in build.mjs).
import { followedCell, readUnits } from "../reading/focus.ts";
import { evenStatistics, nameHead } from "../heads/head_names.ts";
import { rankHeads } from "../heads/head_ranks.ts";
import { headOf, reckonedRow } from "../runner/reckoned.ts";
import {
  hasSteps,
  headMatrix,
  headVectors,
  isLong,
  keysOf,
  layerStream,
  partOf,
  partsOfOutput,
  stageWithin,
} from "../runner/run_data.ts";
import { failureOf } from "../runner/runner.ts";
import { sharesOf } from "../reading/shares.ts";
import {
  axesOf,
  keyLabelsOf,
  nearestUnit,
  sideRead,
  sideShared,
  unitMatrix,
  unitsMatrix,
} from "../reading/units.ts";
import { changedSaid, isOff } from "../views/changed.ts";
import { choiceView } from "../views/choice.ts";
import { colorAt, inkOn } from "../views/color.ts";
import { cssColor } from "../views/css_color.ts";
import { button, focusedIn, h } from "../views/dom.ts";
import { move } from "../views/grid_keys.ts";
import { headMark, HUES, STROKES } from "../views/head_hues.ts";
import { headTitle } from "../views/head_title.ts";
import { paintRectangle, pooled, within } from "../views/heat_map.ts";
import { legendView } from "../views/legend.ts";
import { fanOf, linesOf, stepOf, thresholdOf } from "../views/lines.ts";
import { numberTables } from "../views/number_table.ts";
import { directionOf, prosePieces } from "../views/prose_pieces.ts";
import { occurrences, ranked } from "../views/ranking.ts";
import { directionsOf } from "../views/rows_view.ts";
import { niceAbove, place, scaleOf, shareScale } from "../views/scale.ts";
import { byPointer } from "../views/several.ts";
import { hiddenShare, spokenSummary } from "../views/spoken.ts";
import { explained } from "../views/stages.ts";
import { tokenNode, visible } from "../views/token_label.ts";

/** Each by its place: a chunk is of the same build, which knows the places, and no name is in either file. */
export const SHARED = [
  ...[followedCell, readUnits, evenStatistics, nameHead, rankHeads, headOf, reckonedRow],
  ...[hasSteps, headMatrix, headVectors, isLong, keysOf, layerStream, partOf, partsOfOutput, stageWithin],
  ...[failureOf, sharesOf],
  ...[axesOf, keyLabelsOf, nearestUnit, sideRead, sideShared, unitMatrix, unitsMatrix],
  ...[changedSaid, isOff, colorAt, inkOn, button, cssColor, focusedIn, h, headMark, HUES, STROKES, headTitle],
  ...[paintRectangle, pooled, within, fanOf, linesOf, stepOf, thresholdOf, directionOf, prosePieces],
  ...[occurrences, ranked, directionsOf, niceAbove, place, scaleOf, shareScale, byPointer],
  ...[hiddenShare, spokenSummary, explained, tokenNode, visible],
  ...[choiceView, legendView, move, numberTables],
];

/** A chunk of the package is a function of what it shares; of the sources it is what it has already. */
type Packed<Chunk> = Chunk & { readonly default?: (shared: typeof SHARED) => Chunk };

const opened = new WeakMap<object, unknown>();

/** What a fetched chunk has. */
export async function open<Chunk extends object>(fetched: Promise<Chunk>): Promise<Chunk> {
  const chunk: Packed<Chunk> = await fetched;
  const known = (opened.get(chunk) as Chunk | undefined) ?? chunk.default?.(SHARED) ?? chunk;
  opened.set(chunk, known);
  return known;
}
