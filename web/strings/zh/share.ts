// 分享图片时所说的话：以链接、以文件、嵌入别的页面。
import type { PageStrings } from "../page.ts";
import { count } from "./words.ts";

export const share: PageStrings["share"] = {
  title: "分享",
  copyLink: "复制链接",
  copied: "链接已复制。打开它就是这张图，句子也在内。",
  copiedLong: (length) => `链接已复制。它有 ${count(length)} 个字符，有些程序会截断这么长的链接。`,
  copiedCut: (most) => `链接已复制。文本超出链接所能容纳的长度：其中只有前 ${count(most)} 个字符。`,
  notCopied: "浏览器不允许本页复制。内容已选中：请自行复制。",
  link: "链接",
  save: "另存为",
  scale: "像素",
  times: (scale) => `${scale}×`,
  saved: (name) => `已保存为 ${name}。`,
  notSaved: (message) => `没有保存：${message}`,
  unsaid: (keys, isUnknown) => {
    if (keys.length > 0) return `链接中有一部分没有意义，已略去：${keys.join("、")}。`;
    return isUnknown ? "链接中有一部分在这里无法识别，已略去。" : "";
  },
  notInLinks: "来自磁盘或其他 hub 的模型无法放进链接：这个链接显示 heed-bert。",
  notEmbedded: "自己的模型无法嵌入框架：框架里显示 heed-bert。",
  beyond: "链接所指的层、头或词在这里不存在。显示的是最接近的内容。",
  embed: {
    open: "嵌入……",
    title: "嵌入这张图",
    intro: "下面每一种都能在你的页面里显示现在看到的内容。读者输入的内容不会离开他们的浏览器。",
    controls: "带控件",
    theme: "明暗",
    themes: { auto: "随页面", light: "浅色", dark: "深色" },
    iframe: "放在框架里",
    iframeWhy: (megabytes) =>
      `适用于任何可写 HTML 的页面。框架只能运行脚本，并把自己的高度告诉页面。它加载一个 ${megabytes} MB 的文件。`,
    element: "作为元素",
    elementWhy: "适用于可以从这里加载脚本的页面。多个元素共用一个引擎和一个模型。",
    link: "作为链接",
    linkWhy: "用于聊天、邮件或幻灯片。",
    copy: (what) => `复制：${what}`,
    copyFace: "复制",
    copied: (what) => `已复制：${what}`,
    close: "关闭",
    frameTitle: (model, text) => `${model} 的注意力：${text}`,
  },
};
