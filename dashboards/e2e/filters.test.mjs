// Filters with a name: kept on the server for whoever made them, applied, one of them from the start, and deleted.
import assert from "node:assert/strict";
import { after } from "node:test";
import { admin } from "./api.mjs";
import { adminAt, close, story } from "./browser.mjs";

const forget = async () => {
  for (const page of ["jobs", "users", "audit"])
    for (const { id } of (await admin("GET", `/api/admin/filters?page=${page}`)).items)
      await admin("DELETE", `/api/admin/filters/${id}`);
};
after(async () => {
  await close();
  await forget();
});

const menu = (page) => page.getByRole("button", { name: "Saved filters", exact: true }).click();
const choose = async (page, name) => {
  await menu(page);
  await page.getByRole("menuitem", { name, exact: true }).click();
};

async function save(page, name, isDefault) {
  await choose(page, "Save this filter…");
  await page.getByRole("dialog").getByLabel("Name").fill(name);
  if (isDefault) await page.getByRole("dialog").getByLabel("Open this page with it").check();
  await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  await page.getByRole("dialog").waitFor({ state: "detached" });
}

story("a filter of jobs is kept, applied from another browser, made the default and deleted", async () => {
  await forget();
  const { page, complaints } = await adminAt("/admin/jobs?state=failed&queue=chat");
  await save(page, "Failed chats");
  await page.getByRole("link", { name: "Clear" }).click();
  await page.waitForURL((url) => url.search === "");
  // Kept on the server, so that another browser has it.
  const other = await adminAt("/admin/jobs");
  await choose(other.page, "Failed chats");
  await other.page.waitForURL(/state=failed/);
  assert.match(other.page.url(), /queue=chat/);
  await choose(other.page, "Manage saved filters…");
  // The box shows what is stored, so it changes when that did.
  await other.page.getByLabel("Open this page with Failed chats").click();
  await other.page.locator("input:checked[aria-label='Open this page with Failed chats']").waitFor();
  await other.page.getByRole("button", { name: "Done" }).click();
  // Whoever comes without a filter gets it; whoever clears it stays without.
  await page.goto("/admin/jobs");
  await page.waitForURL(/state=failed/);
  await page.getByRole("link", { name: "Clear" }).click();
  await page.waitForURL((url) => url.search === "");
  await page.goto("/admin/jobs?state=running");
  await menu(page);
  await page.getByRole("menuitem", { name: "Failed chats (default)" }).waitFor();
  assert.match(page.url(), /state=running/);
  await page.getByRole("menuitem", { name: "Manage saved filters…" }).click();
  await page.getByRole("button", { name: "Delete Failed chats" }).click();
  await page.getByText("None are left.").waitFor();
  assert.deepEqual((await admin("GET", "/api/admin/filters?page=jobs")).items, []);
  assert.deepEqual(complaints, []);
});

story("filters of users and of the log are kept apart", async () => {
  await forget();
  const { page, complaints } = await adminAt("/admin/users?plan=pro");
  await save(page, "Who pays", true);
  await page.goto("/admin/audit?action=sign_in");
  await save(page, "Sign-ins");
  await page.goto("/admin/users");
  await page.waitForURL(/plan=pro/);
  await page.goto("/admin/audit");
  await choose(page, "Sign-ins");
  await page.waitForURL(/action=sign_in/);
  assert.deepEqual(complaints, []);
});
