// 长矩阵的地图所说的话。
import type { Strings } from "../index.ts";
import { quoted } from "./words.ts";

export const mapView: Strings["mapView"] = {
  name: (head, rows, cols) => `${head} 的注意力，${rows} × ${cols} 个词元：地图`,
  howTo:
    "拖动以移动，双指捏合以缩放；点击之后滚轮也可缩放。方向键把框移到相邻单元格，+ 和 − 缩放，0 显示全部。",
  closer: "放大",
  farther: "缩小",
  all: "显示全部",
  reduce: "一个像素含多个单元格时，显示",
  max: "最大值",
  mean: "平均值",
  overview: "整个矩阵；框内是当前可见的部分",
  cell: (query, row, key, col, share) => `${quoted(query)}（${row}）给${quoted(key)}（${col}）${share}`,
  score: (query, row, key, col, value) => `${quoted(query)} (${row}) → ${quoted(key)} (${col})：${value}`,
  legend: "一个词的注意力所占份额",
  legendTo: (top) => `一个词的注意力所占份额；${top} 及以上为最亮`,
};
