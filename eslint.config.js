// What types can't say: one-way imports, no string-made HTML, no forgotten promises.

import tseslint from "typescript-eslint";

const noImports = (message, ...group) => ({
  "no-restricted-imports": ["error", { patterns: [{ group, message }] }],
});

export default tseslint.config(
  { ignores: ["dist/", "build/", "**/node_modules/", "tests/fixtures/golden/"] },
  { files: ["**/*.ts"], extends: [tseslint.configs.recommended] },
  {
    files: ["wasm/**/*.ts", "web/**/*.ts"],
    ignores: ["web/vite.config.ts"],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-misused-promises": "error",
      "no-restricted-globals": ["error", "eval"],
      "no-console": "error",
    },
  },
  {
    files: ["wasm/**/*.ts"],
    rules: noImports(
      "wasm/ knows nothing of the page, and no Node module may reach a browser",
      "**/web/**",
      "node:*",
    ),
  },
  {
    files: ["web/views/**/*.ts"],
    // runner/run_data.ts holds the data that views show.
    rules: noImports(
      "a view is (data, options) → node: it loads and runs nothing",
      ...["client", "worker", "start_worker", "protocol"].map((name) => `**/runner/${name}*`),
      "**/main*",
      "**/app*",
    ),
  },
  {
    files: ["web/**/*.ts"],
    ignores: ["web/views/**", "web/vite.config.ts"],
    rules: noImports("the page uses heed by its public entries", "**/wasm/**", "**/dist/**", "**/src/**"),
  },
  {
    files: ["tests/**/*.ts"],
    rules: { "@typescript-eslint/no-explicit-any": "off" },
  },
);
