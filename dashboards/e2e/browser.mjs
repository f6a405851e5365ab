// Browsers for the end-to-end tests, and what people do in them.
import { mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { ADMIN, as, PASSWORD, setPlan, url } from "./api.mjs";
import { chromiumPath } from "./chromium.mjs";

/** Slow machines are not wrong. */
const PATIENCE = 30_000;

let browser;

/** The browser of this file's tests. */
export async function launch() {
  // Chromium's own sandbox does not work for root.
  const args = process.getuid() === 0 ? ["--no-sandbox"] : [];
  browser ??= await chromium.launch({ executablePath: chromiumPath(), args });
  return browser;
}

/** A test. Where it fails, what its pages showed is kept; nothing of it is left for the next one. */
export function story(name, tell) {
  test(name, async () => {
    const contexts = () => browser?.contexts() ?? [];
    try {
      await tell();
    } catch (error) {
      for (const [at, page] of contexts()
        .flatMap((context) => context.pages())
        .entries()) {
        const folder = join(tmpdir(), "medai-e2e-failures");
        await mkdir(folder, { recursive: true });
        const path = join(folder, `${name.replace(/[^a-z0-9]+/gi, "-").slice(0, 60)}-${at}.png`);
        await page.screenshot({ path }).catch(() => undefined);
        console.log(`It looked like this: ${path} (${page.url()})`);
      }
      throw error;
    } finally {
      for (const context of contexts()) await context.close();
    }
  });
}

/** A page, and in `complaints` all that went wrong in it: errors, and whatever the policy kept from loading. */
export async function open({ at = url, ...options } = {}) {
  const context = await (await launch()).newContext({
    viewport: { width: 1280, height: 800 },
    baseURL: at,
    // It keeps files that tests take away; those about it allow it.
    serviceWorkers: "block",
    ...options,
  });
  context.setDefaultTimeout(PATIENCE);
  const page = await context.newPage();
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (/Content Security Policy/.test(message.text())) complaints.push(message.text());
  });
  return { page, context, complaints };
}

let students = 0;

/** Somebody who has just registered. */
export async function student({ plan, ...options } = {}) {
  const opened = await open(options);
  const { page } = opened;
  students += 1;
  const email = `ada-${process.pid}-${students}-${Date.now()}@example.org`;
  await page.goto("/register");
  await page.getByLabel("Name").fill("Ada Byron");
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Create account" }).click();
  await page.getByRole("heading", { name: /What are you studying/ }).waitFor();
  if (plan) {
    await setPlan(email, plan);
    await page.reload();
  }
  return { ...opened, email, api: () => as({ email }) };
}

/** The same student at another device. */
export async function otherDevice(email, path = "/") {
  const opened = await open();
  await signIn(opened.page, path, { email, password: PASSWORD });
  return opened;
}

/** An admin at the dashboard. */
export async function adminAt(path = "/admin", options = {}) {
  const opened = await open(options);
  await signIn(opened.page, path, ADMIN);
  return opened;
}

async function signIn(page, address, { email, password }) {
  await page.goto(address);
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("button", { name: "Sign in" }).waitFor({ state: "detached" });
}

export async function ask(page, content) {
  await page.getByLabel("Your question").fill(content);
  await page.keyboard.press("Enter");
}

/** Closes the browser, when all tests of a file are over. */
export async function close() {
  await browser?.close();
}

/** The text of the newest answer. */
export const answer = (page) => page.getByRole("article").last().locator(".prose");

/** Waits until the newest answer is whole. */
export const answered = (page) =>
  page.getByRole("article").last().getByRole("toolbar", { name: "Answer" }).waitFor();

/** A PDF of the reader's own tests. */
export const pdf = (name) => fileURLToPath(new URL(`../../ingest/tests/files/${name}`, import.meta.url));

/** Uploads PDFs on the page of documents. */
export async function upload(page, ...names) {
  await page.goto("/documents");
  await page.getByLabel("PDFs to upload").setInputFiles(names.map(pdf));
}

/** The row of a document. */
export const row = (page, title) =>
  page.getByRole("list", { name: "Your documents" }).getByRole("listitem").filter({ hasText: title });
