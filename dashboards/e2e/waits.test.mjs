// Each wait says what it waits for: the queue, one that is paused, other questions, a key, a provider that says nothing.
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { addKey, admin, openAll, removeKey, setScript } from "./api.mjs";
import { answered, ask, close, otherDevice, story, student } from "./browser.mjs";

const SHORT = { text: "A short answer." };
let key;
before(async () => {
  key = await addKey(SHORT);
});
after(async () => {
  await close();
  await admin("POST", "/api/admin/queues/chat/resume", {});
  await removeKey(key);
  await openAll();
});

const progress = (page, words) => page.getByRole("article").last().getByText(words);

story(
  "nobody thinks while the queue is paused: the question is in it, keeps its place, and goes on",
  async () => {
    await setScript(key.key, SHORT);
    const { page, complaints } = await student();
    await page.clock.install();
    await admin("POST", "/api/admin/queues/chat/pause", {});
    await ask(page, "Is anybody there?");
    await progress(page, "In the queue").waitFor();
    assert.equal(await page.getByText("Thinking").count(), 0);
    await page.clock.fastForward(15_000);
    await progress(page, "Still in the queue: no questions are taken at the moment").waitFor();
    await admin("POST", "/api/admin/queues/chat/resume", {});
    await page.clock.resume();
    await answered(page);
    assert.deepEqual(complaints, []);
  },
);

story("a provider that says nothing for long is not passed over in silence", async () => {
  await setScript(key.key, { text: "word ".repeat(60), first_token_delay_ms: 6_000, token_delay_ms: 10 });
  const { page, complaints } = await student();
  await page.clock.install();
  await ask(page, "Think long");
  await progress(page, "Thinking").waitFor();
  await page.clock.fastForward(25_000);
  await progress(page, "The provider is slow to answer").waitFor();
  await page.clock.resume();
  await answered(page);
  assert.deepEqual(complaints, []);
});

story("a question that waits for the student's others says so", async () => {
  // Each may take a large part of what the free plan has a day, so that a few of them hold all of it.
  await setScript(key.key, { text: "word ".repeat(400), token_delay_ms: 25 });
  const { page, email, api, complaints } = await student();
  const me = await api();
  for (let n = 1; n <= 8; n += 1) {
    const { id } = await me("POST", "/api/chat/sessions", {});
    await me("POST", `/api/chat/sessions/${id}/messages`, { content: `Question ${n}` });
  }
  const { items } = await me("GET", "/api/chat/sessions?limit=1");
  const other = await otherDevice(email, `/chat/${items[0].id}`);
  await progress(other.page, /Waiting for your other \d+ questions to end/).waitFor();
  await answered(other.page);
  assert.deepEqual([...complaints, ...other.complaints], []);
  await page.close();
});

story("a key that is waited for is waited for until a time", async () => {
  await setScript(key.key, { behaviour: { rate_limited: { retry_after_s: 4 } } });
  const { page, complaints } = await student();
  await ask(page, "Later?");
  await progress(page, "All providers are at their limit").waitFor();
  await progress(page, /goes on by itself at .*\d/).waitFor();
  await setScript(key.key, SHORT);
  await answered(page);
  assert.deepEqual(complaints, []);
});
