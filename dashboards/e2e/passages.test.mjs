// What there is to read where no answer is: passages while a question waits, excerpts of the demo; and what to ask next.
import assert from "node:assert/strict";
import { after } from "node:test";
import { addKey, admin, openAll, removeKey, setScript } from "./api.mjs";
import { answer, answered, ask, close, otherDevice, row, story, student, upload } from "./browser.mjs";

const QUESTION = "What is preload of the heart muscle?";
let key;
after(async () => {
  await close();
  await admin("POST", "/api/admin/queues/chat/resume", {});
  if (key) await removeKey(key);
  await openAll();
});

async function withLecture() {
  const opened = await student({ plan: "student" });
  await upload(opened.page, "lecture.pdf");
  await row(opened.page, "lecture").getByText("Ready", { exact: true }).waitFor({ timeout: 90_000 });
  await opened.page.getByRole("link", { name: "New question" }).click();
  return opened;
}

const found = (page) => page.getByRole("region", { name: "Passages found for your question" });
const marks = (page) =>
  page.getByRole("group", { name: "Page 1, with the passage marked" }).getByRole("mark").allTextContents();

story(
  "the demo quotes the sentences that fit, looks like what it is, and each is marked in its source",
  async () => {
    const { page, complaints } = await withLecture();
    await ask(page, QUESTION);
    await answered(page);
    await answer(page)
      .getByRole("heading", { name: "Excerpts from your documents, not an answer" })
      .waitFor();
    const first = answer(page).locator("blockquote").first();
    assert.match(
      await first.textContent(),
      /^\s*Preload is the stretch of the heart muscle at the end of diastole\./,
    );
    await first.getByRole("button", { name: "Source 1" }).click();
    await page.getByRole("group", { name: "Page 1, with the passage marked" }).waitFor();
    const marked = (await marks(page)).join(" ");
    assert.match(marked, /Preload is the stretch of the heart muscle/);
    const quoted = (await answer(page).locator("blockquote").allTextContents()).join(" ");
    const letters = (text) => text.replace(/[^a-z]/gi, "").toLowerCase();
    for (const line of await marks(page))
      assert.ok(
        line.split(/[.!?]/).some((part) => letters(quoted).includes(letters(part))),
        line,
      );
    await page.keyboard.press("Escape");
    // What comes next is put where it can be changed before it is sent.
    const next = page.getByRole("list", { name: "Ask next" });
    await next.getByRole("button", { name: "Quiz me on preload of the heart muscle" }).click();
    assert.equal(await page.getByLabel("Your question").inputValue(), "/mcq preload of the heart muscle");
    await page.waitForFunction(() => document.activeElement?.getAttribute("aria-label") === "Your question");
    await next.getByRole("button", { name: "Make flashcards of this" }).click();
    assert.equal(
      await page.getByLabel("Your question").inputValue(),
      "/flashcard preload of the heart muscle",
    );
    await page.keyboard.press("Enter");
    await page.getByRole("article").nth(1).waitFor();
    await answered(page);
    assert.equal(await next.count(), 1, "only under the last answer");
    assert.deepEqual(complaints, []);
  },
);

story(
  "while all keys cool, the passages are read, also after a reload and elsewhere, until the answer is there",
  async () => {
    const { page, email, complaints } = await withLecture();
    key = await addKey({ behaviour: { rate_limited: { retry_after_s: 20 } } });
    await ask(page, QUESTION);
    await page.getByText("All providers are at their limit").waitFor();
    const passage = found(page).getByRole("listitem").first();
    await passage.getByText("Preload is the stretch of the heart muscle").waitFor();
    await passage.getByText("p. i (1 of the file)").waitFor();
    await passage.getByRole("button", { name: /^Open lecture, page/ }).click();
    await page.getByRole("group", { name: "Page 1, with the passage marked" }).waitFor();
    await page.keyboard.press("Escape");
    const read = await passage.textContent();
    await page.reload();
    await passage.waitFor();
    assert.equal(await passage.textContent(), read);
    const other = await otherDevice(email, new URL(page.url()).pathname);
    await found(other.page).getByRole("listitem").first().waitFor();
    await setScript(key.key, { text: "It is the stretch [1]." });
    await answered(page);
    assert.equal(await found(page).count(), 0);
    assert.match(await answer(page).textContent(), /^It is the stretch/);
    await found(other.page).waitFor({ state: "detached" });
    assert.deepEqual([...complaints, ...other.complaints], []);
  },
);

story("while questions are paused, too", async () => {
  const { page, complaints } = await withLecture();
  key ??= await addKey({});
  await setScript(key.key, { text: "It is the stretch [1]." });
  await admin("POST", "/api/admin/queues/chat/pause", {});
  await ask(page, QUESTION);
  await page.getByRole("article").last().getByText("In the queue").waitFor();
  await found(page).getByText("Preload is the stretch of the heart muscle").waitFor();
  await page.reload();
  await found(page).getByText("Preload is the stretch of the heart muscle").waitFor();
  await admin("POST", "/api/admin/queues/chat/resume", {});
  await answered(page);
  assert.equal(await found(page).count(), 0);
  await answer(page).getByRole("button", { name: "Source 1" }).waitFor();
  assert.deepEqual(complaints, []);
});
