// What commands make: in the conversation while it is made, and on pages of its own.
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { addKey, eventually, openAll, removeKey } from "./api.mjs";
import { answered, ask, close, otherDevice, story, student } from "./browser.mjs";
import { wire } from "./wire.mjs";

let key;
before(async () => {
  key = await addKey({ token_delay_ms: 15 });
});
after(async () => {
  await close();
  await removeKey(key);
  await openAll();
});

const last = (page) => page.getByRole("article").last();

/** Asks for something, and waits until all of it is there. */
async function made(page, command) {
  await ask(page, command);
  await answered(page);
  return last(page);
}

/** Nothing of how it came over the line is ever shown. */
async function showsNoJson(page) {
  assert.doesNotMatch(await last(page).innerText(), /[{}]|"front"|"stem"|"nodes"/);
}

story("cards are turned over one by one, and stay after a reload", async () => {
  const { page, complaints } = await student({ plan: "pro" });
  const cards = await made(page, "/flashcard 3 preload");
  await showsNoJson(page);
  await cards.getByText("Sample 1 on preload: what is asked here?", { exact: true }).waitFor();
  assert.equal(await cards.getByText("Fact 1.").filter({ visible: true }).count(), 0);
  await cards.getByRole("button", { name: "Show the answer" }).click();
  await cards.getByText("Fact 1.").filter({ visible: true }).waitFor();
  // The space bar is the button's.
  await page.keyboard.press("Space");
  await cards.getByText("Fact 1.").filter({ visible: true }).waitFor({ state: "detached" });
  await page.keyboard.press("ArrowRight");
  await cards.getByText("Sample 2 on preload").filter({ visible: true }).waitFor();
  await page.reload();
  await last(page).getByText("Sample 1 on preload: what is asked here?", { exact: true }).waitFor();
  await last(page).getByRole("button", { name: "All cards" }).click();
  await last(page).getByText("Fact 3.").filter({ visible: true }).waitFor();
  assert.match(
    await last(page).getByRole("link", { name: "Open deck" }).getAttribute("href"),
    /^\/study\/decks\//,
  );
  assert.deepEqual(complaints, []);
});

story("items come one by one, none is lost with the line, and nothing that was read moves", async () => {
  const phone = await wire();
  const { page } = await student({ plan: "pro", at: phone.url });
  await ask(page, "/highyield heart failure");
  const first = last(page).getByRole("list", { name: "Points" }).getByRole("listitem").first();
  await first.waitFor();
  const [text, box] = [await first.innerText(), await first.boundingBox()];
  phone.cut();
  await page.waitForTimeout(1500);
  phone.mend();
  await answered(page);
  assert.equal(await first.innerText(), text);
  assert.equal((await first.boundingBox()).y, box.y);
  await showsNoJson(page);
  phone.end();
});

story("questions are answered by keys, and show why", async () => {
  const { page, complaints } = await student({ plan: "pro" });
  const quiz = await made(page, "/mcq 3 acid–base balance");
  await showsNoJson(page);
  const questions = quiz.getByRole("region", { name: "Questions" });
  await questions.getByText("Question 1 of 3").waitFor();
  await questions.getByRole("button", { name: "Strike out B" }).click();
  await questions.getByRole("button", { name: "Bring back B" }).waitFor();
  await page.keyboard.press("a");
  // Where the right option stands is left to chance.
  await questions.getByText(/[01] of 1 right/).waitFor();
  assert.equal((await questions.getByText("It comes first.").count()) > 0, true);
  await questions.getByRole("button", { name: "Next" }).click();
  await questions.getByText("Question 2 of 3").waitFor();
  assert.deepEqual(complaints, []);
});

