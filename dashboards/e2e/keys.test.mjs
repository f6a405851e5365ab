// A pool whose first key dies: the student gets an answer, and the admin sees which key failed, why, and what serves now.
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { addKey, admin, openAll, removeKey, setScript } from "./api.mjs";
import { adminAt, answer, answered, ask, close, story, student } from "./browser.mjs";

let first;
let second;
before(async () => {
  first = await addKey({ text: "from the first" }, { priority: 100 });
  second = await addKey({ text: "from the second" }, { priority: 50 });
});
after(async () => {
  await close();
  await removeKey(first);
  await removeKey(second);
  await openAll();
});

const row = (page, key) => page.getByRole("listitem").filter({ hasText: `…${key.last}` });
const servesChat = (page, key) =>
  page.getByRole("row", { name: /^Chat/ }).getByText(`Serves now: …${key.last}`).waitFor();

story("when the first key dies the second answers, and the admin sees both", async () => {
  const asker = await student();
  await ask(asker.page, "Who answers?");
  await answered(asker.page);
  assert.equal(await answer(asker.page).textContent(), "from the first");
  const { page, complaints } = await adminAt("/admin/health");
  await servesChat(page, first);
  await setScript(first.key, { behaviour: "invalid_key" });
  await ask(asker.page, "And now?");
  await asker.page
    .getByRole("article")
    .filter({ hasText: "And now?" })
    .getByText("from the second")
    .waitFor();
  await page.reload();
  await servesChat(page, second);
  await page.getByRole("link", { name: "Keys", exact: true }).click();
  await row(page, first).getByText("Degraded", { exact: true }).waitFor();
  await row(page, second).getByText("Active", { exact: true }).waitFor();
  // What is mended serves again, as soon as somebody tries it.
  await setScript(first.key, { text: "from the first" });
  await page.getByRole("button", { name: `Try …${first.last} now` }).click();
  await row(page, first).getByText("Active", { exact: true }).waitFor();
  assert.deepEqual(complaints, []);
});

story("an admin disables a key at once, and nothing more is asked of it", async () => {
  await admin("PATCH", `/api/admin/keys/${first.id}`, { status: "active" });
  const { page, complaints } = await adminAt("/admin/keys");
  await page.getByRole("button", { name: `Disable …${first.last} at once` }).click();
  await row(page, first).getByText("Disabled", { exact: true }).waitFor();
  const asker = await student();
  await ask(asker.page, "Who answers?");
  await answered(asker.page);
  assert.equal(await answer(asker.page).textContent(), "from the second");
  await page.getByRole("button", { name: `Enable …${first.last}` }).click();
  await row(page, first).getByText("Active", { exact: true }).waitFor();
  await page.goto("/admin/audit");
  await page
    .getByRole("button", { name: /Changed a key/ })
    .first()
    .waitFor();
  assert.deepEqual(complaints, []);
});
