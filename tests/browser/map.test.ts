// The map's arithmetic: where it stands, which tiles it needs, and in which order they come.

import { describe, expect, test } from "@jest/globals";
import {
  cellsOf,
  levelOf,
  pan,
  parent,
  reveal,
  span,
  TILE,
  tilesInSight,
  topLevel,
  whole,
  within,
  zoom,
} from "../../web/views/map/geometry.ts";
import { niceStep } from "../../web/views/map/paint.ts";

const square = (n: number): readonly [number, number] => [n, n];

const SIZE = { width: 800, height: 600 };

describe("the place", () => {
  test("of all shows all, and no smaller is possible", () => {
    const place = whole(square(4096), SIZE);
    expect(place).toEqual({ x: 0, y: 0, scale: 600 / 4096 });
    expect(within(square(4096), SIZE, { x: -50, y: 9000, scale: 0.001 })).toEqual(place);
    expect(whole(square(3), SIZE).scale).toBe(48);
  });

  test("keeps what is under the pointer where it is, at any zoom inside", () => {
    let place = zoom(square(4096), SIZE, { x: 1000, y: 2000, scale: 1 }, 1, { x: 0, y: 0 });
    for (const factor of [1.5, 3, 0.7, 2, 0.5]) {
      const at = { x: 321, y: 123 };
      const before = [place.x + at.x / place.scale, place.y + at.y / place.scale];
      place = zoom(square(4096), SIZE, place, factor, at);
      expect(place.x + at.x / place.scale).toBeCloseTo(before[0] ?? NaN, 6);
      expect(place.y + at.y / place.scale).toBeCloseTo(before[1] ?? NaN, 6);
    }
  });

  test("goes no further than the matrix, and back", () => {
    const place = { x: 100, y: 100, scale: 2 };
    expect(pan(square(4096), SIZE, place, -20, 10)).toEqual({ x: 110, y: 95, scale: 2 });
    expect(pan(square(4096), SIZE, place, 1e6, -1e6)).toEqual({ x: 0, y: 4096 - 300, scale: 2 });
  });

  test("brings a cell into sight, and moves no more than that", () => {
    const place = { x: 100, y: 100, scale: 10 };
    expect(reveal(square(4096), SIZE, place, 120, 150)).toEqual(place);
    expect(reveal(square(4096), SIZE, place, 90, 180)).toEqual({ x: 101, y: 90, scale: 10 });
  });
});

test("a map of two texts is as wide as one and as high as the other", () => {
  const extent = [100, 4000] as const;
  const place = whole(extent, SIZE);
  expect(place).toEqual({ x: 0, y: 0, scale: 0.2 });
  expect(pan(extent, SIZE, { x: 0, y: 0, scale: 4 }, -1e6, -1e6)).toEqual({ x: 3800, y: 0, scale: 4 });
  expect(topLevel(extent)).toBe(5);
  const tiles = tilesInSight(extent, { width: 4000, height: 4000 }, { x: 0, y: 0, scale: 1 }, 0);
  expect(tiles.length).toBe(32);
  expect(tiles.every(({ row }) => row === 0)).toBe(true);
});

describe("the tiles", () => {
  test("have cells of about a pixel, never coarser", () => {
    expect([levelOf(1, 1), levelOf(0.5, 1), levelOf(0.5, 2), levelOf(0.3, 1), levelOf(9, 2)]).toEqual([
      0, 1, 0, 1, 0,
    ]);
    for (const scale of [0.14, 0.2, 0.9, 1]) expect(2 ** levelOf(scale, 1) * scale).toBeLessThanOrEqual(1);
  });

  test.each([1, 127, 128, 129, 700, 4096, 5000])(
    "of %i tokens cover each token once, at every level",
    (n) => {
      for (let level = 0; level <= topLevel(square(n)); level++) {
        const tiles = tilesInSight(square(n), { width: n, height: n }, { x: 0, y: 0, scale: 1 }, level);
        const spans = tiles.filter(({ col }) => col === 0).map(({ row }) => span(n, level, row));
        expect(spans.reduce((sum, [from, to]) => sum + to - from, 0)).toBe(n);
        for (const each of spans) {
          expect(each[1]).toBeGreaterThan(each[0]);
          expect(cellsOf(each, level)).toBeLessThanOrEqual(TILE);
        }
      }
      expect(
        tilesInSight(square(n), { width: n, height: n }, { x: 0, y: 0, scale: 1 }, topLevel(square(n))),
      ).toEqual([{ level: topLevel(square(n)), row: 0, col: 0 }]);
    },
  );

  test("in sight are those that the picture meets, the middle first", () => {
    const tiles = tilesInSight(square(4096), { width: 384, height: 384 }, { x: 128, y: 256, scale: 1 }, 0);
    expect(tiles[0]).toEqual({ level: 0, row: 3, col: 2 });
    expect(tiles.map(({ row, col }) => `${row} ${col}`).sort()).toEqual([
      ...["2 1", "2 2", "2 3", "3 1", "3 2", "3 3", "4 1", "4 2", "4 3"],
    ]);
    expect(parent({ level: 0, row: 5, col: 4 })).toEqual({ level: 1, row: 2, col: 2 });
  });

  test("are counted in round numbers", () => {
    expect([niceStep(0.2), niceStep(3), niceStep(60), niceStep(401)]).toEqual([1, 5, 100, 500]);
  });
});