story("an exam hides its key, survives a reload, is one in two tabs, and is scored in the end", async () => {
  const { page, context, complaints } = await student({ plan: "pro" });
  const quiz = await made(page, "/mcq 3 acid–base balance");
  await quiz.getByRole("button", { name: "Take as exam" }).click();
  await page.waitForURL(/\/study\/quizzes\//);
  await page.getByRole("heading", { name: "Question 1 of 3" }).waitFor();
  await page.getByRole("timer").waitFor();
  // Surely wrong, wherever it stands.
  await page.getByRole("button", { name: /Beta$/ }).click();
  await page.getByRole("button", { name: "Question 1, answered" }).waitFor();
  assert.equal(await page.getByText("It comes first.").count(), 0);
  await page.getByRole("button", { name: "Flag this question" }).click();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Question 2 of 3" }).waitFor();
  await page.reload();
  await page.getByRole("heading", { name: "Question 2 of 3" }).waitFor();
  await page.getByRole("button", { name: "Question 1, answered, flagged" }).waitFor();

  const tab = await context.newPage();
  await tab.goto(page.url());
  await tab.getByRole("button", { name: "Question 3, not answered" }).click();
  await tab.keyboard.press("a");
  await page.getByRole("button", { name: "Question 3, answered" }).waitFor();

  await page.getByRole("button", { name: "Finish" }).first().click();
  const confirm = page.getByRole("dialog");
  await confirm.getByText("1 question is not answered").waitFor();
  await confirm.getByRole("button", { name: "Finish" }).click();
  await page.getByText(/of 3 right, 2 answered/).waitFor();
  await tab.getByText(/of 3 right, 2 answered/).waitFor();
  await page.getByRole("button", { name: "Make cards of all wrong answers" }).click();
  await page.getByText(/cards? (?:was|were) made/).waitFor();
  await page.getByRole("button", { name: "Make cards of all wrong answers" }).click();
  await page.getByText("All cards are there already.").waitFor();
  assert.deepEqual(complaints, []);
});

story("a tutorial shows each answer at once, and its first answer stands", async () => {
  const { page, email } = await student({ plan: "pro" });
  await made(page, "/mcq 3 acid–base balance");
  await page.goto("/study/questions");
  await page.getByRole("list", { name: "Sets" }).getByRole("checkbox").first().check();
  await page.getByRole("button", { name: "Start" }).click();
  await page.getByRole("heading", { name: "Question 1 of 3" }).waitFor();
  await page.keyboard.press("a");
  assert.equal(await page.getByText("It comes first.").count(), 0);
  await page.getByRole("button", { name: "Check the answer" }).click();
  await page.getByText("It comes first.").waitFor();
  const other = await otherDevice(email, new URL(page.url()).pathname);
  await other.page
    .getByText("It comes first.")
    .or(other.page.getByRole("heading", { name: "Question 2 of 3" }))
    .first()
    .waitFor();
});

story("a question that is wrong is reported with a reason, and taken back", async () => {
  const { page } = await student({ plan: "pro" });
  const quiz = await made(page, "/mcq 3 acid–base balance");
  await quiz.getByRole("link", { name: "Open the set" }).click();
  await page.waitForURL(/\/study\/questions\//);
  await page.getByRole("button", { name: "Report" }).first().click();
  await page.getByLabel("What is wrong with it?").fill("Two options are right.");
  await page.getByRole("dialog").getByRole("button", { name: "Report" }).click();
  await page.getByText("Reported", { exact: true }).waitFor();
  await page.getByText("2 questions to choose from").waitFor();
  await page.getByRole("button", { name: "Take the report back" }).click();
  await page.getByText("3 questions to choose from").waitFor();
});

story("a summary is found by its words, renamed, saved, made into cards, and deleted", async () => {
  const { page, complaints } = await student({ plan: "pro" });
  await made(page, "/explain nephrotic syndrome");
  await last(page).getByRole("link", { name: "Open the summary" }).click();
  await page.waitForURL(/\/study\/summaries\//);
  await page.getByRole("heading", { name: /Part 1 of nephrotic/ }).waitFor();
  await page.getByText("For study, not for the care of patients.").waitFor();
  const saved = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save as Markdown" }).click();
  assert.match((await saved).suggestedFilename(), /\.md$/);
  await page.getByRole("button", { name: "Make cards of this" }).click();
  await page.getByText(/cards? (?:was|were) made/).waitFor();
  await page.getByRole("button", { name: "More for nephrotic syndrome" }).click();
  await page.getByRole("menuitem", { name: "Rename" }).click();
  await page.getByLabel("Title").fill("Glomeruli that leak");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByRole("heading", { name: "Glomeruli that leak" }).waitFor();
  await page.goto("/study/summaries");
  await page.getByLabel("Search summaries").fill("nothing has this");
  await page.getByText("No summary has these words.").waitFor();
  await page.getByLabel("Search summaries").fill("nephrotic");
  await page.getByRole("link", { name: "Glomeruli that leak" }).waitFor();
  await page.getByRole("button", { name: "More for Glomeruli that leak" }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await page.getByRole("link", { name: "Glomeruli that leak" }).waitFor({ state: "detached" });
  assert.deepEqual(complaints, []);
});

story("a map is gone through by keys, read as a list, saved, and asked about", async () => {
  const { page, complaints } = await student({ plan: "pro" });
  await made(page, "/map the RAAS");
  await showsNoJson(page);
  await last(page).getByRole("tree").waitFor();
  await last(page).getByRole("link", { name: "Open the map" }).click();
  await page.waitForURL(/\/study\/maps\//);
  const nodes = page.getByRole("treeitem");
  await nodes.first().waitFor();
  assert.ok((await nodes.count()) >= 9);
  await nodes.first().focus();
  const began = await page.evaluate(() => document.activeElement?.getAttribute("aria-label"));
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowRight");
  const now = await page.evaluate(() => document.activeElement?.getAttribute("aria-label"));
  assert.notEqual(now, began);
  for (const [item, ending] of [
    ["As a drawing (SVG)", /\.svg$/],
    ["As a picture (PNG)", /\.png$/],
    ["As text (Mermaid)", /\.mmd$/],
  ]) {
    const saved = page.waitForEvent("download");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("menuitem", { name: item }).click();
    assert.match((await saved).suggestedFilename(), ending);
  }
  await page.getByRole("button", { name: "Show as a list" }).click();
  await page.getByRole("list", { name: "The map as a list" }).getByText("Part 8").waitFor();
  await page.getByRole("button", { name: "Ask about Part 8" }).click();
  await eventually(async () => (await page.getByLabel("Your question").inputValue()).includes("Part 8"));
  assert.deepEqual(complaints, []);
});

story("on a phone nothing is wider than it", async () => {
  const { page } = await student({ plan: "pro", viewport: { width: 360, height: 740 } });
  for (const command of ["/mcq 2 gout", "/map gout", "/highyield gout", "/flashcard 2 gout"])
    await made(page, command);
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360);
  for (const path of ["questions", "summaries", "maps"]) {
    await page.goto(`/study/${path}`);
    await page.getByRole("heading", { level: 1 }).waitFor();
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360);
  }
});
