// Questions that failed are found by an admin, and asked again in bulk: on the house, and with answers.
import assert from "node:assert/strict";
import { after } from "node:test";
import { addKey, admin, eventually, openAll, removeKey, send } from "./api.mjs";
import { adminAt, answer, answered, close, story, student } from "./browser.mjs";

const keys = [];
after(async () => {
  await close();
  for (const key of keys) await removeKey(key);
  await openAll();
});

story("an admin retries all questions that failed, and their students get answers", async () => {
  const dead = await addKey({ behaviour: "invalid_key" });
  keys.push(dead);
  // Both are asked before the first has failed, since that closes the platform.
  await admin("POST", "/api/admin/queues/chat/pause", {});
  const askers = [];
  for (const content of ["What is preload?", "What is afterload?"]) {
    const asker = await student();
    askers.push({ ...asker, ...(await send(await asker.api(), content)) });
  }
  await admin("POST", "/api/admin/queues/chat/resume", {});
  const { page, complaints } = await adminAt("/admin/jobs?queue=chat");
  const row = (job) => page.getByRole("row", { name: new RegExp(job.slice(-8)) });
  const box = ({ job }) => page.getByRole("checkbox", { name: `Select answer_message ${job.slice(-8)}` });
  for (const { job } of askers)
    await row(job).getByRole("cell", { name: "PROVIDERS_EXHAUSTED", exact: true }).waitFor();
  // They ended in error, whoever handled them: they failed.
  await page.getByRole("navigation", { name: "State" }).getByRole("link", { name: "Failed" }).click();
  for (const { job } of askers) await row(job).waitFor();
  const good = await addKey({ text: "at last" });
  keys.push(good);
  await admin("PATCH", `/api/admin/keys/${dead.id}`, { status: "disabled" });
  await openAll();
  for (const asker of askers) await box(asker).click();
  await page.getByRole("button", { name: "Retry 2", exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Retry", exact: true }).click();
  await page.getByText("2 of 2 are done again").waitFor();
  for (const asker of askers) {
    const me = await asker.api();
    await eventually(async () => {
      const { items } = await me("GET", `/api/chat/sessions/${asker.session}/messages`);
      return items.at(-1).status === "complete";
    });
    await asker.page.goto(`/chat/${asker.session}`);
    await answered(asker.page);
    assert.equal(await answer(asker.page).textContent(), "at last");
    assert.equal((await me("GET", "/api/usage")).requests.used, 0, "it is on the house");
  }
  await row(askers[0].job).getByText("done again").waitFor();
  assert.deepEqual(complaints, []);
});
