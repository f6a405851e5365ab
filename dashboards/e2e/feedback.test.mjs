// Thumbs and reports of errors, from the answer to the admins.
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { addKey, admin, openAll, removeKey } from "./api.mjs";
import { adminAt, answered, ask, close, story, student } from "./browser.mjs";

let key;
before(async () => {
  key = await addKey({ text: "Give ten grams." });
});
after(async () => {
  await close();
  await removeKey(key);
  await openAll();
});

/** Does something, and waits until the API has heard of it. */
const heard = (page, end, what) =>
  Promise.all([page.waitForResponse((response) => response.url().endsWith(end)), what()]);

story("a thumb is given, turned and taken back, and outlives a reload", async () => {
  const { page, complaints } = await student();
  await ask(page, "How much of it?");
  await answered(page);
  const thumb = (name, pressed) => page.getByRole("button", { name, pressed });
  await heard(page, "/vote", () => thumb("Good answer", false).click());
  await thumb("Good answer", true).waitFor();
  await heard(page, "/vote", () => thumb("Bad answer", false).click());
  await page.reload();
  await thumb("Bad answer", true).waitFor();
  await thumb("Good answer", false).waitFor();
  await heard(page, "/vote", () => thumb("Bad answer", true).click());
  await page.reload();
  await thumb("Bad answer", false).waitFor();
  assert.deepEqual(complaints, []);
});

story("a report comes to the admins as far as the student agreed, and is handled with a note", async () => {
  const { page, complaints } = await student();
  const mark = `report ${process.pid} ${Date.now()}`;
  await ask(page, "How much of it for a child?");
  await answered(page);
  const report = async (kind, words, share) => {
    await page.getByRole("button", { name: "Report an error" }).click();
    const dialog = page.getByRole("dialog", { name: "Report an error" });
    await dialog.getByRole("radio", { name: kind }).check();
    await dialog.getByLabel("In your words").fill(words);
    if (share) await dialog.getByRole("checkbox", { name: /Show them my question/ }).check();
    await dialog.getByRole("button", { name: "Send report" }).click();
    await dialog.waitFor({ state: "detached" });
  };
  await report(/unsafe/, `${mark}: kept back`, false);

  const boss = await adminAt("/admin/feedback");
  const item = (text) =>
    boss.page.getByRole("list", { name: "Reports" }).getByRole("listitem").filter({ hasText: text });
  await item(`${mark}: kept back`).getByText("did not agree").waitFor();
  assert.equal(await boss.page.getByText("for a child").count(), 0);
  await boss.page
    .getByRole("row", { name: /simulated/ })
    .first()
    .waitFor();

  await report(/source does not say/, `${mark}: shown`, true);
  await boss.page.reload();
  await item(`${mark}: shown`).getByText("Question and answer").click();
  await item(`${mark}: shown`).getByText("How much of it for a child?").waitFor();
  await item(`${mark}: shown`).getByText("Give ten grams.").waitFor();
  assert.equal(await item(`${mark}: kept back`).count(), 0, "it took the place of the first");
  await item(`${mark}: shown`).getByRole("button", { name: "Mark as handled" }).click();
  await boss.page.getByLabel("Note").fill("The key’s model was changed.");
  await boss.page.getByRole("button", { name: "Save" }).click();
  await item(`${mark}: shown`).waitFor({ state: "detached" });
  await boss.page.getByLabel("State").selectOption("handled");
  await item(`${mark}: shown`).getByText("The key’s model was changed.").waitFor();
  const { items } = await admin("GET", "/api/admin/audit?action=handle_report");
  assert.equal(items[0].details.note, "The key’s model was changed.");

  // Withdrawn, it is gone for everybody.
  await page.reload();
  await page.getByRole("button", { name: "Report an error" }).click();
  await page.getByRole("button", { name: "Withdraw it" }).click();
  await page.getByText("The report was withdrawn.").waitFor();
  await boss.page.reload();
  await boss.page.getByLabel("State").waitFor();
  await item(mark).waitFor({ state: "detached" });
  assert.deepEqual([...complaints, ...boss.complaints], []);
});
