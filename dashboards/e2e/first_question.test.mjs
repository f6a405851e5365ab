// A student's first question, and a reload in the midst of its answer.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { launch, student } from "./browser.mjs";

const browser = await launch();
after(() => browser.close());

const answer = (page) => page.getByRole("article").last().locator(".prose");
const isThere = (page) => page.getByRole("toolbar", { name: "Answer" }).waitFor({ timeout: 30_000 });

test("a question is answered, and a reload in mid-answer loses and doubles nothing", async () => {
  const { page, complaints } = await student(browser);
  await page.getByLabel("Your question").fill("What is preload?");
  await page.keyboard.press("Enter");
  await answer(page).waitFor();
  await page.reload();
  await isThere(page);
  const read = await answer(page).innerText();
  await page.reload();
  await isThere(page);
  assert.equal(await answer(page).innerText(), read, "what was read live is what is stored");
  assert.ok(read.length > 20);
  assert.deepEqual(complaints, []);
});

test("another answer and other words are branches, and each can be gone back to", async () => {
  const { page, complaints } = await student(browser);
  await page.getByLabel("Your question").fill("First words");
  await page.keyboard.press("Enter");
  await isThere(page);
  await page.getByRole("button", { name: "Answer anew" }).click();
  await page.getByRole("toolbar", { name: "Answer" }).getByText("2 / 2").waitFor({ timeout: 30_000 });
  await page.getByRole("button", { name: "Edit and ask anew" }).click();
  await page.getByLabel("The question in other words").fill("Other words");
  await page.keyboard.press("Enter");
  await page.getByRole("article").getByRole("heading", { name: "Other words" }).waitFor();
  await isThere(page);
  await page.getByRole("button", { name: "Wording before" }).click();
  await page.getByRole("article").getByRole("heading", { name: "First words" }).waitFor();
  assert.deepEqual(complaints, []);
});

test("a conversation is renamed, deleted, and brought back", async () => {
  const { page } = await student(browser);
  await page.getByLabel("Your question").fill("To be renamed");
  await page.keyboard.press("Enter");
  await isThere(page);
  const row = (name) => page.getByRole("link", { name, exact: true });
  await page.getByRole("button", { name: "More for To be renamed" }).click();
  await page.getByRole("menuitem", { name: "Rename" }).click();
  await page.getByLabel("Title of the conversation").fill("Renamed");
  await page.keyboard.press("Enter");
  await row("Renamed").waitFor();
  await page.getByRole("button", { name: "More for Renamed" }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await row("Renamed").waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Undo" }).click();
  await row("Renamed").waitFor();
});
