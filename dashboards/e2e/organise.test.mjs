// Conversations are kept in order: pinned, put into folders, archived, and called by what is in them.
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { addKey, openAll, removeKey } from "./api.mjs";
import { answered, ask, close, story, student } from "./browser.mjs";

let key;
before(async () => {
  key = await addKey({ text: "A short answer." });
});
after(async () => {
  await close();
  await removeKey(key);
  await openAll();
});

const nav = (page) => page.getByRole("navigation", { name: "Conversations and pages" });
const part = (page, name) => nav(page).getByRole("region", { name, exact: true });
const link = (within, name) => within.getByRole("link", { name });

async function choose(page, title, what) {
  await page.getByRole("button", { name: `More for ${title}` }).click();
  await page.getByRole("menuitem", { name: what, exact: true }).click();
}

/** Somebody who has asked these. */
async function asked(...titles) {
  const someone = await student();
  for (const title of titles) {
    await someone.page.getByRole("link", { name: "New question" }).click();
    await ask(someone.page, title);
    await answered(someone.page);
    await link(nav(someone.page), title).waitFor();
  }
  return someone;
}

story("what is pinned stands first, also after a reload", async () => {
  const { page, complaints } = await asked("First one", "Second one");
  await choose(page, "First one", "Pin");
  await link(part(page, "Pinned"), "First one").waitFor();
  await page.reload();
  await link(part(page, "Pinned"), "First one").waitFor();
  assert.equal(await link(part(page, "Today"), "First one").count(), 0, "it is there once");
  await choose(page, "First one", "Unpin");
  await part(page, "Pinned").waitFor({ state: "detached" });
  await link(part(page, "Today"), "First one").waitFor();
  assert.deepEqual(complaints, []);
});

story("a folder is made, filled, renamed and deleted, and loses nothing", async () => {
  const { page, complaints } = await asked("About hearts", "About kidneys");
  await page.getByRole("button", { name: "New folder" }).click();
  await page.getByLabel("Name of the new folder").fill("Cardiology");
  await page.keyboard.press("Enter");
  const folder = (name) => nav(page).getByRole("button", { name, exact: true });
  await folder("Cardiology").and(page.locator(":focus")).waitFor();
  await choose(page, "About hearts", "Put into a folder");
  await page.getByRole("dialog").getByRole("button", { name: "Cardiology" }).click();
  await link(part(page, "Today"), "About hearts").waitFor({ state: "detached" });
  await folder("Cardiology").click();
  await link(part(page, "Folders"), "About hearts").waitFor();
  // Out of its folder and into another, made on the way.
  await choose(page, "About kidneys", "Put into a folder");
  await page.getByLabel("New folder", { exact: true }).last().fill("cardiology");
  await page.keyboard.press("Enter");
  await page.getByText("The name is the name of another folder.").waitFor();
  await page.getByLabel("New folder", { exact: true }).last().fill("Nephrology");
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await folder("Nephrology").click();
  await link(part(page, "Folders"), "About kidneys").waitFor();
  // The search knows what is in folders.
  await page.getByLabel("Search conversations").fill("kidneys");
  await link(nav(page), "About kidneys").first().waitFor();
  await page.getByLabel("Search conversations").fill("");
  await page.getByRole("button", { name: "More for the folder Cardiology" }).click();
  await page.getByRole("menuitem", { name: "Rename" }).click();
  await page.getByLabel("Name of the folder").fill("Hearts");
  await page.keyboard.press("Enter");
  await folder("Hearts").waitFor();
  await page.getByRole("button", { name: "More for the folder Hearts" }).click();
  await page.getByRole("menuitem", { name: "Delete folder" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete folder" }).click();
  await folder("Hearts").waitFor({ state: "detached" });
  await link(part(page, "Today"), "About hearts").waitFor();
  assert.deepEqual(complaints, []);
});

story("what is archived is found there and by searches, and comes back when it is asked in", async () => {
  const { page, complaints } = await asked("Something old", "Something new");
  await choose(page, "Something old", "Archive");
  await link(part(page, "Today"), "Something old").waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Undo" }).click();
  await link(part(page, "Today"), "Something old").waitFor();
  await choose(page, "Something old", "Archive");
  await link(part(page, "Today"), "Something old").waitFor({ state: "detached" });
  await page.reload();
  await nav(page).getByRole("button", { name: "Archived" }).click();
  await link(part(page, "Archive"), "Something old").waitFor();
  await page.getByLabel("Search conversations").fill("old");
  await link(nav(page), /^Something old ?, archived$/).click();
  await page.getByRole("article").getByRole("heading", { name: "Something old" }).waitFor();
  await page.getByLabel("Search conversations").fill("");
  await ask(page, "And once more");
  await answered(page);
  await link(part(page, "Today"), "Something old").waitFor();
  assert.deepEqual(complaints, []);
});

story("a command is titled by what it makes, and the title is changed where it stands", async () => {
  const { page, complaints } = await student();
  await ask(page, "/mcq beta blockers");
  await answered(page);
  const heading = (name) => page.getByRole("heading", { name, level: 1 });
  await heading("Questions: beta blockers").waitFor();
  await page.waitForFunction(() => document.title === "Questions: beta blockers · medai");
  await page.getByRole("button", { name: "Rename this conversation" }).click();
  await page.getByLabel("Title of this conversation").fill("Given up");
  await page.keyboard.press("Escape");
  await heading("Questions: beta blockers").waitFor();
  await page.getByRole("button", { name: "Rename this conversation" }).and(page.locator(":focus")).waitFor();
  await page.keyboard.press("Enter");
  await page.getByLabel("Title of this conversation").fill("Beta blockers, before the exam");
  await page.keyboard.press("Enter");
  await heading("Beta blockers, before the exam").waitFor();
  await link(nav(page), "Beta blockers, before the exam").waitFor();
  await page.waitForFunction(() => document.title.startsWith("Beta blockers, before the exam"));
  await page.reload();
  await heading("Beta blockers, before the exam").waitFor();
  assert.deepEqual(complaints, []);
});

story("on a phone and with the keyboard alone", async () => {
  const { page, complaints } = await asked("On a phone");
  await page.setViewportSize({ width: 360, height: 740 });
  const wide = () => page.evaluate(() => document.documentElement.scrollWidth);
  assert.equal(await wide(), 360);
  await page.getByRole("button", { name: "What to do with this conversation" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("menuitem", { name: "Rename" }).and(page.locator(":focus")).waitFor();
  await page.keyboard.press("ArrowDown");
  await page.getByRole("menuitem", { name: "Pin" }).and(page.locator(":focus")).waitFor();
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Menu", exact: true }).click();
  await link(part(page, "Pinned"), "On a phone").waitFor();
  assert.equal(await wide(), 360);
  assert.deepEqual(complaints, []);
});
