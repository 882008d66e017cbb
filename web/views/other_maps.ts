// The colour maps viridis and magma: lightness rises evenly, and no common colour-vision deficiency makes two levels look alike.
// Source: van der Walt and Smith, matplotlib 1.5, 2015 (CC0). Every fifth of the 256 published colours; a straight line between
// them is nowhere more than 1 of 255 away from those left out.

/** Six hexadecimal digits a colour. */
export const VIRIDIS =
  "44015446085c471063481769481d6f482475472a7a46307e453781433d844142873f48893d4e8a3a538b38598c355e8d" +
  "33638d31688e2e6d8e2c718e2a768e297b8e27808e25848e23898e218e8d20928c1f978b1e9c891fa18821a58524aa83" +
  "28ae802eb37c35b7793dbc7446c06f50c46a5ac86465cb5e70cf577cd25089d54895d840a2da37b0dd2fbddf26cae11f" +
  "d8e219e5e419f1e51dfde725";

export const MAGMA =
  "00000402020b0504160907200e0b2b140e361a104221114e29115a311165390f6e420f754a107952137c5a167e621980" +
  "6a1c81721f81792282812581892881912b81992d80a1307eaa337db2357bba3878c23b75ca3e72d2426fd9466be04c67" +
  "e75263ec5860f1605df4695cf7725cf97b5dfb8560fc8e64fd9869fea16efeaa74feb47bfebd82fec68afecf92fed89a" +
  "fde2a3fdebacfcf4b6fcfdbf";
