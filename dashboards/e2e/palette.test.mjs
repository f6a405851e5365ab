// One line goes everywhere and does everything, by keys alone; and the help says all keys, each of which works.
import assert from "node:assert/strict";
import { after } from "node:test";
import { answered, ask, close, row, story, student, upload } from "./browser.mjs";

after(close);

const line = (page) => page.getByRole("combobox", { name: "Search and commands" });
const option = (page, name) => page.getByRole("option", { name });

/** Opens it, types, and takes what is then picked. */
async function take(page, typed, name) {
  await page.keyboard.press("Control+k");
  await line(page).waitFor();
  await page.keyboard.type(typed);
  await page.waitForFunction((wanted) => {
    const input = document.querySelector("[role=combobox]");
    const active = document.getElementById(input?.getAttribute("aria-activedescendant") ?? "");
    return active?.getAttribute("aria-selected") === "true" && active.textContent?.includes(wanted);
  }, name);
  await page.keyboard.press("Enter");
  await line(page).waitFor({ state: "detached" });
}

story("conversations, messages, documents and pages are gone to", async () => {
  const { page, complaints } = await student({ plan: "student" });
  await ask(page, "Why does a ventricle hypertrophy?");
  await answered(page);
  await upload(page, "lecture.pdf");
  await row(page, "lecture").getByText("Ready", { exact: true }).waitFor({ timeout: 90_000 });
  await take(page, "usge", "Usage");
  await page.getByRole("heading", { name: "Usage", level: 1 }).waitFor();
  await take(page, "hypertrphy", "Why does a ventricle hypertrophy?");
  await page
    .getByRole("article")
    .getByRole("heading", { name: "Why does a ventricle hypertrophy?" })
    .waitFor();
  await take(page, "lectu", "lecture");
  await page
    .getByRole("complementary", { name: "Document" })
    .getByRole("group", { name: "Page 1" })
    .waitFor();
  // Also what was only said, and in another form of the word.
  await page.keyboard.press("Control+k");
  await line(page).fill("ventricles");
  const said = page.getByRole("group", { name: "In messages" }).getByRole("option").first();
  await said.waitFor();
  await said.click();
  await page.waitForURL(/\/chat\/[^#]+#message-/);
  assert.deepEqual(complaints, []);
});

story("commands are begun, the theme is switched, and one signs out", async () => {
  const { page, complaints } = await student();
  await page.goto("/usage");
  await page.getByRole("heading", { name: "Usage", level: 1 }).waitFor();
  await take(page, "/mcq heart failure", "/mcq");
  await page.waitForURL(/\/$/);
  const composer = page.getByLabel("Your question");
  await page.waitForFunction(() => document.activeElement?.getAttribute("aria-label") === "Your question");
  assert.equal(await composer.inputValue(), "/mcq heart failure");
  await take(page, "dark th", "Dark theme");
  assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), "dark");
  // Arrows lead through all, and around.
  await page.keyboard.press("Control+k");
  await line(page).waitFor();
  const picked = () => page.getByRole("option", { selected: true }).textContent();
  const first = await picked();
  await page.keyboard.press("ArrowDown");
  assert.notEqual(await picked(), first);
  await page.keyboard.press("ArrowUp");
  assert.equal(await picked(), first);
  await page.keyboard.press("ArrowUp");
  assert.notEqual(await picked(), first);
  await line(page).fill("no such thing anywhere");
  await page.getByText("Nothing is found.").waitFor();
  // The key that opens it closes it, and the focus is where it was.
  await page.keyboard.press("Control+k");
  await line(page).waitFor({ state: "detached" });
  await page.waitForFunction(() => document.activeElement?.getAttribute("aria-label") === "Your question");
  await take(page, "sign out", "Sign out");
  await page.getByRole("button", { name: "Sign in" }).waitFor();
  assert.equal(await option(page, "Sign out").count(), 0);
  assert.deepEqual(complaints, []);
});

