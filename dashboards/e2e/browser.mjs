// A browser for the end-to-end tests: the Chromium of this machine, at a running medai (MEDAI_URL).
import { chromium } from "playwright-core";

export const url = process.env.MEDAI_URL ?? "http://localhost:8000";

export const launch = () =>
  chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });

/** A page of somebody who has just registered. What the page complains about is collected in `complaints`. */
export async function student(browser) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (/Content Security Policy/.test(message.text())) complaints.push(message.text());
  });
  await page.goto(`${url}/register`);
  await page.getByLabel("Name").fill("Ada Byron");
  await page.getByLabel("E-mail").fill(`ada-${Date.now()}@example.org`);
  await page.getByLabel("Password").fill("s4-gallop-rhythm");
  await page.getByRole("button", { name: "Make an account" }).click();
  await page.getByRole("heading", { name: /What are you studying/ }).waitFor();
  return { page, complaints };
}
