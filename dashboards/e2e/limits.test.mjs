// The three limits: tokens, questions, and uses of a feature. Each says what it is and what can be done.
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { addKey, ask as asks, openAll, removeKey, setScript } from "./api.mjs";
import { ask, close, story, student } from "./browser.mjs";

const SHORT = { chunks: 5 };
let key;
before(async () => {
  key = await addKey(SHORT);
});
after(async () => {
  await close();
  await removeKey(key);
  await openAll();
});

async function refused(page, message, title = "Daily limit reached") {
  const refusal = page.getByRole("alert");
  await refusal.getByText(title).waitFor();
  await refusal.getByText(message).waitFor();
  await refusal.getByText("It starts again in").waitFor();
  assert.equal(await page.getByRole("article").count(), 0, "what was refused was not asked");
}

const is429 = (error) => {
  assert.match(error.message, /: 429 /);
  return true;
};

story("the tokens of a day", async () => {
  const { page, api } = await student();
  const me = await api();
  const body = Array(1_000).fill("word").join(" ");
  const sections = ["One", "Two", "Three"].map((heading) => ({ heading, body, source: null }));
  await setScript(key.key, { text: JSON.stringify({ sections }) });
  // What an answer will take is learnt by feature, and no other test uses this one.
  for (let over = false; !over; ) over = await asks(me, "/explain something long").then(() => false, is429);
  await setScript(key.key, SHORT);
  await ask(page, "/explain one more");
  // Something is left, but no answer of those before would fit into it.
  await refused(page, "You've reached your daily token limit of 10,000.", "Not enough left for this today");
  await page.getByRole("alert").getByText("A shorter question").waitFor();
  assert.equal(await page.getByLabel("Your question").inputValue(), "/explain one more", "it is not lost");
  await page.getByRole("alert").getByRole("link", { name: "Your usage" }).click();
  await page.getByText("Tokens today").waitFor();
});

story("the questions of a day", async () => {
  const { page, api } = await student();
  const me = await api();
  for (let n = 1; n <= 20; n += 1) await asks(me, `Question ${n}`);
  await ask(page, "Question 21");
  await refused(page, "You've reached your daily request limit of 20.");
  await page.getByRole("alert").getByRole("link", { name: "See the plans" }).click();
  await page.getByRole("heading", { name: "Plans" }).waitFor();
});

story("the uses of a feature in a day; the others go on", async () => {
  const { page, api } = await student();
  const me = await api();
  for (let n = 1; n <= 5; n += 1) await asks(me, `/mcq 1 topic ${n}`);
  await ask(page, "/mcq acid–base balance");
  await refused(page, "You've reached your daily MCQ limit of 5.");
  await page.getByRole("alert").getByRole("button", { name: "Dismiss" }).click();
  await ask(page, "/flashcard acid–base balance");
  await page.getByRole("article").getByRole("toolbar", { name: "Answer" }).waitFor();
});