story("on a phone it is all there and nothing is cut off", async () => {
  const { page, complaints } = await student({ viewport: { width: 360, height: 740 } });
  await page.keyboard.press("Control+k");
  await line(page).waitFor();
  await option(page, "New question").waitFor();
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(wide <= 360, `${wide}`);
  await option(page, "Documents").click();
  await page.getByRole("heading", { name: "Documents", level: 1 }).waitFor();
  assert.deepEqual(complaints, []);
});

story("a question mark shows all keys, but not where it is typed", async () => {
  const { page, complaints } = await student();
  await page.getByLabel("Your question").fill("Really");
  await page.keyboard.type("?");
  assert.equal(await page.getByLabel("Your question").inputValue(), "Really?");
  await page.getByRole("main").focus();
  await page.keyboard.press("?");
  const help = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await help.waitFor();
  for (const name of ["Everywhere", "In a conversation", "While a question is written"])
    assert.ok((await help.getByRole("region", { name }).getByRole("definition").count()) > 1, name);
  await help.getByText("Search, go to, commands").waitFor();
  await page.keyboard.press("Escape");
  await help.waitFor({ state: "detached" });
  // Each of them does what it says.
  await page.getByRole("main").focus();
  await page.keyboard.press("/");
  await page.waitForFunction(() => document.activeElement?.getAttribute("aria-label") === "Your question");
  await page.keyboard.press("Shift+Enter");
  await page.keyboard.type("Yes?");
  assert.equal(await page.getByLabel("Your question").inputValue(), "Really?\nYes?");
  await page.keyboard.press("Enter");
  await answered(page);
  await page.keyboard.press("ArrowUp");
  await page.getByLabel("The question in other words").waitFor();
  await page.keyboard.press("Escape");
  await page.getByLabel("The question in other words").waitFor({ state: "detached" });
  assert.deepEqual(complaints, []);
});

story("what is typed right behind the key goes into the line, also before its list is there", async () => {
  const { page, context, complaints } = await student();
  await context.addInitScript(() =>
    Object.defineProperty(navigator, "connection", { value: { saveData: true } }),
  );
  await page.reload();
  const composer = page.getByLabel("Your question");
  await page.waitForFunction(() => document.activeElement?.getAttribute("aria-label") === "Your question");
  let fetched = () => undefined;
  const wanted = new Promise((resolve) => {
    fetched = resolve;
  });
  await page.route(/\/assets\/found[^/]*\.js$/, async (route) => {
    await wanted;
    await route.continue();
  });
  // As fast as no hand is.
  await page.keyboard.press("Control+k");
  await page.keyboard.type("usage");
  await page.keyboard.press("Enter");
  await line(page).waitFor();
  assert.equal(await line(page).inputValue(), "usage");
  assert.equal(await composer.inputValue(), "");
  fetched();
  // What was entered meanwhile is done when it can be.
  await page.getByRole("heading", { name: "Usage", level: 1 }).waitFor();
  await line(page).waitFor({ state: "detached" });
  assert.deepEqual(complaints, []);
});

story("a button opens it, beside the page and in the menu of a phone", async () => {
  const { page, complaints } = await student();
  const button = page.getByRole("button", { name: "Search and commands" });
  await button.click();
  await line(page).waitFor();
  await page.keyboard.press("Escape");
  await line(page).waitFor({ state: "detached" });
  await page.waitForFunction(
    () => document.activeElement?.getAttribute("aria-label") === "Search and commands",
  );
  await page.setViewportSize({ width: 360, height: 740 });
  await page.getByRole("button", { name: "Menu" }).click();
  await button.click();
  await line(page).fill("plans");
  await option(page, "Plans").click();
  await page.getByRole("heading", { name: "Plans", level: 1 }).waitFor();
  assert.equal(await page.getByRole("dialog").count(), 0);
  assert.deepEqual(complaints, []);
});
