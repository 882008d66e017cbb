// The pictures of tiles: asked for when they are in sight, painted once, kept while there is room.
import { paintRectangle, type Extent } from "../heat_map.ts";
import type { Scale } from "../scale.ts";
import type { WindowRequest } from "../../runner/run_data.ts";
import { cellsOf, parent, span, topLevel, type Tile } from "./geometry.ts";

export interface Painted {
  readonly canvas: HTMLCanvasElement;
  /** [cells down, cells across] */
  readonly values: Float32Array;
  readonly across: number;
}

export interface Tiles {
  /** The tile's picture, if it is there. */
  get(tile: Tile): Painted | undefined;
  /** Those that are to come, the most wanted first; what was wanted before and has not been asked for is forgotten. */
  want(tiles: readonly Tile[]): void;
  /** Of the whole matrix; there once the first tile is. */
  readonly scale: Scale | undefined;
  /** Whether some cells are −∞. */
  readonly hasHidden: boolean;
  /** Whether all that was wanted is there. */
  readonly settled: boolean;
  dispose(): void;
}

export interface TileSource {
  readonly extent: Extent;
  readonly reduce: "mean" | "max";
  window(request: WindowRequest): Promise<Float32Array>;
  /** Of the values of the tile that covers all. */
  scaleOf(values: Float32Array): Scale;
}

/** Tiles kept: 64 kB of values and as much of picture each. */
const MOST = 384;
/** Asked for at a time: the worker does one after the other, and what is no longer in sight should not be before what is. */
const AT_ONCE = 2;

export function createTiles(source: TileSource, onArrival: () => void): Tiles {
  const { extent } = source;
  const top: Tile = { level: topLevel(extent), row: 0, col: 0 };
  const kept = new Map<string, Painted>();
  const asked = new Set<string>();
  let wanted: Tile[] = [];
  let scale: Scale | undefined;
  let hasHidden = false;
  let isDisposed = false;

  function pump(): void {
    while (!isDisposed && asked.size < (scale ? AT_ONCE : 1)) {
      // The first gives the colours of all the others.
      const next = scale ? wanted.shift() : top;
      if (!next) return;
      const key = keyOf(next);
      if (kept.has(key) || asked.has(key)) continue;
      asked.add(key);
      void ask(next, key);
    }
  }

  async function ask(tile: Tile, key: string): Promise<void> {
    const rows = span(extent[0], tile.level, tile.row);
    const cols = span(extent[1], tile.level, tile.col);
    const [down, across] = [cellsOf(rows, tile.level), cellsOf(cols, tile.level)];
    try {
      const values = await source.window({ rows, cols, out: [down, across], reduce: source.reduce });
      if (isDisposed) return;
      scale ??= source.scaleOf(values);
      hasHidden ||= values.includes(-Infinity);
      const canvas = document.createElement("canvas");
      paintRectangle(canvas, values, down, across, scale);
      kept.set(key, { canvas, values, across });
      forgetSome();
    } catch {
      // A run that has been let go has no more to show; what is there stays.
      wanted = [];
    } finally {
      asked.delete(key);
      if (!isDisposed) {
        onArrival();
        pump();
      }
    }
  }

  function forgetSome(): void {
    const first = keyOf(top);
    for (const key of kept.keys()) {
      if (kept.size <= MOST) return;
      if (key !== first) kept.delete(key);
    }
  }

  return {
    get(tile) {
      const key = keyOf(tile);
      const painted = kept.get(key);
      if (painted) {
        // The order of a Map is the order of use.
        kept.delete(key);
        kept.set(key, painted);
      }
      return painted;
    },
    want(tiles) {
      wanted = tiles.filter((tile) => !kept.has(keyOf(tile)));
      pump();
    },
    get scale() {
      return scale;
    },
    get hasHidden() {
      return hasHidden;
    },
    get settled() {
      return asked.size === 0 && wanted.length === 0;
    },
    dispose() {
      isDisposed = true;
      kept.clear();
    },
  };
}

/** The nearest picture that covers a tile: its own, or the part of a coarser one. */
export function nearest(
  tiles: Tiles,
  tile: Tile,
  extent: Extent,
): { painted: Painted; from: Tile } | undefined {
  for (let from = tile; from.level <= topLevel(extent); from = parent(from)) {
    const painted = tiles.get(from);
    if (painted) return { painted, from };
  }
  return undefined;
}

function keyOf({ level, row, col }: Tile): string {
  return `${level} ${row} ${col}`;
}
