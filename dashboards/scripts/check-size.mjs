// Fails where the student app's first load is larger than it may be: what the sign-in page really fetches. That is what
// index.html names, with all that this imports statically, and the fonts that English needs. Sizes are as sent: brotli
// where there is a packed file. `e2e/first_load.test.mjs` holds it against what a browser fetches.
import { readFile, stat } from "node:fs/promises";

const LIMIT = 180 * 1024;
const DIST = new URL("../dist/student/", import.meta.url);

const read = (path) => readFile(new URL(path, DIST), "utf8");
const sent = async (path) =>
  (await stat(new URL(`${path}.br`, DIST)).catch(() => stat(new URL(path, DIST)))).size;

const first = new Set(["index.html"]);
for (const [, path] of (await read("index.html")).matchAll(/(?:src|href)="\/([^"]+)"/g)) await add(path);

async function add(path) {
  if (first.has(path)) return;
  first.add(path);
  if (path.endsWith(".css")) for (const font of fontsOf(await read(path))) await add(font);
  if (!path.endsWith(".js")) return;
  for (const [, name] of (await read(path)).matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g))
    await add(`assets/${name}`);
}

/** Those upright ones that have the letter a, or do not say what they have. */
function fontsOf(css) {
  return [...css.matchAll(/@font-face\s*\{([^}]*)\}/g)].flatMap(([, face]) => {
    const url = /url\(["']?\/?([^"')]+)/.exec(face)?.[1];
    const ranges = /unicode-range:([^;}]*)/.exec(face)?.[1] ?? "U+0-10FFFF";
    const has = [...ranges.matchAll(/U\+([\da-f]+)(?:-([\da-f]+))?/gi)].some(
      ([, from, to]) => Number.parseInt(from, 16) <= 97 && Number.parseInt(to ?? from, 16) >= 97,
    );
    return url && has && !/font-style:\s*italic/.test(face) ? [url] : [];
  });
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
if (total > LIMIT) {
  console.error("The sign-in page loads too much: load what it does not need later.");
  process.exit(1);
}
