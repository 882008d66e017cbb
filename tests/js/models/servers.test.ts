// Every way in which a server can be of no help.

import { describe, expect, test } from "@jest/globals";
import { HeedError } from "heed";
import type { LoadProgress } from "heed/models";
import { startHub, type Trouble } from "../../hub.js";
import { rejection } from "./checkpoint.js";
import { hub, loaded, ofWeights, weights, whole } from "./hub_models.js";
import { holdTimers } from "./timers.js";

describe("a server", () => {
  const well: [string, Trouble[], number[]][] = [
    ["that fails, and then doesn't", [{ status: 500 }, { status: 503 }], [200]],
    ["that is busy, and says for how long", [{ status: 429, headers: { "retry-after": "0" } }], [200]],
    ["whose connection breaks", [{ cutAt: 100_000 }], [200, 206]],
    ["whose connection breaks in the header", [{ cutAt: 20 }], [200, 206]],
    [
      "whose connection breaks again and again",
      [20, 70_000, 140_000, 150_000, 200_000].map((cutAt) => ({ cutAt })),
      [200, 206, 206, 206, 206, 206],
    ],
    [
      "without ranges, whose connection breaks",
      [{ cutAt: 100_000, ignoresRanges: true }, { ignoresRanges: true }],
      [200, 200],
    ],
    ["that is slow", [{ slow: 20 }], [200]],
  ];
  test.each(well)("%s", async (_, troubles, statuses) => {
    for (const source of ["org/model", hub.folder("org/model")]) {
      hub.asked.length = 0;
      hub.trouble("model.safetensors", ...troubles);
      expect(await loaded(source)).toEqual(whole);
      expect(ofWeights().map(({ status }) => status)).toEqual(statuses);
    }
  });

  test("that stops talking", async () => {
    for (const source of ["org/model", hub.folder("org/model")]) {
      hub.asked.length = 0;
      hub.trouble("model.safetensors", { stallAt: 90_000 });
      // What is waited for next will not come: then patience is at its end, and at no other time.
      let isSilent = false;
      const timers = holdTimers(1000, (goOff) => {
        if (isSilent) setImmediate(goOff);
        isSilent = false;
      });
      const onProgress = ({ file, loaded: bytes }: LoadProgress): void => {
        isSilent ||= file === "model.safetensors" && bytes === 90_000;
      };
      expect(await loaded(source, { retry: { delay: 1, timeout: 1000 }, onProgress })).toEqual(whole);
      timers.release();
      expect(ofWeights().map(({ range }) => range)).toEqual([undefined, "bytes=90000-"]);
    }
  });

  test("is asked for the rest only", async () => {
    hub.trouble("model.safetensors", { cutAt: 100_000 });
    await loaded("org/model");
    expect(ofWeights().map(({ range }) => range)).toEqual([undefined, "bytes=100000-"]);
  });

  test("that fails is asked four times; one that forbids, once", async () => {
    for (const [status, times] of [
      [500, 4],
      [403, 1],
      [451, 1],
    ] as const) {
      hub.asked.length = 0;
      hub.always("tokenizer.json", { status });
      const error = await rejection(loaded(hub.folder("org/model")));
      hub.always("tokenizer.json", undefined);
      expect(error).toMatchObject({ code: "network", message: expect.stringContaining(`HTTP ${status}`) });
      expect(error.cause).toMatchObject({ status, address: `${hub.folder("org/model")}tokenizer.json` });
      expect(hub.asked.filter(({ path }) => path.endsWith("tokenizer.json"))).toHaveLength(times);
    }
  });

  const ill: [string, Trouble[], string, RegExp][] = [
    [
      "that wants to be left alone for an hour",
      [{ status: 429, headers: { "retry-after": "3600" } }],
      "network",
      /HTTP 429/,
    ],
    [
      "that wants a token",
      [{ status: 401, headers: { "x-error-code": "GatedRepo" } }],
      "network",
      /gated: its terms/,
    ],
    [
      "whose connection always breaks at one place",
      Array(9).fill({ cutAt: 70_000 }) as Trouble[],
      "network",
      /could not be loaded/,
    ],
    [
      "without ranges, whose connection always breaks at one place",
      Array(9).fill({ cutAt: 70_000, ignoresRanges: true }) as Trouble[],
      "network",
      /could not be loaded/,
    ],
    [
      "without ranges that falls silent at one place",
      Array(9).fill({ stallAt: 1, ignoresRanges: true }) as Trouble[],
      "network",
      /nothing has arrived for 100 ms/,
    ],
    [
      "that never talks",
      Array(9).fill({ stallAt: 0 }) as Trouble[],
      "network",
      /nothing has arrived for 100 ms/,
    ],
    [
      "whose file changes under way",
      [{ cutAt: 70_000 }, { version: '"other"' }],
      "network",
      /has changed while it was being loaded/,
    ],
    [
      "whose file is of another length than the hub says",
      [{ saysSize: 5, ignoresRanges: true, cutAt: 70_000 }, { saysSize: weights.length + 9 }],
      "network",
      /is \d+ bytes long; expected/,
    ],
    [
      "whose file is not what it was",
      [{ damaged: true }],
      "invalid-model",
      /model\.safetensors is damaged: its SHA-256 is [0-9a-f]{64}; expected [0-9a-f]{64}/,
    ],
  ];
  test.each(ill)("%s", async (what, troubles, code, message) => {
    hub.trouble("model.safetensors", ...troubles);
    // The hub says the hash, which is then what counts; a plain folder says a version.
    const source = /under way/.test(what) ? hub.folder("org/model") : "org/model";
    // A busy machine's own silence would be told in the same words.
    const timeout = troubles.some(({ stallAt }) => stallAt !== undefined) ? 100 : undefined;
    const error = await rejection(loaded(source, { retry: { delay: 1, ...(timeout && { timeout }) } }));
    hub.trouble("model.safetensors");
    expect(error).toBeInstanceOf(HeedError);
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
    expect(await loaded("org/model")).toEqual(whole);
  });

  test("that is gone: what was tried, and the address without its permission", async () => {
    const gone = await startHub({});
    await gone.close();
    const error = await rejection(loaded(`${gone.url}/m?token=secret`));
    expect(error).toMatchObject({
      code: "network",
      message: expect.stringContaining(`${gone.url}/m/config.json could not be loaded: TypeError`),
      cause: { address: `${gone.url}/m/config.json`, status: undefined },
    });
    expect(error.message).not.toContain("secret");
  });

  test("a shard that breaks for good ends the others", async () => {
    // The headers come well. Then two shards stall, for longer than this test may take, and one fails.
    for (const name of ["a", "c"]) hub.trouble(`${name}.safetensors`, undefined, { stallAt: 100 });
    hub.trouble("b.safetensors", undefined, { status: 500 }, { status: 500 });
    const retry = { times: 1, delay: 1, timeout: 600_000 };
    expect(await rejection(loaded("org/shards", { retry }))).toMatchObject({
      code: "network",
      message: expect.stringMatching(/b\.safetensors answered HTTP 500/),
    });
  });

  test("an AbortSignal ends the waiting for another try, and a download", async () => {
    for (const trouble of [{ status: 500 }, { stallAt: 1000 }, { slow: 50 }]) {
      const controller = new AbortController();
      const abort = () => void setImmediate(() => controller.abort("enough"));
      // Always: what was given up may still be answered, and not for the next one.
      hub.always("model.safetensors", trouble);
      const timers = holdTimers(20_000, abort);
      const promise = loaded("org/model", {
        ...{ signal: controller.signal, retry: { delay: 20_000 } },
        onProgress: ({ file }) => file === "model.safetensors" && abort(),
      });
      expect(await rejection(promise)).toMatchObject({ code: "aborted", cause: "enough" });
      timers.release();
    }
    hub.always("model.safetensors", undefined);
  });
});
