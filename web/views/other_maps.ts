// The colour maps viridis and magma: lightness rises evenly, and no common colour-vision deficiency makes two levels look alike.
// Source: van der Walt and Smith, matplotlib 1.5, 2015 (CC0). Every fifth of the 256 published colours; a straight line between
// them is nowhere more than 1 of 255 away from those left out.
import type { Climb } from "./cividis.ts";

/** As CIVIDIS has them: a digit, of 36, is what a colour adds to the one before. */
export const VIRIDIS: Climb = {
  first: [68, 1, 84],
  less: [3, 0, 9],
  steps: [
    "544332221111010110112111122245679abcddeefgfghgghgff",
    "787676676566565555455545545554545454443433323221212",
    "hgfffedcccbaaaa9a99999998887867656444332211010239dh",
  ],
};

export const MAGMA: Climb = {
  first: [0, 0, 4],
  less: [1, 2, 4],
  steps: [
    "3456778999a999999899999a999998886644332221111110101",
    "445654322023555555555455455566888abbbcbcbbcbbbbcbbb",
    "bfeffgggfdb876654534432321111000113457899abbcccdded",
  ],
};
