// Everything with the keyboard alone, and after each thing the focus is where the next one begins.
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { addKey, openAll, PASSWORD, removeKey, setScript } from "./api.mjs";
import { answer, answered, close, open, pdf, row, story, student } from "./browser.mjs";

const WORDS = Array.from({ length: 400 }, (_, at) => `word${at + 1}`).join(" ");
const SHORT = { text: "A short answer." };
let key;
before(async () => {
  key = await addKey(SHORT);
});
after(async () => {
  await close();
  await removeKey(key);
  await openAll();
});

/** Waits until the focus is on what is so named. */
const focused = (page, name) =>
  page.waitForFunction((wanted) => {
    const element = document.activeElement;
    const name = element?.getAttribute("aria-label") ?? element?.textContent ?? "";
    return name.trim() === wanted;
  }, name);
const COMPOSER = "Your question";

/** Tabs until the focus is on what is so named; backwards, where that is shorter. */
async function tabTo(page, name, stroke = "Tab") {
  for (let steps = 0; steps < 80; steps += 1) {
    await page.keyboard.press(stroke);
    const at = await page.evaluate(() => {
      const element = document.activeElement;
      return (element?.getAttribute("aria-label") ?? element?.textContent ?? "").trim();
    });
    if (at === name) return;
  }
  throw new Error(`no number of tabs leads to ${name}`);
}

async function askByKeys(page, text) {
  await focused(page, COMPOSER);
  await page.keyboard.type(text);
  await page.keyboard.press("Enter");
  await page.getByRole("article").getByRole("heading", { name: text }).waitFor();
}

story("registers, asks, stops, asks again, edits and regenerates", async () => {
  await setScript(key.key, { text: WORDS, token_delay_ms: 30 });
  const { page, complaints } = await open();
  await page.goto("/register");
  await page.getByLabel("Name").and(page.locator(":focus")).waitFor();
  await page.keyboard.type("Ada Byron");
  await page.keyboard.press("Tab");
  await page.keyboard.type(`keys-${process.pid}-${Date.now()}@example.org`);
  await page.keyboard.press("Tab");
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press("Enter");
  // Registering leads to the composer, and so does a reload.
  await focused(page, COMPOSER);
  await page.reload();
  await askByKeys(page, "Tell me all");
  await answer(page).getByText("word3").waitFor();
  await focused(page, COMPOSER);
  // The button that stops is the next thing.
  await tabTo(page, "Stop");
  await page.keyboard.press("Enter");
  await page.getByText("You stopped the answer here.").waitFor();
  await focused(page, COMPOSER);
  await setScript(key.key, SHORT);
  await askByKeys(page, "Now a short one");
  await answered(page);
  await focused(page, COMPOSER);
  await tabTo(page, "Edit question", "Shift+Tab");
  await page.keyboard.press("Enter");
  await focused(page, "The question in other words");
  await page.keyboard.press("Escape");
  await focused(page, "Edit question");
  await page.keyboard.press("Enter");
  await focused(page, "The question in other words");
  await page.keyboard.type(", please");
  await page.keyboard.press("Enter");
  await page.getByRole("article").getByRole("heading", { name: "Now a short one, please" }).waitFor();
  await answered(page);
  await focused(page, COMPOSER);
  await tabTo(page, "Regenerate", "Shift+Tab");
  await page.keyboard.press("Enter");
  await page.getByRole("toolbar", { name: "Answer" }).getByText("2 / 2").waitFor();
  await focused(page, COMPOSER);
  assert.deepEqual(complaints, []);
});

