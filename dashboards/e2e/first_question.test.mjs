// A student's first question, and what can be done with the answer.
import assert from "node:assert/strict";
import { after } from "node:test";
import { answered, ask, close, story, student } from "./browser.mjs";

after(close);

story("whoever registers can ask at once, and the answer stays", async () => {
  const { page, complaints } = await student();
  await ask(page, "What is preload?");
  await answered(page);
  const article = page.getByRole("article");
  const read = await article.locator(".prose").textContent();
  assert.match(read, /built-in demo provider/);
  await page.reload();
  await answered(page);
  assert.equal(await article.locator(".prose").textContent(), read, "what was read live is what is stored");
  await page.getByRole("navigation").getByRole("link", { name: "What is preload?" }).waitFor();
  assert.deepEqual(complaints, []);
});

story("another answer and other words are branches, and each can be gone back to", async () => {
  const { page, complaints } = await student();
  await ask(page, "First words");
  await answered(page);
  await page.getByRole("button", { name: "Regenerate" }).click();
  await page.getByRole("toolbar", { name: "Answer" }).getByText("2 / 2").waitFor();
  await page.getByRole("button", { name: "Edit question" }).click();
  await page.getByLabel("The question in other words").fill("Other words");
  await page.keyboard.press("Enter");
  await page.getByRole("article").getByRole("heading", { name: "Other words" }).waitFor();
  await answered(page);
  await page.getByRole("button", { name: "Previous wording" }).click();
  await page.getByRole("article").getByRole("heading", { name: "First words" }).waitFor();
  assert.deepEqual(complaints, []);
});

story("a conversation is renamed, deleted, and brought back", async () => {
  const { page, complaints } = await student();
  await ask(page, "To be renamed");
  await answered(page);
  const link = (name) => page.getByRole("link", { name, exact: true });
  await page.getByRole("button", { name: "More for To be renamed" }).click();
  await page.getByRole("menuitem", { name: "Rename" }).click();
  await page.getByLabel("Title of the conversation").fill("Renamed");
  await page.keyboard.press("Enter");
  await link("Renamed").waitFor();
  await page.getByRole("button", { name: "More for Renamed" }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await link("Renamed").waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Undo" }).click();
  await link("Renamed").waitFor();
  assert.deepEqual(complaints, []);
});

story("with the keyboard alone a command is found, asked and answered", async () => {
  const { page, complaints } = await student();
  await page.keyboard.press("/");
  await page.keyboard.type("hig");
  await page.getByRole("option", { name: /highyield/ }).waitFor();
  await page.keyboard.press("Enter");
  await page.keyboard.type("heart failure");
  await page.keyboard.press("Enter");
  await page.getByRole("article").getByRole("heading", { name: "/highyield heart failure" }).waitFor();
  await answered(page);
  assert.deepEqual(complaints, []);
});
