// The guide on the admins' overview leads from nothing to the first real key, knows what is done, goes and comes back.
import assert from "node:assert/strict";
import { after } from "node:test";
import { admin, as, ask, openAll, removeKey, setScript } from "./api.mjs";
import { adminAt, close, story, student } from "./browser.mjs";

const GOOD = `sk-e2e-setup-${process.pid}-good`;
const DEAD = `sk-e2e-setup-${process.pid}-dead`;
after(async () => {
  await close();
  const { items } = await admin("GET", "/api/admin/keys");
  for (const { id, key_masked } of items)
    if (key_masked === `…${GOOD.slice(-4)}`) await removeKey({ id, last: GOOD.slice(-4) });
  await openAll();
});

const guide = (page) => page.getByRole("region", { name: "Your first real key, in three steps" });
const step = (page, title) => guide(page).getByRole("listitem").filter({ hasText: title });

story("three steps lead to an answer by a real provider", async () => {
  await setScript(GOOD, { text: "A real answer." });
  await setScript(DEAD, { behaviour: "invalid_key" });
  const { page, complaints } = await adminAt("/admin/");
  // The demo answers, and is no provider.
  await step(page, "Choose a provider").getByText("To do").waitFor();
  await step(page, "Ask a question").getByText("Later").waitFor();
  await guide(page)
    .getByRole("button", { name: "Copy the address https://aistudio.google.com/apikey" })
    .waitFor();
  await guide(page)
    .getByRole("radio", { name: /^OpenAI/ })
    .check();
  await guide(page).getByText("Paid by use").waitFor();
  await guide(page).getByRole("button", { name: "I have a key" }).click();
  // The focus goes along.
  await page.waitForFunction(() => /Paste the key/.test(document.activeElement?.textContent ?? ""));
  await guide(page).getByLabel("Key", { exact: true }).fill(DEAD);
  await guide(page).getByText("Address and model").click();
  await guide(page).getByRole("textbox", { name: "Address" }).fill(process.env.SIMULATOR_URL);
  await guide(page).getByRole("textbox", { name: "Model" }).fill("simulated");
  await guide(page).getByRole("button", { name: "Test and add" }).click();
  await guide(page).getByText("It was not added").waitFor();
  await step(page, "Paste the key").getByText("To do").waitFor();
  await guide(page).getByLabel("Key", { exact: true }).fill(GOOD);
  await guide(page).getByRole("button", { name: "Test and add" }).click();
  await step(page, "Paste the key").getByText("Done").waitFor();
  await step(page, "Ask a question").getByRole("link", { name: "Open the students’ app" }).waitFor();
  // What was begun goes on after a reload.
  await page.reload();
  await step(page, "Ask a question").getByText("To do").waitFor();
  const { email } = await student();
  await ask(await as({ email }), "What is preload?");
  await step(page, "Ask a question").getByText("Done").waitFor();
  await guide(page).getByRole("button", { name: "Close the guide" }).click();
  await guide(page).waitFor({ state: "detached" });
  assert.deepEqual(complaints, []);
});

story("the guide is dismissed for good, and comes back on request", async () => {
  const { items } = await admin("GET", "/api/admin/keys");
  const added = items.find(({ key_masked }) => key_masked === `…${GOOD.slice(-4)}`);
  await removeKey({ id: added.id, last: GOOD.slice(-4) });
  const { page, complaints } = await adminAt("/admin/");
  await guide(page).getByRole("button", { name: "Dismiss the guide" }).click();
  await guide(page).waitFor({ state: "detached" });
  await page.reload();
  const back = page.getByRole("button", { name: "Setup guide" });
  await back.waitFor();
  assert.equal(await guide(page).count(), 0);
  await back.click();
  await step(page, "Choose a provider").getByText("To do").waitFor();
  assert.deepEqual(complaints, []);
});