story("searches conversations, changes to one, renames it, deletes it and brings it back", async () => {
  await setScript(key.key, SHORT);
  const { page, complaints } = await student();
  await askByKeys(page, "About kidneys");
  await answered(page);
  await tabTo(page, "New question", "Shift+Tab");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: /What are you studying/ }).waitFor();
  await focused(page, COMPOSER);
  // Also where that is the page already.
  await tabTo(page, "New question", "Shift+Tab");
  await page.keyboard.press("Enter");
  await askByKeys(page, "About hearts");
  await answered(page);
  await page.keyboard.press("Control+k");
  await focused(page, "Search and commands");
  await page.keyboard.type("kidn");
  await page.getByRole("option", { name: "About hearts" }).waitFor({ state: "detached" });
  await page.keyboard.press("Enter");
  await page.getByRole("article").getByRole("heading", { name: "About kidneys" }).waitFor();
  await focused(page, COMPOSER);
  await page.keyboard.press("Control+k");
  await focused(page, "Search and commands");
  await page.keyboard.press("Escape");
  await focused(page, COMPOSER);
  await tabTo(page, "Search conversations", "Shift+Tab");
  await page.keyboard.type("kidn");
  await page.getByRole("link", { name: "About hearts" }).waitFor({ state: "detached" });
  await page.keyboard.press("Escape");
  await tabTo(page, "More for About kidneys");
  await page.keyboard.press("Enter");
  await focused(page, "Rename");
  await page.keyboard.press("Enter");
  await focused(page, "Title of the conversation");
  await page.keyboard.type("Nephrons");
  await page.keyboard.press("Enter");
  await focused(page, "Nephrons");
  await tabTo(page, "More for Nephrons");
  await page.keyboard.press("Enter");
  await focused(page, "Rename");
  await page.keyboard.press("End");
  await focused(page, "Delete");
  await page.keyboard.press("Enter");
  await focused(page, "Undo");
  await page.keyboard.press("Enter");
  await focused(page, "Nephrons");
  assert.deepEqual(complaints, []);
});

story("uploads, opens a source and closes it", async () => {
  const { page, complaints } = await student({ plan: "student" });
  await page.goto("/documents");
  await page.getByRole("button", { name: "Choose files" }).waitFor();
  // Listened for long before, since what is not listened for is not opened here.
  const chooser = page.waitForEvent("filechooser");
  await tabTo(page, "Choose files");
  await page.keyboard.press("Enter");
  await (await chooser).setFiles(pdf("lecture.pdf"));
  await row(page, "lecture").getByText("Ready", { exact: true }).waitFor({ timeout: 90_000 });
  await setScript(key.key, { text: "It is the stretch [1]." });
  await tabTo(page, "New question", "Shift+Tab");
  await page.keyboard.press("Enter");
  await askByKeys(page, "What is preload of the heart muscle?");
  await answered(page);
  await tabTo(page, "Source 1", "Shift+Tab");
  await page.keyboard.press("Enter");
  await page.getByRole("group", { name: "Page 1, with the passage marked" }).waitFor();
  await focused(page, "Close the source");
  await page.keyboard.press("Escape");
  await focused(page, "Source 1");
  // The same on a phone, where it lies over the page.
  await page.setViewportSize({ width: 360, height: 740 });
  await page.keyboard.press("Enter");
  await page.getByRole("dialog", { name: "Source 1" }).waitFor();
  await page.keyboard.press("Escape");
  await focused(page, "Source 1");
  assert.deepEqual(complaints, []);
});

story(
  "the keys for search and for a question work at every width, and type nothing of themselves",
  async () => {
    await setScript(key.key, SHORT);
    const { page, complaints } = await student();
    await askByKeys(page, "On a phone");
    await answered(page);
    await page.setViewportSize({ width: 360, height: 740 });
    await page.keyboard.press("Control+k");
    await focused(page, "Search and commands");
    await page.keyboard.press("Escape");
    await page.getByRole("dialog", { name: "Search and commands" }).waitFor({ state: "detached" });
    await page.getByRole("region", { name: "Conversation" }).focus();
    await page.keyboard.press("/");
    await focused(page, COMPOSER);
    assert.equal(await page.getByLabel(COMPOSER).inputValue(), "");
    // Where questions are written it is a sign like any other, and begins a command.
    await page.keyboard.press("/");
    await page.getByRole("option", { name: /mcq/ }).waitFor();
    assert.deepEqual(complaints, []);
  },
);

story("whoever tabs through a conversation meets everything, and gets out again", async () => {
  await setScript(key.key, SHORT);
  const { page } = await student();
  await askByKeys(page, "One question");
  await answered(page);
  await page.reload();
  await focused(page, COMPOSER);
  const met = [];
  // From the first thing on the page to the last.
  await page.getByRole("link", { name: "Skip to content" }).focus();
  for (let steps = 0; steps < 60; steps += 1) {
    await page.keyboard.press("Tab");
    const name = await page.evaluate(() => {
      const element = document.activeElement;
      if (!element || element === document.body) return "";
      return (element.getAttribute("aria-label") ?? element.textContent ?? "").trim();
    });
    if (name === "" && met.length > 0) break;
    if (name) met.push(name);
  }
  const names = ["New question", "Search conversations", "One question", "Edit question", "Copy question"];
  for (const name of [...names, "Copy answer", "Regenerate", "Print answer", COMPOSER])
    assert.ok(met.includes(name), `${name} is not among ${met.join(", ")}`);
});
