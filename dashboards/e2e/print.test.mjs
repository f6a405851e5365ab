// On paper: all of a conversation, one answer, a page of a document, every report; black on white, and nothing to press.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before } from "node:test";
import { addKey, openAll, removeKey, setScript } from "./api.mjs";
import { adminAt, answer, answered, ask, close, row, story, student, upload } from "./browser.mjs";

const LONG = Array.from(
  { length: 30 },
  (_, at) => `Paragraph ${at + 1} begins. ${"More of it follows here. ".repeat(9)}Paragraph ${at + 1} ends.`,
).join("\n\n");
let key;
let folder;
before(async () => {
  key = await addKey({ text: LONG });
  folder = await mkdtemp(join(tmpdir(), "medai-print-"));
});
after(async () => {
  await close();
  await removeKey(key);
  await rm(folder, { recursive: true, force: true });
  await openAll();
});

const hasPoppler = spawnSync("pdftotext", ["-v"]).status === 0;

/** Prints a page: how many sheets, and what is on them. Without poppler only the sheets are counted. */
async function printed(page) {
  const pdf = await page.pdf({ format: "A4", printBackground: false });
  const sheets = pdf.toString("latin1").match(/\/Type\s*\/Page\b/g)?.length ?? 0;
  if (!hasPoppler) return { sheets, text: undefined };
  const path = join(folder, `${Math.random()}.pdf`);
  await writeFile(path, pdf);
  const { stdout } = spawnSync("pdftotext", ["-layout", path, "-"], { encoding: "utf8" });
  // Each sheet ends with a form feed.
  const blank = stdout
    .split("\f")
    .slice(0, sheets)
    .filter((sheet) => sheet.trim() === "").length;
  assert.equal(blank, 0, "no sheet is blank");
  return { sheets, text: stdout.replace(/\s+/g, " ") };
}

/** What is there to be pressed or to steer by. */
const STEERING = "nav, [role=toolbar], textarea, [role=dialog]";

/** Nothing to press, black on white, nothing wider than the paper, and nothing that scrolls. */
async function onPaper(page, what) {
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  await page.setViewportSize({ width: 680, height: 1000 });
  const faults = await page.evaluate((steering) => {
    const seen = (element) => element.checkVisibility({ visibilityProperty: true });
    const faults = [...document.querySelectorAll(steering)]
      .filter(seen)
      .map(({ tagName, ariaLabel }) => `${tagName} ${ariaLabel} is there`);
    const { backgroundColor, color } = getComputedStyle(document.body);
    const root = getComputedStyle(document.documentElement);
    if (root.color !== "rgb(0, 0, 0)" || backgroundColor !== "rgb(255, 255, 255)")
      faults.push(`${color} on ${backgroundColor}`);
    for (const element of document.querySelectorAll("main, main *, body > *, body > div *")) {
      if (!seen(element) || element.closest(".sr-only, .uplot, .page-text, [data-radix-focus-guard]"))
        continue;
      const { overflowY, position } = getComputedStyle(element);
      if (position === "fixed") faults.push(`${element.tagName} ${element.className} lies over the page`);
      if (/auto|scroll/.test(overflowY) && element.scrollHeight > element.clientHeight + 1)
        faults.push(`${element.tagName} ${element.className} scrolls`);
      if (element.getBoundingClientRect().right > innerWidth + 1)
        faults.push(`${element.tagName} ${element.className} is cut at the right`);
    }
    return faults;
  }, STEERING);
  assert.deepEqual(faults, [], what);
}

const contains = (text, ...parts) => {
  if (text !== undefined) for (const part of parts) assert.ok(text.includes(part), `no “${part}” in ${text}`);
};
const lacks = (text, ...parts) => {
  if (text !== undefined) for (const part of parts) assert.ok(!text.includes(part), `“${part}” in ${text}`);
};

/** The browser's own dialog cannot be answered here; what it would print is printed by the test. */
const NO_DIALOG = () => {
  window.print = () => undefined;
};

