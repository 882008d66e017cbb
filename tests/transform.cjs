// Jest's transform for TypeScript: esbuild drops the types, nothing else.
const { transformSync } = require("esbuild");

module.exports = {
  process(source, file) {
    const { code, map } = transformSync(source, {
      loader: "ts",
      format: "esm",
      target: "es2022",
      sourcefile: file,
      sourcemap: "both",
    });
    return { code, map: JSON.parse(map) };
  },
};
