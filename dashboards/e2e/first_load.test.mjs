// The first page loads what it shows: no more bytes than `scripts/check-size.mjs` allows, fonts included.
import assert from "node:assert/strict";
import { after } from "node:test";
import { close, open, story } from "./browser.mjs";

const LIMIT = 180 * 1024;

after(close);

story("the sign-in page loads little, and nothing that shows answers", async () => {
  const { page, complaints } = await open();
  await page.goto("/sign-in", { waitUntil: "networkidle" });
  await page.getByRole("button", { name: "Sign in" }).waitFor();
  await page.evaluate(() => document.fonts.ready);
  const files = await page.evaluate(() =>
    [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")].map(
      ({ name, encodedBodySize }) => ({ name: new URL(name).pathname, size: encodedBodySize }),
    ),
  );
  const ours = files.filter(({ name }) => !name.startsWith("/api/"));
  const total = ours.reduce((sum, { size }) => sum + size, 0);
  const told = ours.map(({ name, size }) => `${size} ${name}`).join("\n");
  assert.ok(
    ours.every(({ size }) => size > 0),
    told,
  );
  assert.ok(total <= LIMIT, `${total} bytes:\n${told}`);
  assert.doesNotMatch(told, /markdown|katex|inside|chat_page/i);
  const families = await page.evaluate(() =>
    [...document.fonts]
      .filter(({ status, family }) => status === "loaded" && family.includes("Medai"))
      .map(({ family }) => family.replaceAll('"', "")),
  );
  assert.deepEqual(families.sort(), ["Medai Sans", "Medai Serif"]);
  assert.deepEqual(complaints, []);
});
