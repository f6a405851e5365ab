// Without network, what is there stays: a page that was never opened says why it does not come, and comes when it can.
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { addKey, openAll, removeKey } from "./api.mjs";
import { adminAt, answer, answered, ask, close, story, student } from "./browser.mjs";

let key;
before(async () => {
  key = await addKey({ text: "A short answer." });
});
after(async () => {
  await close();
  await removeKey(key);
  await openAll();
});

/** Keeps files whose name begins so from being fetched, as where the network goes away. */
async function without(page, names, during) {
  const pattern = new RegExp(`/assets/(?:${names})[^/]*\\.js$`);
  await page.route(pattern, (route) => route.abort("internetdisconnected"));
  await during();
  await page.unroute(pattern);
}

/** Does not look ahead, as who saves data. */
const SAVES_DATA = () => Object.defineProperty(navigator, "connection", { value: { saveData: true } });

story("a page of the student app that cannot be fetched says so, and the draft stays", async () => {
  const { page, context, complaints } = await student();
  await context.addInitScript(SAVES_DATA);
  await page.reload();
  await ask(page, "What is preload?");
  await answered(page);
  await page.getByLabel("Your question").fill("A long draft");
  const marked = await page.evaluate(() => {
    window.here = true;
    return window.here;
  });
  assert.ok(marked);
  // Also what a visit before has left in the browser's cache.
  await page.route(/\/assets\/documents_page/, (route) => route.abort("internetdisconnected"));
  await context.setOffline(true);
  await page.getByRole("link", { name: "Documents", exact: true }).click();
  await page.getByText("The server can’t be reached. Check your connection.").waitFor();
  // Trying again without network says the same.
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByText("The server can’t be reached. Check your connection.").waitFor();
  await page.goBack();
  assert.equal(await answer(page).textContent(), "A short answer.");
  assert.equal(await page.getByLabel("Your question").inputValue(), "A long draft");
  await page.getByRole("link", { name: "Documents", exact: true }).click();
  await page.getByRole("button", { name: "Try again" }).waitFor();
  await context.setOffline(false);
  await page.unroute(/\/assets\/documents_page/);
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByRole("heading", { name: "Documents", level: 1 }).waitFor();
  // It is still the same page of the browser.
  assert.ok(await page.evaluate(() => window.here));
  assert.deepEqual(complaints, []);
});

story("pages are there before they are asked for, and so is what is found", async () => {
  const { page, context } = await student({ plan: "student" });
  await page.waitForFunction(() =>
    ["usage_page", "documents_page", "profile_page", "plans_page", "found"].every((name) =>
      performance.getEntriesByType("resource").some((entry) => entry.name.includes(`/assets/${name}`)),
    ),
  );
  await context.setOffline(true);
  await page.getByRole("link", { name: "Profile of Ada Byron" }).click();
  await page.getByRole("heading", { name: "Profile", level: 1 }).waitFor();
  await page.keyboard.press("Control+k");
  await page.keyboard.type("plans");
  await page.getByRole("option", { name: "Plans" }).waitFor();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Plans", level: 1 }).waitFor();
});

story("a page of the admin app says so too", async () => {
  const { page, context, complaints } = await adminAt("/admin");
  await context.addInitScript(SAVES_DATA);
  await page.reload();
  await page.getByRole("heading", { name: "Overview", level: 1 }).waitFor();
  await page.evaluate(() => {
    window.here = true;
  });
  await without(page, "users_page", async () => {
    await page.getByRole("link", { name: "Users", exact: true }).click();
    // The server is there, so the network is not blamed.
    await page.getByText("This part of the app could not be loaded. Please try again.").waitFor();
    assert.ok(await page.evaluate(() => window.here));
  });
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByRole("heading", { name: "Users", level: 1 }).waitFor();
  assert.ok(await page.evaluate(() => window.here));
  assert.deepEqual(complaints, []);
});
