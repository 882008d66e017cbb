// Colours, fonts and the width of words: of the page that a picture is taken from, or of any light one.
import { h } from "../views/dom.ts";
import { HUES } from "../views/head_hues.ts";

const NAMES = ["paper", "ink", "quiet", "rule", "edge", "accent", "tint", "hatch", "frame"] as const;

export interface Font {
  readonly family: "serif" | "sans";
  /** CSS pixels. */
  readonly size: number;
  readonly weight?: number;
}

export interface Look {
  readonly colors: Readonly<Record<(typeof NAMES)[number], string>>;
  /** One a hue of heads. */
  readonly hues: readonly string[];
  readonly fonts: Readonly<Record<Font["family"], string>>;
  /** In CSS pixels. */
  measure(text: string, font: Font): number;
}

/** Where there is no page: the light one of styles/tokens.css and styles/hues.css, and widths as of common fonts. */
export const LIGHT: Look = {
  colors: {
    paper: "#fbf8f1",
    ink: "#1c2430",
    quiet: "#56606d",
    rule: "#dcd4c3",
    edge: "#857d6d",
    accent: "#1e4783",
    tint: "#f6d64a",
    hatch: "#b5ab97",
    frame: "#ffd84d",
  },
  hues: ["#004682", "#aa3600", "#009e73", "#6b214f", "#006ea0", "#bd7800"],
  fonts: {
    serif: 'Palatino, P052, "Source Serif 4", Georgia, "DejaVu Serif", serif',
    sans: 'system-ui, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", Arial, sans-serif',
  },
  measure: (text, { size }) => size * Array.from(text, estimated).reduce((sum, width) => sum + width, 0),
};

/** How things look at a node that stands in a page. */
export function lookOf(node: Element): Look {
  const style = getComputedStyle(node);
  const probe = h("span", { hidden: true, style: { "forced-color-adjust": "none" } });
  const context = h("canvas", { width: 1, height: 1 }).getContext("2d", { willReadFrequently: true });
  if (!context) return LIGHT;
  node.append(probe);
  const color = (name: string, otherwise: string): string => {
    probe.style.setProperty("color", `var(--${name}, ${otherwise})`);
    return plain(context, getComputedStyle(probe).color);
  };
  const font = (name: Font["family"]): string =>
    style.getPropertyValue(`--${name}`).replace(/\s+/g, " ").trim() || LIGHT.fonts[name];
  const fonts = { serif: font("serif"), sans: font("sans") };
  const colors = Object.fromEntries(NAMES.map((name) => [name, color(name, LIGHT.colors[name])]));
  const hues = Array.from({ length: HUES }, (_, hue) => color(`head-${hue}`, LIGHT.hues[hue] ?? "#000"));
  probe.remove();
  return {
    colors: colors as Look["colors"],
    hues,
    fonts,
    measure(text, { family, size, weight = 400 }) {
      context.font = `${weight} ${size}px ${fonts[family]}`;
      return context.measureText(text).width;
    },
  };
}

/** Any CSS colour as programs that draw SVG know it. */
function plain(context: CanvasRenderingContext2D, color: string): string {
  context.clearRect(0, 0, 1, 1);
  context.fillStyle = color;
  context.fillRect(0, 0, 1, 1);
  const bytes = [...context.getImageData(0, 0, 1, 1).data].slice(0, 3);
  return `#${bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

/** The width of a character in a font of size 1. */
function estimated(character: string): number {
  if (/\p{M}|\p{Cf}/u.test(character)) return 0;
  if (
    /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}|\p{Emoji_Presentation}/u.test(
      character,
    )
  )
    return 1;
  if (/[\sijl.,:;'|!()\u2018\u2019]/.test(character)) return 0.29;
  if (/[MWmw%\u2026]/.test(character)) return 0.87;
  return /\p{Lu}/u.test(character) ? 0.68 : 0.55;
}
