// Configures and builds a CMake preset, with what the set-up found.

import { spawn } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** One WebAssembly variant; resolves to its build folder. `target`: "heed_wasm" or "heed_tests". */
export async function wasmPreset(emscripten, variant, target) {
  const folder = `${root}build/wasm-${variant}`;
  await cmakeBuild({ ...emscripten, folder, target }, "wasm", [
    `-DCMAKE_TOOLCHAIN_FILE=${emscripten.emcmakeToolchainFile}`,
    `-DHEED_RELAXED_SIMD=${variant === "relaxed-simd" ? "ON" : "OFF"}`,
    `-DHEED_TESTS=${emscripten.googletestSource ? "ON" : "OFF"}`,
  ]);
  return folder;
}

/** One native preset; resolves to its build folder. */
export async function nativePreset(native, preset) {
  const folder = `${root}build/${preset}`;
  await cmakeBuild({ ...native, folder, target: "heed_tests" }, preset, [
    `-DCMAKE_CXX_COMPILER=${native.compiler}`,
  ]);
  return folder;
}

async function cmakeBuild(setup, preset, definitions) {
  const { cmake, generator, makeProgram, env, xsimdInclude, googletestSource, folder, target } = setup;
  const configure = [
    ...["--preset", preset, "-S", root, "-B", folder, "-G", generator],
    `-DCMAKE_MAKE_PROGRAM=${makeProgram}`,
    `-DHEED_XSIMD_INCLUDE=${xsimdInclude}`,
    ...(googletestSource ? [`-DHEED_GOOGLETEST_SOURCE=${googletestSource}`] : []),
    ...definitions,
  ];
  // CMake keeps the compiler it met first: with another toolchain the folder is begun anew.
  const stamp = `${folder}/configured.json`;
  const same = (await readFile(stamp, "utf8").catch(() => "")) === JSON.stringify(configure);
  await execute(cmake, same ? configure : [...configure, "--fresh"], env);
  await writeFile(stamp, JSON.stringify(configure));
  await execute(cmake, ["--build", folder, "--target", target, "--parallel"], env);
}

/** Quiet unless it fails: then with everything it said. */
function execute(command, args, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, env: { ...process.env, ...env } });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (output += data));
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve(undefined);
      else reject(new Error(`${command} ${args.join(" ")} failed:\n${output}`));
    });
  });
}
