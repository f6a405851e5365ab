// Maintenance as the admin begins and ends it, and as students meet it.
import assert from "node:assert/strict";
import { after } from "node:test";
import { admin, openAll } from "./api.mjs";
import { adminAt, answered, ask, close, story, student } from "./browser.mjs";

after(async () => {
  await close();
  await openAll();
});

async function enter(page, level, message) {
  await page.getByRole("radio", { name: level }).check();
  await page.getByLabel("Message to students").fill(message);
  await page.getByLabel("Reason", { exact: true }).fill("A rehearsal");
  await page.getByRole("button", { name: `Enter ${level.toLowerCase()} maintenance` }).click();
}

async function leave(page) {
  await page.getByRole("button", { name: "Open The platform" }).click();
  await page.getByRole("dialog").getByLabel("Reason").fill("The rehearsal is over");
  await page.getByRole("dialog").getByRole("button", { name: "Open", exact: true }).click();
  await page.getByRole("heading", { name: "The platform is open" }).waitFor();
}

story("soft maintenance pauses uploads, says so, and lets chat go on", async () => {
  const asker = await student({ plan: "student" });
  const { page, complaints } = await adminAt("/admin/maintenance");
  await enter(page, "Soft", "New disks are put in.");
  await page.getByRole("heading", { name: "The platform is in soft maintenance" }).waitFor();
  await asker.page.goto("/documents");
  await asker.page.getByText("New disks are put in.").first().waitFor();
  await asker.page.getByText("Uploads are unavailable").waitFor();
  await asker.page.getByRole("link", { name: "New question" }).click();
  await ask(asker.page, "Does chat work?");
  await answered(asker.page);
  await leave(page);
  assert.deepEqual([...complaints, ...asker.complaints], []);
});

story("hard maintenance locks students out and lets them in again when it is over", async () => {
  const asker = await student();
  await ask(asker.page, "Before the lock");
  await answered(asker.page);
  const { page, complaints } = await adminAt("/admin/maintenance");
  await page.getByRole("button", { name: "In 30 min" }).click();
  await enter(page, "Hard", "The server is moved.");
  await page.getByRole("dialog").getByRole("button", { name: "Lock them out" }).click();
  await page.getByRole("heading", { name: "Students are locked out" }).waitFor();
  // Whoever asks is shown it at once.
  await ask(asker.page, "During the lock");
  await asker.page.getByRole("heading", { name: "We’re down for maintenance" }).waitFor();
  await asker.page.getByText("The server is moved.").waitFor();
  await asker.page.getByText("Estimated restoration").waitFor();
  await leave(page);
  await asker.page.getByRole("button", { name: "Check again" }).click();
  await asker.page.getByRole("article").getByRole("heading", { name: "Before the lock" }).waitFor();
  assert.equal(
    await asker.page.getByLabel("Your question").inputValue(),
    "During the lock",
    "it is not lost",
  );
  assert.deepEqual([...complaints, ...asker.complaints], []);
});

story("a feature that is switched off is absent, and the others are there", async () => {
  await admin("PUT", "/api/admin/features/mcq", { enabled: false });
  try {
    const { page } = await student();
    await page.getByLabel("Your question").fill("/");
    await page.getByRole("option", { name: "/mcq Not available right now" }).waitFor();
    await page.getByLabel("Your question").fill("/mcq acid–base balance");
    await page.getByText(/switched off|disabled/).waitFor();
    await page.getByLabel("Your question").fill("/flashcard acid–base balance");
    await page.keyboard.press("Enter");
    await answered(page);
  } finally {
    await admin("PUT", "/api/admin/features/mcq", { enabled: true });
  }
});