story("a conversation is printed whole, and one answer alone", async () => {
  const { page, complaints } = await student();
  await page.addInitScript(NO_DIALOG);
  await ask(page, "The first question");
  await answered(page);
  await setScript(key.key, { text: "A short second answer." });
  await ask(page, "The second question");
  await answer(page).getByText("A short second answer.").waitFor();
  await answered(page);
  await page.reload();
  await answered(page);
  const { sheets, text } = await printed(page);
  assert.ok(sheets > 2, `${sheets} sheets`);
  contains(text, "The first question", "Paragraph 1 begins.", "Paragraph 30 ends.", "A short second answer.");
  lacks(text, "New question", "Documents", "tokens");
  const last = page.getByRole("article").last();
  await last.hover();
  await last.getByRole("button", { name: "Print answer" }).click();
  const one = await printed(page);
  assert.equal(one.sheets, 1);
  contains(one.text, "The second question", "A short second answer.");
  lacks(one.text, "The first question", "Paragraph 1 begins.");
  // After that all is as before.
  assert.equal((await printed(page)).sheets, sheets);
  await onPaper(page, "a conversation");
  assert.deepEqual(complaints, []);
});

story("what is not written out yet is so on paper", async () => {
  const { page, api } = await student();
  await setScript(key.key, { text: "It is **bold** here." });
  const me = await api();
  const { id } = await me("POST", "/api/chat/sessions", {});
  for (let n = 1; n <= 12; n += 1)
    await me(
      "POST",
      `/api/chat/sessions/${id}/messages`,
      { content: `Question ${n}` },
      { accept: "text/event-stream" },
    );
  // Nothing is written out by itself.
  await page.addInitScript(() => {
    window.requestIdleCallback = () => 0;
  });
  await page.goto(`/chat/${id}`);
  await page.getByRole("article").last().getByText("It is bold here.").waitFor();
  assert.ok((await page.getByRole("article").count()) < 12);
  const { text } = await printed(page);
  contains(text, "Question 1 ", "Question 12 ");
  lacks(text, "**");
});

story("a page of a document is printed alone, with its text, and a conversation without it", async () => {
  const { page, complaints } = await student({ plan: "student" });
  await page.addInitScript(NO_DIALOG);
  await upload(page, "lecture.pdf");
  await row(page, "lecture").getByText("Ready", { exact: true }).waitFor({ timeout: 90_000 });
  await setScript(key.key, { text: "It is the stretch [1]." });
  await page.getByRole("link", { name: "New question" }).click();
  await ask(page, "What is preload of the heart muscle?");
  await answered(page);
  await answer(page).getByRole("button", { name: "Source 1" }).click();
  const sheet = page.getByRole("group", { name: "Page 1, with the passage marked" });
  await sheet.waitFor();
  lacks((await printed(page)).text, "Source 1", "Page i");
  await page.getByRole("button", { name: "Print this page" }).click();
  await page.waitForFunction(() => document.documentElement.dataset.print === "part");
  const { sheets, text } = await printed(page);
  assert.equal(sheets, 1);
  contains(text, "Preload is the stretch of the heart muscle");
  lacks(text, "What is preload of the heart muscle?");
  await onPaper(page, "a conversation beside a source");
  assert.deepEqual(complaints, []);
});

story("the reports of a student and of an admin are printed whole", async () => {
  const asker = await student();
  await setScript(key.key, { text: "A short answer." });
  await ask(asker.page, "A question");
  await answered(asker.page);
  await asker.page.goto("/usage");
  await asker.page.getByRole("heading", { name: "Tokens today" }).waitFor();
  const usage = await printed(asker.page);
  contains(usage.text, "Tokens today", "By kind", "Seven days");
  lacks(usage.text, "New question");
  await onPaper(asker.page, "usage");
  const { page, complaints } = await adminAt("/admin/analytics");
  await page.getByRole("heading", { name: "Day by day" }).waitFor();
  const analytics = await printed(page);
  // The table behind the chart is part of it, to its last day.
  contains(analytics.text, "Day by day", "Top users", "Popularity", "Failed Tokens Users Cost");
  lacks(analytics.text, "Sign out", "Maintenance");
  await onPaper(page, "analytics");
  for (const path of ["/admin/", "/admin/health", "/admin/audit"]) {
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.emulateMedia({ media: "screen" });
    await page.goto(path);
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.locator("main [aria-busy=true]").first().waitFor({ state: "detached" });
    await onPaper(page, path);
  }
  assert.deepEqual([...complaints, ...asker.complaints], []);
});
