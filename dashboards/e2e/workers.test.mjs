// An admin sees what runs where, and drains a worker: what is asked for waits, until it goes on.
import assert from "node:assert/strict";
import { after } from "node:test";
import { addKey, admin, as, eventually, openAll, removeKey, send } from "./api.mjs";
import { adminAt, close, story, student } from "./browser.mjs";

let key;
after(async () => {
  await close();
  const { items } = await admin("GET", "/api/admin/workers");
  for (const { name, draining_since } of items)
    if (draining_since) await admin("POST", `/api/admin/workers/${encodeURIComponent(name)}/resume`, {});
  if (key) await removeKey(key);
  await openAll();
});

story("a worker is drained, keeps what it has, and goes on", async () => {
  key = await addKey({ text: "word ".repeat(60), token_delay_ms: 100 });
  const asker = await student();
  const me = await as({ email: asker.email });
  const { page, complaints } = await adminAt("/admin/workers");
  const process = page.getByRole("list", { name: "Processes" }).locator("> li").first();
  await process.getByRole("heading", { name: "API, Worker, Scheduler" }).waitFor();
  await process.getByText("Up", { exact: true }).waitFor();
  await process.getByText("chat 0 of 256").waitFor();
  const first = await send(me, "What is preload?");
  await process.getByText("chat 1 of 256").waitFor();
  await process.getByRole("link", { name: `answer_message ${first.job.slice(-8)}` }).waitFor();
  await process.getByRole("button", { name: /^Drain / }).click();
  await page.getByRole("dialog").getByText("No other worker is up").waitFor();
  await page.getByRole("dialog").getByRole("button", { name: "Drain", exact: true }).click();
  await process.getByText("Draining", { exact: true }).waitFor();
  const second = await send(me, "What is afterload?");
  await process.getByText("Drained", { exact: true }).waitFor();
  const state = async ({ job }) => (await admin("GET", `/api/admin/jobs/${job}`)).state;
  assert.equal(await state(first), "done");
  assert.equal(await state(second), "ready");
  await process.getByRole("button", { name: /^Resume / }).click();
  await process.getByText("Up", { exact: true }).waitFor();
  await eventually(async () => (await state(second)) === "done");
  const { items } = await admin("GET", "/api/admin/audit?target=worker");
  assert.deepEqual(
    items.slice(0, 2).map(({ action_type }) => action_type),
    ["resume_worker", "drain_worker"],
  );
  assert.deepEqual(complaints, []);
});
