// Chromium, as all of these tests run it.

import { chromium, type Browser } from "playwright-core";

/**
 * To be every page's limit of time, in ms. Short of that of a test, so that what was waited for is still told: machines have
 * been seen to stand still for 45 s, and a limit of 30 s then ends before what it waits for can begin.
 */
export const PATIENCE = 150_000;

export const launchBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: process.env["HEED_CHROMIUM"] ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
    ],
  });
