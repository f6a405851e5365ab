// Conversations are found by what is in them, saved, thrown away, and brought back.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after } from "node:test";
import { answered, ask, close, story, student } from "./browser.mjs";

after(close);

const inSidebar = (page, name) =>
  page.getByRole("navigation", { name: "Conversations and pages" }).getByRole("link", { name });

async function choose(page, title, what) {
  await page.getByRole("button", { name: `More for ${title}` }).click();
  await page.getByRole("menuitem", { name: what }).click();
}

story("a deletion outlives a reload, and one that is undone is undone for good", async () => {
  const { page, complaints } = await student();
  for (const title of ["First one", "Second one"]) {
    await ask(page, title);
    await answered(page);
    await page.getByRole("link", { name: "New question" }).click();
  }
  const trashed = page.waitForResponse((response) => response.url().endsWith("/trash"));
  await choose(page, "First one", "Delete");
  await trashed;
  await page.reload();
  await inSidebar(page, "Second one").waitFor();
  assert.equal(await inSidebar(page, "First one").count(), 0, "it does not come back");
  await choose(page, "Second one", "Delete");
  await inSidebar(page, "Second one").waitFor({ state: "detached" });
  const restored = page.waitForResponse((response) => response.url().endsWith("/restore"));
  await page.getByRole("button", { name: "Undo" }).click();
  await restored;
  await inSidebar(page, "Second one").waitFor();
  await page.reload();
  await inSidebar(page, "Second one").waitFor();
  assert.deepEqual(complaints, []);
});

story("what was said is found by its words, and shown in its place", async () => {
  const { page, complaints } = await student();
  await ask(page, "Why does a ventricle hypertrophy?");
  await answered(page);
  await page.getByRole("link", { name: "New question" }).click();
  await ask(page, "Something else");
  await answered(page);
  await page.getByLabel("Search conversations").fill("ventricles");
  const hits = page.getByRole("region", { name: "In messages" });
  await hits.getByText("ventricle", { exact: true }).first().waitFor();
  await hits.getByRole("link").first().click();
  await page.waitForURL(/\/chat\/[^#]+#message-/);
  await page.getByRole("article").getByText("Why does a ventricle hypertrophy?").first().waitFor();
  assert.deepEqual(complaints, []);
});

story("a conversation is saved as Markdown", async () => {
  const { page } = await student();
  await ask(page, "What is preload?");
  await answered(page);
  const saving = page.waitForEvent("download");
  await choose(page, "What is preload?", "Save as Markdown");
  const saved = await saving;
  assert.equal(saved.suggestedFilename(), "What is preload.md");
  const text = await readFile(await saved.path(), "utf8");
  assert.match(text, /^# What is preload\?\n\n## What is preload\?\n\n\S/);
});
