// A conversation: what is being written is what is seen, long ones are all there, and nothing that is read moves.
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { addKey, openAll, removeKey, setPlan, setScript } from "./api.mjs";
import { answer, answered, ask, close, story, student } from "./browser.mjs";

const WORDS = Array.from({ length: 80 }, (_, at) => `word${at + 1}`).join(" ");
const LONG = Array.from({ length: 12 }, (_, at) => `Paragraph ${at + 1}. ${"More of it. ".repeat(12)}`).join(
  "\n\n",
);
let key;
before(async () => {
  key = await addKey({ text: "The first answer." });
});
after(async () => {
  await close();
  await removeKey(key);
  await openAll();
});

story("another answer is seen while it is written, and what it replaces is one step away", async () => {
  const { page, complaints } = await student();
  await setScript(key.key, { text: "The first answer." });
  await ask(page, "Say it");
  await answered(page);
  await setScript(key.key, { text: WORDS, token_delay_ms: 40 });
  await page.getByRole("button", { name: "Regenerate" }).click();
  await answer(page).getByText("word10").waitFor();
  assert.doesNotMatch(await answer(page).textContent(), /The first answer|word80/, "it is seen as it comes");
  await page.getByRole("button", { name: "Stop" }).click();
  await page.getByText("You stopped the answer here.").waitFor();
  await page.getByRole("toolbar", { name: "Answer" }).getByText("2 / 2").waitFor();
  await page.getByRole("button", { name: "Previous answer" }).click();
  await answer(page).getByText("The first answer.").waitFor();
  assert.deepEqual(complaints, []);
});

story("an answer that is written in another version is a step away", async () => {
  const { page, complaints } = await student();
  await setScript(key.key, { text: "The first answer." });
  await ask(page, "First words");
  await answered(page);
  await setScript(key.key, { text: WORDS, token_delay_ms: 40 });
  await page.getByRole("button", { name: "Edit question" }).click();
  await page.getByLabel("The question in other words").fill("Other words");
  await page.keyboard.press("Enter");
  await answer(page).getByText("word5").waitFor();
  await page.getByRole("button", { name: "Previous wording" }).click();
  await page.getByRole("article").getByRole("heading", { name: "First words" }).waitFor();
  await page.getByRole("button", { name: "Show it" }).click();
  await answer(page).getByText("word5").waitFor();
  await answered(page);
  assert.deepEqual(complaints, []);
});

story(
  "all of a long conversation is in the page, its end is no further than it is, and find finds it",
  async () => {
    const { page, api, email, complaints } = await student();
    await setPlan(email, "pro");
    await setScript(key.key, { text: LONG });
    const me = await api();
    const { id } = await me("POST", "/api/chat/sessions", {});
    for (let n = 1; n <= 30; n += 1)
      await me(
        "POST",
        `/api/chat/sessions/${id}/messages`,
        { content: `Question ${n} of all` },
        { accept: "text/event-stream" },
      );
    await page.goto(`/chat/${id}`);
    await page.waitForFunction(() => document.querySelectorAll("article .prose").length === 30);
    const end = page.getByRole("button", { name: "Scroll to the end" });
    const last = page.getByRole("article").last();
    await last.getByText("Paragraph 12.").waitFor();
    const inSight = (element) => {
      const { bottom } = element.getBoundingClientRect();
      return bottom <= element.closest("section").getBoundingClientRect().bottom + 1;
    };
    await page.waitForFunction(() => {
      const all = document.querySelectorAll("article");
      const box = all[0].closest("section");
      return box.scrollHeight - box.scrollTop - box.clientHeight < 2;
    });
    assert.ok(await last.evaluate(inSight), "it opens at its end");
    assert.equal(await end.isVisible(), false, "no arrow leads to an end that is here");
    // As the browser's own find does, but for what it scrolls to.
    await page.waitForFunction(() => window.find("Question 2 of all", false, false, true));
    await page.evaluate(() => getSelection().anchorNode.parentElement.scrollIntoView({ block: "center" }));
    await end.waitFor();
    const heading = page.getByRole("heading", { name: "Question 2 of all" });
    assert.ok(await heading.evaluate(inSight), "and it can be gone to");
    await end.click();
    await end.waitFor({ state: "hidden" });
    assert.deepEqual(complaints, []);
  },
);

story("nothing that is read moves while an answer is written", async () => {
  const { page, complaints } = await student();
  await setScript(key.key, { text: LONG, token_delay_ms: 5 });
  await ask(page, "Tell me all");
  await answer(page).getByText("Paragraph 2.").waitFor();
  const top = () => answer(page).evaluate((element) => Math.round(element.getBoundingClientRect().top));
  const before = await top();
  await answered(page);
  assert.equal(await top(), before);
  // A second question comes to the top, and its answer grows below it.
  await ask(page, "And more");
  const heading = page.getByRole("heading", { name: "And more" });
  await answer(page).getByText("Paragraph 1.").waitFor();
  await page.waitForFunction((text) => {
    const found = [...document.querySelectorAll("h2")].find((each) => each.textContent === text);
    const box = found?.closest("section");
    return found && found.getBoundingClientRect().top - box.getBoundingClientRect().top < 60;
  }, "And more");
  const at = () => heading.evaluate((element) => Math.round(element.getBoundingClientRect().top));
  const place = await at();
  await answered(page);
  assert.equal(await at(), place);
  assert.deepEqual(complaints, []);
});

story("what a command lacks is said before it is sent", async () => {
  const { page, complaints } = await student();
  await setScript(key.key, {});
  await page.getByLabel("Your question").fill("/mcq ");
  await page.keyboard.press("Enter");
  await page
    .getByRole("alert")
    .getByText("/mcq needs a topic, for example: /mcq acid–base balance")
    .waitFor();
  await page.getByLabel("Your question").fill("/quiz heart");
  await page.keyboard.press("Enter");
  await page.getByRole("alert").getByText("There is no command /quiz.").waitFor();
  assert.equal(await page.getByRole("button", { name: "Try again" }).count(), 0);
  assert.equal(await page.getByRole("article").count(), 0, "nothing was sent");
  await page.getByLabel("Your question").fill("/mcq heart failure");
  assert.equal(await page.getByRole("alert").count(), 0, "it is forgotten as soon as it is mended");
  await page.keyboard.press("Enter");
  await answered(page);
  assert.deepEqual(complaints, []);
});

story("End leads to the very end, also through turns that were never in sight", async () => {
  const { page, api, complaints } = await student({ plan: "pro" });
  await setScript(key.key, { text: LONG });
  const call = await api();
  const { id } = await call("POST", "/api/chat/sessions", {});
  for (let at = 0; at < 12; at += 1)
    await call(
      "POST",
      `/api/chat/sessions/${id}/messages`,
      { content: `Question ${at + 1}` },
      { accept: "text/event-stream" },
    );
  await page.goto(`/chat/${id}`);
  await answered(page);
  const box = page.getByRole("region", { name: "Conversation" });
  const gap = () =>
    box.evaluate((element) => element.scrollHeight - element.clientHeight - Math.round(element.scrollTop));
  await box.focus();
  for (const strokes of ["Control+Home", "Control+End", "Home", "End"]) {
    await page.keyboard.press(strokes);
    await page.waitForTimeout(1200);
    if (strokes.endsWith("End")) assert.ok((await gap()) <= 1, `${await gap()}`);
    else assert.equal(await box.evaluate((element) => element.scrollTop), 0);
  }
  assert.deepEqual(complaints, []);
});
