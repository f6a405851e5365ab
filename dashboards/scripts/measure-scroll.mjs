// Measures what a conversation of 500 messages costs: the long tasks (over 50 ms) while it opens, while it is scrolled back
// to its first message, and while the browser's find looks for its second question. Prints a table, asserts nothing. Starts
// a medai of its own, unless MEDAI_URL names one; the pages are those that were built.
import { start } from "../e2e/platform.mjs";

const TURNS = Number(process.env.TURNS ?? 250);
const ANSWER = `**Preload** is the stretch of the ventricle's muscle at the end of diastole, just before it contracts.

1. It **rises with venous return**, and falls when a patient bleeds.
2. By the Frank–Starling mechanism, more stretch gives a stronger beat.
3. It is judged by the *end-diastolic volume*, or by the wedge pressure.

| | Preload | Afterload |
|---|---|---|
| What | stretch before the beat | pressure against it |
| Rises with | volume | arterial resistance |

Wall stress follows Laplace's law: $$\\sigma = \\frac{P \\cdot r}{2h}$$

So a ventricle that is wide and thin has the most of it, which is why it dilates further. ${"It does so little by little, over years, and what it loses in strength it makes up for in volume. ".repeat(4)}`;

const platform = process.env.MEDAI_URL ? undefined : await start();
Object.assign(process.env, platform?.env);
const { ADMIN, addKey, as, removeKey } = await import("../e2e/api.mjs");
const browser = await import("../e2e/browser.mjs");

/** Notes all long tasks from now on, in the page. */
const WATCH = () => {
  globalThis.tasks = [];
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) globalThis.tasks.push(Math.round(duration));
  }).observe({ type: "longtask" });
};

const rows = [];
async function measure(page, what, act) {
  await page.evaluate(() => globalThis.tasks.splice(0));
  const began = Date.now();
  const note = await act();
  // The observer tells of a task a moment after it.
  await page.waitForTimeout(500);
  const tasks = await page.evaluate(() => globalThis.tasks.splice(0));
  rows.push({
    what,
    seconds: ((Date.now() - began) / 1000).toFixed(1),
    "long tasks": tasks.length,
    "longest, ms": Math.max(0, ...tasks),
    note: note ?? "",
  });
}

let failed = true;
try {
  const key = await addKey({ text: ANSWER, token_delay_ms: 0 }, { priority: 1000 });
  const student = await as(ADMIN);
  const { id } = await student("POST", "/api/chat/sessions", {});
  const events = { accept: "text/event-stream" };
  for (let n = 1; n <= TURNS; n += 1)
    await student(
      "POST",
      `/api/chat/sessions/${id}/messages`,
      { content: `Question ${n}, what is preload?` },
      events,
    );
  await removeKey(key);

  const { page } = await browser.adminAt("/admin/");
  await page.addInitScript(WATCH);
  await page.goto("/");
  await page.getByLabel("Your question").waitFor();
  await measure(page, "open", async () => {
    await page.evaluate((path) => document.querySelector(`a[href="${path}"]`).click(), `/chat/${id}`);
    await page.waitForFunction(() => document.querySelectorAll("article").length > 0);
  });
  await measure(page, "write out all answers", () =>
    page
      .waitForFunction((turns) => document.querySelectorAll("article .prose table").length === turns, TURNS, {
        timeout: Number(process.env.PATIENCE ?? 120_000),
      })
      .then(
        () => "all",
        () => "NOT ALL",
      ),
  );
  // Found once: to look for roles in the page would itself be the longest task.
  const scroller = await page.$('section[aria-label="Conversation"]');
  const { x, y, width, height } = await scroller.boundingBox();
  await page.mouse.move(x + width / 2, y + height / 2);
  await measure(page, "scroll back, by the wheel", async () => {
    let steps = 0;
    for (; (await scroller.evaluate((box) => box.scrollTop)) > 0 && steps < 5000; steps += 1)
      await page.mouse.wheel(0, -700);
    return `${steps} steps`;
  });
  await measure(page, "to the end, at once", () =>
    scroller.evaluate((box) => {
      box.scrollTop = box.scrollHeight;
    }),
  );
  await measure(page, "find the second question", () =>
    page.evaluate(() => (window.find("Question 2, what", false, true, true) ? "found" : "NOT FOUND")),
  );
  const mounted = await page.evaluate(() => document.querySelectorAll("article").length);
  console.log(`${2 * TURNS} messages, ${mounted} turns in the page`);
  console.table(rows);
  failed = false;
} finally {
  await browser.close();
  await platform?.stop(failed);
}
