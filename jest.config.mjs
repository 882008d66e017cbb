// Tests are ES modules, written in TypeScript and stripped by esbuild; the package under test is the built one, by its
// public names.

import { availableParallelism } from "node:os";

export default {
  // Of two cores jest would use one: the browser's tests wait for Chromium most of the time.
  maxWorkers: Math.max(2, availableParallelism() - 1),
  testEnvironment: "node",
  roots: ["<rootDir>/tests"],
  testMatch: ["**/*.test.ts"],
  extensionsToTreatAsEsm: [".ts"],
  // delta.js names delta.ts, not the build script delta.mjs beside it.
  moduleFileExtensions: ["ts", "js", "mjs", "cjs", "json", "node"],
  transform: { "\\.ts$": "<rootDir>/tests/transform.cjs" },
  moduleNameMapper: {
    "^heed$": "<rootDir>/dist/heed.js",
    "^heed/external$": "<rootDir>/dist/external.js",
    "^heed/models$": "<rootDir>/dist/models.js",
    "^(\\.{1,2}/.*)\\.js$": "$1",
  },
  modulePathIgnorePatterns: ["<rootDir>/build/", "<rootDir>/tests/package/.*/node_modules"],
  // For what hangs: on a busy machine a test of 2 s was seen to take 45.
  testTimeout: 180000,
};
