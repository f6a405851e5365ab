// Writes a .br and a .gz beside every built file that gets smaller by it, so that the API never compresses.
import { readdir, readFile, writeFile } from "node:fs/promises";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

const DIST = new URL("../dist/", import.meta.url);
const packed = /\.(html|js|mjs|css|svg|json|webmanifest|wasm|bcmap|pfb|ttf|txt)$/;
const brotli = promisify(brotliCompress);
const zip = promisify(gzip);

for (const entry of await readdir(DIST, { recursive: true })) {
  if (!packed.test(entry)) continue;
  const file = new URL(entry, DIST);
  const raw = await readFile(file);
  const options = {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: raw.length },
  };
  for (const [ending, bytes] of [
    ["br", await brotli(raw, options)],
    ["gz", await zip(raw, { level: 9 })],
  ]) {
    if (bytes.length < raw.length * 0.95) await writeFile(`${file.pathname}.${ending}`, bytes);
  }
}
