// What was changed is so everywhere: in other tabs, on the way back, and only where the server knows of it.
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { addKey, openAll, removeKey } from "./api.mjs";
import { answered, ask, close, row, story, student, upload } from "./browser.mjs";

let key;
before(async () => {
  key = await addKey({ text: "A short answer." });
});
after(async () => {
  await close();
  await removeKey(key);
  await openAll();
});

const listed = (page, name) => page.getByRole("navigation").getByRole("link", { name, exact: true });

async function deleteOpen(page) {
  await page.getByRole("button", { name: "What to do with this conversation" }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
}

story("another tab learns of what was asked, uploaded and deleted", async () => {
  const { page, context, complaints } = await student({ plan: "student" });
  const other = await context.newPage();
  await other.goto("/documents");
  await other.getByRole("heading", { name: "Documents", level: 1 }).waitFor();
  await ask(page, "What is preload?");
  await listed(other, "What is preload?").waitFor();
  await answered(page);
  // What is open there is read along.
  await listed(other, "What is preload?").click();
  await answered(other);
  await ask(page, "And afterload?");
  await other.getByRole("article").getByRole("heading", { name: "And afterload?" }).waitFor();
  await other.goto("/documents");
  await upload(page, "lecture.pdf");
  await row(other, "lecture").waitFor();
  await listed(page, "What is preload?").click();
  await deleteOpen(page);
  await listed(other, "What is preload?").waitFor({ state: "detached" });
  assert.deepEqual(complaints, []);
});

story("the way back leads into no deleted conversation", async () => {
  const { page, complaints } = await student();
  await ask(page, "What is preload?");
  await answered(page);
  await deleteOpen(page);
  await listed(page, "What is preload?").waitFor({ state: "detached" });
  await page.goBack();
  await page.getByText("There is no such conversation").waitFor();
  assert.equal(await page.getByLabel("Your question").count(), 0);
  // And undone, it is there again.
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByRole("article").getByRole("heading", { name: "What is preload?" }).waitFor();
  await page.getByLabel("Your question").waitFor();
  assert.deepEqual(complaints, []);
});

story("without network nothing is said to be deleted", async () => {
  const { page, context } = await student();
  await ask(page, "What is preload?");
  await answered(page);
  await context.setOffline(true);
  await deleteOpen(page);
  await page.getByText(/^“What is preload\?” was not deleted\. The server can’t be reached/).waitFor();
  assert.equal(await page.getByText("Deleted “What is preload?”").count(), 0);
  assert.equal(await page.getByRole("button", { name: "Undo" }).count(), 0);
  await listed(page, "What is preload?").waitFor();
  await context.setOffline(false);
});
