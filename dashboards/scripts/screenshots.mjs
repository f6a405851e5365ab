// Makes the pictures of docs/screenshots: the main pages of both apps, in the light and in the dark. Starts a medai of
// its own, with people in it who have asked something, unless MEDAI_URL names one.
import { mkdir, readdir, rm, stat } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { start } from "../e2e/platform.mjs";

const FOLDER = fileURLToPath(new URL("../../docs/screenshots/", import.meta.url));
/** All of them together. */
const MOST = 3 * 1024 * 1024;

const platform = process.env.MEDAI_URL ? undefined : await start();
Object.assign(process.env, platform?.env);
const { addKey, as, ask: asks, removeKey } = await import("../e2e/api.mjs");
const browser = await import("../e2e/browser.mjs");

const ANSWER = `**Preload** is the stretch of the ventricle's muscle at the end of diastole, just before it contracts [2].

- It **rises with venous return**, and falls when a patient bleeds [2].
- By the Frank–Starling mechanism, more stretch gives a stronger beat.

| | Preload | Afterload |
|---|---|---|
| What | stretch before the beat | pressure against it [1] |
| Rises with | volume | arterial resistance [1] |

Wall stress follows Laplace's law: $$\\sigma = \\frac{P \\cdot r}{2h}$$
`;

async function picture(page, name) {
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.evaluate(
      () => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))),
    );
    await page.mouse.move(0, 0);
    await page.screenshot({ path: `${FOLDER}${name}-${colorScheme}.jpg`, type: "jpeg", quality: 82 });
  }
}

async function students() {
  const { page, email } = await browser.student({ plan: "student" });
  await picture(page, "start");
  await browser.upload(page, "lecture.pdf", "second-page-is-an-image.pdf");
  const state = (title, word) => browser.row(page, title).getByText(word, { exact: true });
  await state("lecture", "Ready").waitFor({ timeout: 90_000 });
  await state("second-page-is-an-image", "Partly read").waitFor({ timeout: 90_000 });
  await page.getByLabel("Question").fill("What does afterload rise with?");
  await page.getByRole("button", { name: "Search", exact: true }).click();
  await page.getByRole("list", { name: "Passages" }).waitFor();
  await picture(page, "documents");
  await page.getByRole("link", { name: "New question" }).click();
  await browser.ask(page, "What are preload and afterload of the heart?");
  await browser.answered(page);
  await browser.answer(page).getByRole("button", { name: "Source 2" }).first().click();
  await page.getByRole("group", { name: /with the passage marked/ }).waitFor();
  await picture(page, "answer");
  const me = await as({ email });
  for (const topic of ["/mcq acid–base balance", "/flashcard cranial nerves"]) await asks(me, topic);
  await page.goto("/usage");
  await page.getByRole("heading", { name: "Tokens today" }).waitFor();
  await picture(page, "usage");
  await page.setViewportSize({ width: 390, height: 780 });
  await page.goto("/");
  await page.getByRole("button", { name: "Menu" }).waitFor();
  await picture(page, "phone");
}

async function admins() {
  const { page } = await browser.adminAt("/admin/");
  for (const [path, name] of [
    ["/admin/", "overview"],
    ["/admin/queues", "queues"],
    ["/admin/jobs", "jobs"],
    ["/admin/keys", "keys"],
    ["/admin/health", "health"],
    ["/admin/maintenance", "maintenance"],
    ["/admin/users", "users"],
    ["/admin/analytics", "analytics"],
    ["/admin/audit", "audit"],
  ]) {
    await page.goto(path);
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.locator("main [aria-busy]").first().waitFor({ state: "detached" });
    await picture(page, `admin-${name}`);
  }
}

let failed = true;
try {
  await rm(FOLDER, { recursive: true, force: true });
  await mkdir(FOLDER, { recursive: true });
  await browser.launch();
  const keys = [
    await addKey({ text: ANSWER }, { provider: "gemini", model: "gemini-2.5-flash", priority: 100 }),
    await addKey({ text: ANSWER }, { priority: 50 }),
    await addKey({ behaviour: "invalid_key" }, { priority: 10, feature: "mcq" }),
  ];
  await students();
  await admins();
  for (const key of keys) await removeKey(key);
  failed = false;
} finally {
  await browser.close();
  await platform?.stop(failed);
}

let total = 0;
for (const name of await readdir(FOLDER)) total += (await stat(FOLDER + name)).size;
console.log(`${(total / 1024).toFixed(0)} kB of pictures in docs/screenshots`);
if (total > MOST) throw new Error("They are too large.");
