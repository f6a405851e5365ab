// Makes the icons of the installed app from `ui/public/icon.svg`, in Chromium: `node scripts/icons.mjs`.
import { mkdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { chromiumPath } from "../e2e/chromium.mjs";

const TO = fileURLToPath(new URL("../student/pwa/icons/", import.meta.url));
const svg = await readFile(new URL("../ui/public/icon.svg", import.meta.url), "utf8");
/** Some systems cut an icon to a shape of their own: these have no corners, and room around the mark. */
const square = svg.replace('rx="8"', 'rx="0"');
const withRoom = square.replace(/<path/, '<path transform="translate(5.6 5.6) scale(0.65)"');

const ICONS = [
  ["icon-192", 192, svg],
  ["icon-512", 512, svg],
  ["maskable-512", 512, withRoom],
  ["apple-touch-icon", 180, square],
];

await mkdir(TO, { recursive: true });
const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
const browser = await chromium.launch({ executablePath: chromiumPath(), args });
const page = await browser.newPage();
for (const [name, size, picture] of ICONS) {
  await page.setViewportSize({ width: size, height: size });
  await page.setContent(
    `<style>*{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${picture}`,
  );
  await page.screenshot({ path: `${TO}${name}.png`, omitBackground: true });
}
await browser.close();
