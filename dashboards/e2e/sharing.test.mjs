// A link shows one conversation to whoever has it, while its student and the admins want that.
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { addKey, admin, openAll, removeKey } from "./api.mjs";
import { adminAt, answered, ask, close, open, story, student } from "./browser.mjs";

const allow = (enabled) => admin("PUT", "/api/admin/sharing", { enabled });
let key;
before(async () => {
  key = await addKey({ text: "It is the **stretch** before the beat." });
});
after(async () => {
  await allow(false);
  await close();
  await removeKey(key);
  await openAll();
});

const menu = (page) => page.getByRole("button", { name: "What to do with this conversation" });

story("nobody can share until an admin allows it", async () => {
  await allow(false);
  const { page, complaints } = await student();
  await ask(page, "What is preload?");
  await answered(page);
  await menu(page).click();
  await page.getByRole("menuitem", { name: "Archive" }).waitFor();
  assert.equal(await page.getByRole("menuitem", { name: "Share by link" }).count(), 0);

  const boss = await adminAt("/admin/features");
  await boss.page.getByRole("switch", { name: "Students may share conversations" }).click();
  await boss.page.getByRole("dialog").getByRole("button", { name: "Switch on" }).click();
  await boss.page.getByRole("switch", { name: "Students may share conversations", checked: true }).waitFor();
  await page.reload();
  await menu(page).click();
  await page.getByRole("menuitem", { name: "Share by link" }).waitFor();
  assert.deepEqual([...complaints, ...boss.complaints], []);
});

story(
  "a link opens without sign-in, shows what was said and not by whom, and ends when it is stopped",
  async () => {
    await allow(true);
    const { page, email, complaints } = await student();
    await ask(page, "What is preload?");
    await answered(page);
    await menu(page).click();
    await page.getByRole("menuitem", { name: "Share by link" }).click();
    await page.getByRole("button", { name: "Make a link" }).click();
    const link = await page.getByLabel("Link", { exact: true }).inputValue();
    assert.match(link, /\/shared\/[\w-]{43}$/);

    const stranger = await open({ viewport: { width: 360, height: 740 } });
    const response = await stranger.page.goto(link);
    assert.match(response.headers()["x-robots-tag"], /noindex/);
    assert.equal(response.headers()["referrer-policy"], "no-referrer");
    await stranger.page.getByRole("heading", { name: "What is preload?", level: 1 }).waitFor();
    await stranger.page.getByRole("article").getByText("stretch", { exact: true }).waitFor();
    await stranger.page.waitForFunction(() => document.title.startsWith("What is preload?"));
    const text = await stranger.page.locator("body").innerText();
    assert.ok(!text.includes(email) && !text.includes("Ada Byron"));
    assert.equal(await stranger.page.evaluate(() => document.documentElement.scrollWidth), 360);
    assert.equal(await stranger.page.getByRole("textbox").count(), 0, "it is only read");

    // The student sees that it is shared, on both sides, and ends it.
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page
      .getByRole("navigation")
      .getByRole("link", { name: /^What is preload\? ?, shared$/ })
      .waitFor();
    await page.getByRole("button", { name: "Shared", exact: true }).click();
    await page.getByText(/^Shared since/).waitFor();
    await page.getByRole("button", { name: "Stop sharing" }).click();
    await page.getByText("The link shows nothing any more").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Shared", exact: true }).waitFor({ state: "detached" });
    await stranger.page.reload();
    await stranger.page.getByText("There is no such conversation").waitFor();
    assert.deepEqual([...complaints, ...stranger.complaints], []);
  },
);
