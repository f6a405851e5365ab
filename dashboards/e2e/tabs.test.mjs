// Many tabs of one browser, which has six connections to a host over HTTP/1.1 for all of them.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after } from "node:test";
import { adminAt, answer, answered, ask, close, pdf, row, story, student, upload } from "./browser.mjs";

after(close);

/** The same PDF so many times, each another file. */
function copies(count) {
  const whole = readFileSync(pdf("lecture.pdf"));
  return Array.from({ length: count }, (_, at) => ({
    name: `lecture-${at + 1}.pdf`,
    mimeType: "application/pdf",
    buffer: Buffer.concat([whole, Buffer.from(`\n% ${at + 1}\n`)]),
  }));
}

/** Counts the streams that a browser has open. */
function streams(context) {
  const open = new Set();
  const isStream = (request) => /\/api\/(events|jobs\/[^/]+\/events|admin\/live)/.test(request.url());
  const gone = (request) => open.delete(request);
  context.on("request", (request) => isStream(request) && open.add(request));
  context.on("requestfinished", gone);
  context.on("requestfailed", gone);
  return open;
}

story(
  "ten uploads in eight tabs leave room for a question, and every tab sees how far they are",
  async () => {
    const { page, context, complaints } = await student({ plan: "pro" });
    const open = streams(context);
    await page.goto("/documents");
    const tabs = [page];
    while (tabs.length < 8) {
      const tab = await context.newPage();
      await tab.goto("/documents");
      tabs.push(tab);
    }
    const files = copies(10);
    await Promise.all(
      tabs.map((tab, at) =>
        tab.getByLabel("PDFs to upload").setInputFiles(files.filter((_, file) => file % tabs.length === at)),
      ),
    );
    const [asking] = tabs;
    await asking.getByRole("link", { name: "New question" }).click();
    await ask(asking, "What is preload of the heart muscle?");
    await answered(asking);
    assert.match(await answer(asking).textContent(), /\w/);
    for (const [tab, title] of [
      [tabs[1], "lecture-2"],
      [tabs[7], "lecture-8"],
    ])
      await row(tab, title).getByText("Ready", { exact: true }).waitFor({ timeout: 90_000 });
    assert.ok(open.size <= 1, `${open.size} streams are open`);
    assert.deepEqual(complaints, []);
  },
);

story("an answer is written in all tabs that show it", async () => {
  const { page, context } = await student();
  await ask(page, "What is preload?");
  await page.waitForURL(/\/chat\//);
  const other = await context.newPage();
  await other.goto(page.url());
  await Promise.all([answered(page), answered(other)]);
  assert.equal(await answer(other).textContent(), await answer(page).textContent());
});

story("six tabs of the dashboard are live, and a seventh opens", async () => {
  const { page, context } = await adminAt();
  const tabs = [page];
  while (tabs.length < 7) {
    const tab = await context.newPage();
    await tab.goto("/admin");
    tabs.push(tab);
  }
  for (const tab of tabs) await tab.getByText("Live", { exact: true }).first().waitFor();
});
