// What admins do about people and the platform, and that it is in the log.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after } from "node:test";
import { admin } from "./api.mjs";
import { adminAt, close, story, student } from "./browser.mjs";

after(close);

const confirm = (page, name) => page.getByRole("dialog").getByRole("button", { name }).click();

story("an account is found, helped, shut out and let in, and the log says what changed", async () => {
  const { email } = await student();
  const { page, complaints } = await adminAt("/admin/users");
  await page.getByLabel("Search").fill(email);
  await page.waitForURL(/\?q=/);
  await page
    .getByRole("row", { name: new RegExp(email) })
    .getByRole("link")
    .click();
  // Until the account is there, the list is, which has a choice of plans, too.
  await page.getByRole("button", { name: "Change plan" }).waitFor();
  await page.getByRole("combobox", { name: "Plan" }).selectOption("pro");
  await page.getByRole("button", { name: "Change plan" }).click();
  await confirm(page, "Change plan");
  await page.getByText("of 200,000").waitFor();
  await page.getByRole("button", { name: "Disable" }).click();
  await confirm(page, "Disable");
  await page.getByRole("button", { name: "Enable" }).click();
  await confirm(page, "Enable");
  await page.getByRole("button", { name: "Disable" }).waitFor();
  await page.getByRole("link", { name: "What was done to it" }).click();
  await page.getByRole("button", { name: /Changed a plan/ }).click();
  const change = page.getByRole("row", { name: /^plan/ });
  await change.getByText("free", { exact: true }).waitFor();
  await change.getByText("pro", { exact: true }).waitFor();
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Export as JSON lines" }).click(),
  ]);
  const lines = (await readFile(await file.path(), "utf8"))
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const actions = lines.map(({ action_type }) => action_type);
  for (const action of ["change_user_plan", "disable_user", "enable_user"])
    assert.ok(actions.includes(action), action);
  assert.deepEqual(complaints, []);
});

story("limits of a feature are set in the place of the plans’, and taken back", async () => {
  const { page, complaints } = await adminAt("/admin/features");
  const set = async (mode) => {
    await page.getByRole("button", { name: "Limits of Flashcards" }).click();
    await page.getByRole("radio", { name: mode }).check();
  };
  await set("One for every plan");
  await page.getByRole("textbox", { name: "Uses a day" }).fill("7");
  await page.keyboard.press("Enter");
  await page.getByText("set here", { exact: true }).first().waitFor();
  const limits = async () =>
    (await admin("GET", "/api/admin/features")).items.find(({ feature }) => feature === "flashcard")
      .effective_limits;
  assert.deepEqual(await limits(), { free: 7, student: 7, pro: 7 });
  await set("As the plans say");
  await page.keyboard.press("Enter");
  await page.getByText("set here", { exact: true }).first().waitFor({ state: "detached" });
  assert.deepEqual(await limits(), { free: 10, student: 100, pro: 500 });
  assert.deepEqual(complaints, []);
});

story("maintenance is announced to students, and taken back", async () => {
  const asker = await student();
  const { page, complaints } = await adminAt("/admin/maintenance");
  const soon = (hours) => {
    const at = new Date(Date.now() + hours * 3_600_000 - new Date().getTimezoneOffset() * 60_000);
    return at.toISOString().slice(0, 16);
  };
  await page.getByLabel("When").selectOption("later");
  await page.getByLabel("Begin").fill(soon(5));
  await page.getByLabel("End").fill(soon(6));
  await page.getByLabel("Message to students").fill("Machines are moved.");
  const preview = page.getByRole("region", { name: "Preview" });
  const planned = preview.getByText(/Maintenance is planned/);
  const promised = await planned.textContent();
  await page.getByRole("button", { name: "Announce it" }).click();
  await page.getByRole("button", { name: "Withdraw: The platform" }).waitFor();
  await asker.page.reload();
  const seen = asker.page.getByText(/Maintenance is planned/);
  assert.equal(await seen.textContent(), promised, "the preview showed what students see");
  await page.getByRole("button", { name: "Withdraw: The platform" }).click();
  await confirm(page, "Withdraw");
  await page.getByText("Nothing is planned").waitFor();
  await asker.page.reload();
  await seen.waitFor({ state: "detached" });
  assert.deepEqual([...complaints, ...asker.complaints], []);
});

story("a webhook’s secret is shown once", async () => {
  const { page, complaints } = await adminAt("/admin/notifications");
  await page.getByLabel("Address", { exact: true }).fill("http://localhost:9/hook");
  await page.getByRole("button", { name: "Add a webhook" }).click();
  await page
    .getByText(/^whsec_/)
    .first()
    .waitFor();
  await page.reload();
  await page
    .getByRole("button", { name: /^Remove http/ })
    .last()
    .click();
  assert.equal(await page.getByText(/whsec_/).count(), 0);
  await confirm(page, "Remove");
  await page.getByText("Removed.").waitFor();
  assert.deepEqual(complaints, []);
});
