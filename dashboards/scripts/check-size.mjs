// Fails where the student app's first load is larger than it may be: what index.html names, with all that this imports
// statically, and the fonts of the first page. Sizes are as sent: brotli where there is a packed file.
import { readdir, readFile, stat } from "node:fs/promises";

const LIMIT = 250 * 1024;
const DIST = new URL("../dist/student/", import.meta.url);

const sent = async (path) =>
  (await stat(new URL(`${path}.br`, DIST)).catch(() => stat(new URL(path, DIST)))).size;

const html = await readFile(new URL("index.html", DIST), "utf8");
const first = new Set(["index.html"]);
for (const [, path] of html.matchAll(/(?:src|href)="\/([^"]+)"/g)) await add(path);
const fonts = (await readdir(new URL("assets/", DIST))).filter((name) =>
  /^(instrument-sans-latin|source-serif-4-latin)-wght-normal.*\.woff2$/.test(name),
);
for (const font of fonts) first.add(`assets/${font}`);

async function add(path) {
  if (first.has(path)) return;
  first.add(path);
  if (!path.endsWith(".js")) return;
  const code = await readFile(new URL(path, DIST), "utf8");
  for (const [, name] of code.matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g)) await add(`assets/${name}`);
}

let total = 0;
for (const path of first) {
  const size = await sent(path);
  total += size;
  console.log(`${(size / 1024).toFixed(1).padStart(8)} kB  ${path}`);
}
console.log(
  `${(total / 1024).toFixed(1).padStart(8)} kB  first load of the student app, of ${LIMIT / 1024} kB`,
);
if (total > LIMIT) process.exit(1);
