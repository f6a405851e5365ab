// All clear is said only while it is known to be: not while the demo answers alone, not while somebody waits at a queue that
// is paused, not while no figures come.
import assert from "node:assert/strict";
import { after } from "node:test";
import { addKey, admin, as, openAll, removeKey, send } from "./api.mjs";
import { adminAt, close, story, student } from "./browser.mjs";
import { wire } from "./wire.mjs";

let key;
let line;
after(async () => {
  await close();
  line?.end();
  await admin("POST", "/api/admin/queues/chat/resume", {});
  if (key) await removeKey(key);
  await openAll();
});

const needs = (page, words) => page.getByRole("region", { name: "What needs you" }).getByText(words);
const ALL_CLEAR = "Nothing needs you now.";

story("all clear is said when it is known, and at no other time", async () => {
  line = await wire();
  const { page, complaints } = await adminAt("/admin/", { at: line.url });
  // What `make run` brings along is no provider.
  await needs(page, "Only the built-in demo answers").waitFor();
  assert.equal(await needs(page, ALL_CLEAR).count(), 0);
  key = await addKey({ text: "A short answer." });
  await needs(page, ALL_CLEAR).waitFor();
  // Nobody waits yet, so that nobody is needed.
  await admin("POST", "/api/admin/queues/chat/pause", {});
  await page.getByRole("row", { name: /^chat/ }).getByText("Paused").waitFor();
  assert.equal(await needs(page, /is paused/).count(), 0);
  const asker = await student();
  await send(await as({ email: asker.email }), "Is anybody there?");
  await needs(page, "is paused, and 1 job waits.").waitFor();
  assert.equal(await needs(page, ALL_CLEAR).count(), 0);
  await admin("POST", "/api/admin/queues/chat/resume", {});
  await needs(page, ALL_CLEAR).waitFor();
  line.cut();
  await needs(page, "Not known: no live figures arrive.").waitFor();
  assert.equal(await needs(page, ALL_CLEAR).count(), 0);
  line.mend();
  await needs(page, ALL_CLEAR).waitFor();
  assert.deepEqual(complaints, []);
});

/** Notes what is written on canvases, such as the figures of a chart's axes. */
const NOTE_FIGURES = () => {
  globalThis.figures = [];
  const { fillText } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.fillText = function (text, ...where) {
    globalThis.figures.push(text);
    fillText.call(this, text, ...where);
  };
};

/** What the page was last told of everything. */
const SNAPSHOT = async () => {
  const reader = (await fetch("/api/admin/live")).body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!/^data: .*\n\n/m.test(text)) text += (await reader.read()).value;
  await reader.cancel();
  return JSON.parse(/^data: (.*)$/m.exec(text)[1]);
};

story("what is counted has no fractions at its axis", async () => {
  const { page } = await adminAt("/admin/");
  const live = await page.evaluate(SNAPSHOT);
  live.minutes = live.minutes.map((minute, at) => ({ ...minute, answers: at === 3 ? 1 : 0, errors: 0 }));
  const told = { contentType: "text/event-stream", body: `event: live\ndata: ${JSON.stringify(live)}\n\n` };
  // Without a worker the page itself reads them, and can be told others.
  await page.addInitScript(() => {
    delete globalThis.SharedWorker;
  });
  await page.route("**/api/admin/live", (route) => route.fulfill(told));
  await page.addInitScript(NOTE_FIGURES);
  await page.reload();
  await page.getByRole("figure", { name: /Answers a minute over the last hour: at most 1,/ }).waitFor();
  await page.waitForFunction(() => globalThis.figures.includes("1"));
  const figures = await page.evaluate(() => globalThis.figures.filter((text) => /^[\d.]+$/.test(text)));
  assert.deepEqual([...new Set(figures)].sort(), ["0", "1"]);
});
