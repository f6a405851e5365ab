// axe finds nothing serious on any page, in light and dark, and nothing is wider than a phone.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { after } from "node:test";
import { admin } from "./api.mjs";
import { adminAt, answer, answered, ask, close, open, row, story, student, upload } from "./browser.mjs";

const AXE = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
after(close);

/** The policy forbids scripts that are not ours, so for axe it is put aside. */
const OPTIONS = { bypassCSP: true, reducedMotion: "reduce" };

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** Everything that axe knows, best practice too: on pages that are small there is no excuse. */
async function anything(page) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  return violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join("; ")}`,
  );
}

async function serious(page) {
  // What was changed is drawn first.
  await page.evaluate(
    () => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))),
  );
  await page.evaluate(AXE);
  const { violations } = await page.evaluate((rules) => globalThis.axe.run({ runOnly: rules }), RULES);
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join("; ")}`);
}

/** Changes theme and size, and waits until all is drawn so and nothing moves. */
async function turn(page, colorScheme, size) {
  await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
  await page.setViewportSize(size);
  await page.waitForFunction(
    ([scheme, width]) =>
      matchMedia(`(prefers-color-scheme: ${scheme})`).matches &&
      innerWidth === width &&
      document.getAnimations().every(({ playState }) => playState !== "running"),
    [colorScheme, size.width],
  );
  await page.evaluate(
    () => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))),
  );
}

/** At a desk in the light, and on a phone in the dark. */
async function inspect(page, what) {
  const size = page.viewportSize();
  await turn(page, "light", size);
  assert.deepEqual(await serious(page), [], what);
  await turn(page, "dark", { width: 360, height: 740 });
  assert.deepEqual(await serious(page), [], `${what}, on a phone`);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(wide <= 360, `${what} is ${wide} px wide on a phone`);
  await page.setViewportSize(size);
}

story("the pages of those who are not signed in", async () => {
  const { page } = await open(OPTIONS);
  for (const [path, button] of [
    ["/sign-in", "Sign in"],
    ["/register", "Create account"],
  ]) {
    await page.goto(path);
    await page.getByRole("button", { name: button }).waitFor();
    await inspect(page, path);
    assert.deepEqual(await anything(page), [], path);
  }
  // Nor is a page that is not there a trap.
  for (const path of ["/no/such/page", "/admin/sign-in", "/admin/no/such/page"]) {
    await page.goto(path);
    await page.getByRole("heading", { level: 1 }).waitFor();
    await inspect(page, path);
    assert.deepEqual(await anything(page), [], path);
  }
});

story("the pages of a student", async () => {
  await admin("PUT", "/api/admin/sharing", { enabled: true });
  let shared;
  const { page } = await student({ plan: "student", ...OPTIONS });
  await inspect(page, "the start");
  await upload(page, "lecture.pdf", "password.pdf");
  await row(page, "password").getByLabel("Password of password").waitFor();
  await row(page, "lecture").getByText("Ready", { exact: true }).waitFor();
  await inspect(page, "documents");
  await page.getByRole("link", { name: "New question" }).click();
  await ask(page, "What is preload of the heart muscle?");
  await answered(page);
  await inspect(page, "a conversation");
  await page.getByRole("button", { name: "Report an error" }).click();
  await page.getByRole("dialog", { name: "Report an error" }).waitFor();
  await inspect(page, "a report");
  await page.keyboard.press("Escape");
  for (const what of ["Put into a folder", "Share by link"]) {
    await page.getByRole("button", { name: "What to do with this conversation" }).click();
    await page.getByRole("menuitem", { name: what }).click();
    await page.getByRole("dialog", { name: what }).waitFor();
    if (what === "Share by link") {
      await page.getByRole("button", { name: "Make a link" }).click();
      shared = await page.getByLabel("Link", { exact: true }).inputValue();
    }
    await inspect(page, what);
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
  }
  const reader = await open({ ...OPTIONS });
  await reader.page.goto(shared);
  await reader.page.getByRole("article").waitFor();
  await inspect(reader.page, "a shared conversation");
  await page.getByRole("button", { name: /^Answers from/ }).click();
  await page.getByRole("dialog").waitFor();
  await inspect(page, "the choice of documents");
  await page.keyboard.press("Escape");
  await answer(page).getByRole("button", { name: "Source 1" }).click();
  await page.getByRole("group", { name: "Page 1, with the passage marked" }).waitFor();
  await inspect(page, "a source");
  await page.getByRole("button", { name: "Close the source" }).click();
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: "Search and commands" }).fill("preload");
  await page.getByRole("group", { name: "In messages" }).getByRole("option").first().waitFor();
  await inspect(page, "the palette");
  await page.keyboard.press("Escape");
  await page.getByRole("region", { name: "Conversation" }).focus();
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
  await inspect(page, "the keyboard shortcuts");
  await page.keyboard.press("Escape");
  for (const [path, heading] of [
    ["/usage", "Usage"],
    ["/profile", "Profile"],
    ["/pricing", "Plans"],
  ]) {
    await page.goto(path);
    await page.getByRole("heading", { name: heading, exact: true, level: 1 }).waitFor();
    await inspect(page, path);
  }
});

story("the pages of an admin", async () => {
  const { page } = await adminAt("/admin/", OPTIONS);
  const links = await page.getByRole("navigation").getByRole("link").all();
  const paths = await Promise.all(links.map((link) => link.getAttribute("href")));
  assert.ok(paths.length > 10, paths.join());
  for (const path of paths) {
    await page.goto(path);
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.locator("main[aria-busy=true], main [aria-busy=true]").first().waitFor({ state: "detached" });
    await inspect(page, path);
  }
});
