// How Chromium is started to be measured in.

import { ensureChromium } from "../../wasm/toolchain/setup.mjs";

const args = [
  ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
  ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
];

export const launchOptions = async () => ({ executablePath: await ensureChromium(), args });
