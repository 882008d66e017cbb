// Serves a folder of static files, with the types and the security headers that the page wants.
import { createReadStream } from "node:fs";
import { open, stat } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize, sep } from "node:path";

/** @type {Readonly<Record<string, string>>} */
const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".wasm": "application/wasm",
  ".safetensors": "application/octet-stream",
};

/**
 * @param {string} folder
 * @param {{ host?: string, port?: number, strictPort?: boolean }} [options] the next free port from `port` on, or with
 *   `strictPort` that one only; port 0: any
 * @returns {Promise<{ url: string, close(): Promise<void> }>}
 */
export async function serve(folder, { host = "127.0.0.1", port = 0, strictPort = false } = {}) {
  // A worker's rules come with its own file, not from the page's <meta>: so the header says the same for every file that has
  // none of its own.
  const usual = await policyIn(join(folder, "index.html"));
  const server = createServer(async (request, response) => {
    const path = pathOf(request.url ?? "/");
    const file = path === undefined ? undefined : await find(folder, path);
    if (!file || (request.method !== "GET" && request.method !== "HEAD")) {
      response.writeHead(file ? 405 : 404, { "content-type": "text/plain; charset=utf-8" });
      response.end(file ? "Method not allowed\n" : "Not found\n");
      return;
    }
    const policy = (extname(file.path) === ".html" && (await policyIn(file.path))) || usual;
    response.writeHead(200, {
      "content-type": TYPES[extname(file.path)] ?? "application/octet-stream",
      "content-length": file.size,
      // Vite names its assets by their content.
      "cache-control": file.path.includes(`${sep}assets${sep}`)
        ? "public, max-age=31536000, immutable"
        : "no-cache",
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      // Nothing here is anyone's secret, and pages elsewhere embed the element.
      "access-control-allow-origin": "*",
      ...(policy && { "content-security-policy": policy }),
    });
    if (request.method === "HEAD") response.end();
    else createReadStream(file.path).pipe(response);
  });
  const bound = await listen(server, host, port, strictPort);
  const shown = host === "0.0.0.0" || host === "::" ? "localhost" : host.includes(":") ? `[${host}]` : host;
  return {
    url: `http://${shown}:${bound}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The policy in a page's <meta>. @param {string} path @returns {Promise<string | undefined>} */
async function policyIn(path) {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4096), 0, 4096);
    const head = buffer.toString("utf8", 0, bytesRead);
    return /http-equiv="Content-Security-Policy"\s+content="([^"]*)"/.exec(head)?.[1];
  } finally {
    await file.close();
  }
}

/** @param {string} url @returns {string | undefined} */
function pathOf(url) {
  try {
    const path = decodeURIComponent(new URL(url, "http://localhost").pathname);
    return path.includes("\0") ? undefined : path;
  } catch {
    return undefined;
  }
}

/** @param {string} folder @param {string} path */
async function find(folder, path) {
  const whole = normalize(join(folder, path.endsWith("/") ? `${path}index.html` : path));
  if (!whole.startsWith(normalize(folder) + sep)) return undefined;
  try {
    const found = await stat(whole);
    return found.isFile() ? { path: whole, size: found.size } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * @param {import("node:http").Server} server @param {string} host @param {number} port @param {boolean} strict
 * @returns {Promise<number>}
 */
function listen(server, host, port, strict) {
  return new Promise((resolve, reject) => {
    let tried = port;
    server.on("error", (error) => {
      const taken = "code" in error && error.code === "EADDRINUSE";
      if (!taken || strict || tried >= port + 100) reject(error);
      else server.listen(++tried, host);
    });
    server.on("listening", () => {
      const address = server.address();
      resolve(typeof address === "object" && address ? address.port : tried);
    });
    server.listen(tried, host);
  });
}
