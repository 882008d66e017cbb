// 导出的图片对自己的说明。
import type { Strings } from "../index.ts";
import { count, quoted } from "./words.ts";

export const picture: Strings["picture"] = {
  title: (view, model, heads) => `${view}：${model}，${heads}`,
  text: (sentence) => `文本：${sentence}`,
  pair: (sentence) => `第二段文本：${sentence}`,
  cell: (from, to, value, number) => `从${quoted(from)}到${quoted(to)}：${value} ${number}。`,
  overview: (tokens, cells) =>
    `全部 ${count(tokens)} 个词元，每边 ${cells} 个单元格；每格显示其中最大的权重。`,
  allHeads: "所有的头",
  tooLarge: (width, height, scale) =>
    `按 ${scale} 倍缩放，图片将有 ${width} × ${height} 像素，超出浏览器所能绘制的大小；SVG 没有这个限制`,
  badScale: (scale) => `缩放倍数是 ${scale}；应为 1 到 4 之间的数`,
  notDrawn: "浏览器无法绘制图片；设有 Content-Security-Policy 的页面必须允许来自 blob: 的图片",
};
