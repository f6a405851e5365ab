// The newcomer's story: registers, asks, uploads a PDF, clicks a citation and sees the passage marked on its page. An
// admin watches it happen, kills a key, and sees the failover.
import assert from "node:assert/strict";
import { after } from "node:test";
import { addKey, openAll, removeKey, setPlan } from "./api.mjs";
import { adminAt, answer, answered, ask, close, row, story, student, upload } from "./browser.mjs";

const keys = [];
after(async () => {
  await close();
  for (const key of keys) await removeKey(key);
  await openAll();
});

story("a newcomer goes all the way, and an admin watches and steers", async () => {
  const boss = await adminAt("/admin/");
  await boss.page.getByText("Live", { exact: true }).waitFor();
  // The newcomer begins on what `make run` brings along.
  const { page, complaints, email } = await student();
  await ask(page, "What is preload?");
  await answered(page);
  await setPlan(email, "student");
  await upload(page, "lecture.pdf");
  await row(page, "lecture").getByText("Ready", { exact: true }).waitFor({ timeout: 90_000 });
  await page.getByRole("link", { name: "New question" }).click();
  await ask(page, "What is preload of the heart muscle?");
  await answered(page);
  await answer(page).getByRole("button", { name: "Source 1" }).click();
  await page.getByRole("group", { name: "Page 1, with the passage marked" }).waitFor();
  await page.keyboard.press("Escape");
  // The admin saw that, and puts in two keys, and takes one away.
  await boss.page
    .getByRole("figure", { name: /Answers a minute over the last hour: at most [1-9]/ })
    .waitFor();
  const first = await addKey({ text: "from the first" }, { priority: 100 });
  const second = await addKey({ text: "from the second" }, { priority: 50 });
  keys.push(first, second);
  await ask(page, "Who answers?");
  await page.getByRole("article").filter({ hasText: "Who answers?" }).getByText("from the first").waitFor();
  await boss.page.getByRole("link", { name: "Keys", exact: true }).click();
  await boss.page.getByRole("button", { name: `Disable …${first.last} at once` }).click();
  await boss.page.getByRole("button", { name: `Enable …${first.last}` }).waitFor();
  await answered(page);
  await ask(page, "And now?");
  await page.getByRole("article").filter({ hasText: "And now?" }).getByText("from the second").waitFor();
  await boss.page.getByRole("link", { name: "Health", exact: true }).click();
  await boss.page.getByRole("row", { name: /^Chat/ }).getByText(`Serves now: …${second.last}`).waitFor();
  assert.deepEqual([...complaints, ...boss.complaints], []);
});
