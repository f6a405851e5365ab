// No action drops the focus: what cannot be pressed for a while keeps it, and what goes away gives it to its neighbour.
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { addKey, admin, openAll, removeKey } from "./api.mjs";
import { adminAt, answered, ask, close, story, student } from "./browser.mjs";

let key;
before(async () => {
  key = await addKey({ text: "A short answer." });
});
after(async () => {
  await admin("PUT", "/api/admin/sharing", { enabled: false });
  await close();
  await removeKey(key);
  await openAll();
});

const nameOfFocus = (page) =>
  page.evaluate(() => {
    const at = document.activeElement;
    if (!at || at === document.body) return "nothing";
    return (at.getAttribute("aria-label") ?? at.labels?.[0]?.textContent ?? at.textContent ?? "").trim();
  });

const focused = (page, name) =>
  page.waitForFunction((wanted) => {
    const at = document.activeElement;
    if (!at || at === document.body) return false;
    const name = (
      at.getAttribute("aria-label") ??
      at.labels?.[0]?.textContent ??
      at.textContent ??
      ""
    ).trim();
    return name === wanted;
  }, name);

/** Presses what has this name by the keyboard; what has the focus a while later. */
async function pressed(page, element) {
  await element.focus();
  await page.keyboard.press("Enter");
  await page.waitForTimeout(700);
  return nameOfFocus(page);
}

story("between answers and between wordings, at both ends", async () => {
  const { page, complaints } = await student();
  await ask(page, "What is preload?");
  await answered(page);
  await page.getByRole("button", { name: "Regenerate" }).click();
  await page.getByRole("toolbar", { name: "Answer" }).getByText("2 / 2").waitFor();
  const button = (name) => page.getByRole("button", { name });
  assert.equal(await pressed(page, button("Previous answer")), "Previous answer");
  // It is the first: what leads further back says so, and does nothing.
  assert.equal(await button("Previous answer").getAttribute("aria-disabled"), "true");
  await page.keyboard.press("Enter");
  await page.getByRole("toolbar", { name: "Answer" }).getByText("1 / 2").waitFor();
  assert.equal(await pressed(page, button("Next answer")), "Next answer");
  await button("Edit question").click();
  await page.getByLabel("The question in other words").fill("What is afterload?");
  await page.keyboard.press("Enter");
  await page.getByRole("toolbar", { name: "Question" }).getByText("2 / 2").waitFor();
  await answered(page);
  assert.equal(await pressed(page, button("Previous wording")), "Previous wording");
  assert.equal(await pressed(page, button("Next wording")), "Next wording");
  assert.deepEqual(complaints, []);
});

story("what is put away beside a question gives the focus to the question", async () => {
  const { page, complaints } = await student();
  assert.equal(
    await pressed(page, page.getByRole("button", { name: /^PDFs and images: not in/ })),
    "PDFs and images: not in your plan",
  );
  assert.equal(await pressed(page, page.getByRole("button", { name: "Dismiss" })), "Your question");
  assert.deepEqual(complaints, []);
});

story("a link is made and ended", async () => {
  await admin("PUT", "/api/admin/sharing", { enabled: true });
  const { page, complaints } = await student();
  await ask(page, "What is preload?");
  await answered(page);
  await page.getByRole("button", { name: "What to do with this conversation" }).click();
  await page.getByRole("menuitem", { name: "Share by link" }).click();
  assert.equal(await pressed(page, page.getByRole("button", { name: "Make a link" })), "Link");
  assert.equal(await pressed(page, page.getByRole("button", { name: "Stop sharing" })), "Make a link");
  assert.deepEqual(complaints, []);
});

story("an admin tries, disables and enables a key, and switches what is switched at once", async () => {
  const { page, complaints } = await adminAt("/admin/keys");
  const name = `…${key.last}`;
  const button = (label) => page.getByRole("button", { name: label, exact: true });
  assert.equal(await pressed(page, button(`Try ${name} now`)), `Try ${name} now`);
  assert.equal(await pressed(page, button(`Disable ${name} at once`)), `Enable ${name}`);
  assert.equal(await pressed(page, button(`Enable ${name}`)), `Disable ${name} at once`);
  // A message that is put away gives the focus back.
  await button("Dismiss").first().focus();
  await page.keyboard.press("Enter");
  await focused(page, `Disable ${name} at once`);
  await page.goto("/admin/notifications");
  const first = page.getByRole("switch", { name: /^Notify: / }).first();
  await first.waitFor();
  const label = await first.evaluate((element) => element.labels[0].textContent);
  assert.equal(await pressed(page, first), label);
  assert.equal(await pressed(page, first), label);
  assert.deepEqual(complaints, []);
});

story("what goes away with nobody to say where the focus goes leaves it in the page", async () => {
  const { page } = await adminAt("/admin/jobs");
  await page.getByRole("main").waitFor();
  await page.evaluate(() => {
    const section = document.createElement("section");
    section.setAttribute("aria-label", "A part");
    section.innerHTML = "<p><button>Goes</button></p>";
    document.querySelector("main").append(section);
    const button = section.querySelector("button");
    button.addEventListener("click", () => button.parentElement.remove());
    button.focus();
  });
  await page.keyboard.press("Enter");
  await focused(page, "A part");
  // Whoever clicks beside everything wants it nowhere.
  await page.evaluate(() => document.activeElement.blur());
  await page.waitForTimeout(300);
  assert.equal(await nameOfFocus(page), "nothing");
});
