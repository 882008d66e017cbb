// The built page, opened when a test says so, and nothing gone wrong on it after any.

import { afterAll, afterEach, beforeAll, expect } from "@jest/globals";
import { ready, startSite, type Look, type Site, type Visit } from "./site.ts";

export const ANIMAL = "[CLS] the animal didn ' t cross the street because it was too tired . [SEP]".split(
  " ",
);

export let site: Site;
export let visit: Visit;

/** For all tests of a file. */
export function onTheSite(): void {
  beforeAll(async () => {
    site = await startSite();
  });

  afterAll(() => site.close());

  afterEach(() => expect(visit.problems.splice(0)).toEqual([]));
}

export async function open(look?: Look): Promise<Visit> {
  return (visit = await site.open(look));
}

export async function openReady(): Promise<void> {
  await ready((await open()).page);
}

export const details = (): Promise<string> => visit.page.locator(".details").innerText();
