// Which keys were tried for a question, on the page of its job and by the id of its request; and whose midnight ends a day.
import assert from "node:assert/strict";
import { after } from "node:test";
import { addKey, admin, as, eventually, openAll, removeKey, send, setScript } from "./api.mjs";
import { adminAt, close, story, student } from "./browser.mjs";

const keys = [];
after(async () => {
  await close();
  for (const key of keys) await removeKey(key);
  await openAll();
});

story("an admin sees which key failed for a question, and which one answered", async () => {
  const dead = await addKey({ text: "not yet" }, { priority: 100 });
  const good = await addKey({ text: "at last" }, { priority: 50 });
  keys.push(dead, good);
  const asker = await student();
  // Not before: a probe might find it out first, and no question would try it.
  await setScript(dead.key, { behaviour: "invalid_key" });
  const { job } = await send(await as({ email: asker.email }), "What is preload?");
  await eventually(async () => (await admin("GET", `/api/admin/jobs/${job}`)).calls.length === 2);
  const { page, complaints } = await adminAt(`/admin/jobs/${job}`);
  const calls = page.getByRole("region", { name: "Calls of providers", exact: true }).first();
  const failed = calls.getByRole("row").filter({ hasText: `…${dead.last}` });
  await failed.getByText("Key refused").waitFor();
  await failed.getByText("invalid_api_key").waitFor();
  const answered = calls.getByRole("row").filter({ hasText: `…${good.last}` });
  await answered.getByText("Answered").waitFor();
  await calls.getByText(/Counted on the student’s day: \d+ tokens, paid by their plan/).waitFor();
  await calls.getByText(/ends 00:00 UTC, in/).waitFor();
  assert.equal(await page.getByText("at last").count(), 0, "what was said is nobody's business");
  // And by the id of the request, as an error quotes it.
  await page.getByRole("link", { name: "all of its jobs" }).click();
  const tried = page.getByRole("region", { name: "Keys tried for this request" });
  await tried
    .getByRole("link", { name: `job ${job.slice(-8)}` })
    .first()
    .waitFor();
  assert.deepEqual(complaints, []);
});

story("pages say whose midnight ends a day", async () => {
  const gemini = await addKey({ text: "x" }, { provider: "gemini", limits: { rpd: 250 } });
  const openai = await addKey({ text: "x" }, { limits: { rpd: 9 } });
  keys.push(gemini, openai);
  const { page, complaints } = await adminAt("/admin/keys");
  const row = (key) => page.getByRole("listitem").filter({ hasText: `…${key.last}` });
  await row(gemini)
    .getByText(/resets 00:00 Pacific time \(0[78]:00 UTC\), in/)
    .waitFor();
  await row(openai)
    .getByText(/resets 00:00 UTC, in/)
    .waitFor();
  for (const path of ["/admin/", "/admin/health", "/admin/analytics"]) {
    await page.goto(path);
    await page
      .getByText(/A day of Gemini’s quota resets 00:00 Pacific time/)
      .first()
      .waitFor();
  }
  await page.goto("/admin/users");
  await page.getByText(/Today resets 00:00 UTC, in/).waitFor();
  assert.deepEqual(complaints, []);
});
