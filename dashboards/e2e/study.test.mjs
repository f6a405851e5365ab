// Decks are filled, cards are reviewed, also without network, and nothing of one student is left for the next.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { after } from "node:test";
import { eventually } from "./api.mjs";
import { close, open, otherDevice, story, student } from "./browser.mjs";

const AXE = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
after(close);

/** A student with a deck of basic cards. */
async function withCards(count, options = {}) {
  const known = await student(options);
  const api = await known.api();
  const deck = await api("POST", "/api/study/decks", { title: "Medicine::Cardiology" });
  for (let at = 1; at <= count; at += 1)
    await api("POST", `/api/study/decks/${deck.id}/notes`, {
      kind: "basic",
      fields: { front: `Question ${at}?`, back: `Answer ${at}.` },
      tags: ["heart"],
    });
  return { ...known, deck, call: api };
}

const flip = (page) => page.getByRole("button", { name: "Show the answer" });
const rate = (page, name) => page.getByRole("button", { name: new RegExp(`^${name}`) });
const question = (page) => page.getByRole("region", { name: "Question" });

async function review(page, deck) {
  await page.goto(`/study/review?deck=${deck.id}`);
  await flip(page).waitFor();
}

/** How many answers of today count. */
const counted = async (call) => (await call("GET", "/api/study/today")).reviewed_today;

story("a deck is made, filled, searched and changed", async () => {
  const { page, complaints } = await student();
  await page.getByRole("link", { name: /^Study/ }).click();
  await page.getByRole("button", { name: "New deck" }).first().click();
  await page.getByLabel("Title").fill("Medicine::Cardiology");
  await page.getByRole("button", { name: "Make the deck" }).click();
  await page.getByRole("heading", { name: "Cardiology", level: 1 }).waitFor();
  await page.getByRole("button", { name: "Add cards" }).click();
  const dialog = page.getByRole("dialog", { name: "Add cards" });
  await dialog.getByLabel("Question", { exact: true }).fill("What is $EDV$?");
  await dialog.getByLabel("Answer", { exact: true }).fill("Preload");
  await dialog.getByLabel("Tags").fill("heart");
  await dialog.getByRole("button", { name: "Add", exact: true }).click();
  await page.getByText("Added").first().waitFor();
  await dialog.getByLabel("Kind").selectOption("cloze");
  const text = dialog.getByLabel("Text", { exact: true });
  await text.fill("The mitral valve");
  await text.evaluate((area) => area.setSelectionRange(4, 10));
  await dialog.getByRole("button", { name: "Leave out", exact: true }).click();
  assert.equal(await text.inputValue(), "The {{c1::mitral}} valve");
  await dialog.getByRole("region", { name: "Preview" }).getByText("[…]").waitFor();
  await dialog.getByRole("button", { name: "Add", exact: true }).click();
  await dialog.getByRole("button", { name: "Done" }).click();
  const notes = page.getByRole("list", { name: "Notes" }).getByRole("listitem");
  await eventually(async () => (await notes.count()) === 2);
  await page.getByLabel("Search these cards").fill("mitral");
  await eventually(async () => (await notes.count()) === 1);
  await page.getByLabel("Select all that are shown").check();
  await page.getByRole("button", { name: "Tag", exact: true }).click();
  await page.getByRole("dialog").getByLabel("Tags").fill("valves");
  await page.getByRole("dialog").getByRole("button", { name: "Add tags" }).click();
  await notes.getByRole("button", { name: "Only the tag valves" }).waitFor();
  await page.getByRole("button", { name: "What to do with this deck" }).click();
  await page.getByRole("menuitem", { name: "Options" }).click();
  await page.getByLabel("Desired retention, in percent").fill("120");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("A whole number from 70 to 97.").waitFor();
  await page.getByLabel("Desired retention, in percent").fill("93");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("dialog").waitFor({ state: "detached" });
  assert.deepEqual(complaints, []);
});

story("a picture is covered with the mouse and by keys", async () => {
  const { page, call, deck, complaints } = await withCards(0, { plan: "student" });
  await page.goto(`/study/decks/${deck.id}`);
  await page.getByRole("button", { name: "Add cards" }).click();
  await page.getByLabel("Kind").selectOption("image_occlusion");
  const icon = new URL("../student/pwa/icons/icon-192.png", import.meta.url);
  await page
    .getByLabel("Picture", { exact: true })
    .setInputFiles({ name: "heart.png", mimeType: "image/png", buffer: await readFile(icon) });
  const picture = page.getByRole("img", { name: "What boxes are drawn on" });
  await picture.waitFor();
  const { x, y, width, height } = await picture.boundingBox();
  await page.mouse.move(x + width * 0.2, y + height * 0.2);
  await page.mouse.down();
  await page.mouse.move(x + width * 0.5, y + height * 0.4, { steps: 4 });
  await page.mouse.up();
  await page.getByRole("button", { name: "Box 1", exact: true }).waitFor();
  await page.getByRole("button", { name: "Add a box" }).click();
  await page.getByRole("button", { name: "Box 2", exact: true }).focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Shift+ArrowRight");
  await page.getByLabel("What is behind box 1").fill("Aorta");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await page.getByText("Added").first().waitFor();
  const { items } = await call("GET", `/api/study/decks/${deck.id}/notes`);
  assert.equal(items[0].fields.boxes.length, 2);
  assert.equal(items[0].fields.boxes[0].label, "Aorta");
  await review(page, deck);
  await page.getByRole("img", { name: /asked for/ }).waitFor();
  assert.deepEqual(complaints, []);
});

story("cards are reviewed by keys, taken back, and the end says what comes next", async () => {
  const { page, call, deck, complaints } = await withCards(2);
  await review(page, deck);
  const first = await question(page).textContent();
  await eventually(() => question(page).evaluate((element) => element === document.activeElement));
  await page.keyboard.press("Space");
  await eventually(() =>
    page.getByRole("region", { name: "Answer" }).evaluate((element) => element === document.activeElement),
  );
  await page.keyboard.press("4");
  await eventually(async () => (await counted(call)) === 1);
  await page.keyboard.press("u");
  await eventually(async () => (await question(page).textContent()) === first);
  assert.equal(await counted(call), 0);
  for (let at = 0; at < 2; at += 1) {
    await flip(page).click();
    await rate(page, "Easy").click();
  }
  await page.getByRole("heading", { name: "Done for now" }).waitFor();
  await page.getByText("Done today: 2 reviews").waitFor();
  assert.deepEqual(complaints, []);
});

story("on a phone a tap shows the answer, and swipes rate it", async () => {
  const { page, call, deck, context } = await withCards(3, {
    viewport: { width: 360, height: 740 },
    hasTouch: true,
  });
  await review(page, deck);
  const line = await context.newCDPSession(page);
  const touch = (type, x) =>
    line.send("Input.dispatchTouchEvent", { type, touchPoints: x === undefined ? [] : [{ x, y: 420 }] });
  for (const [from, to] of [
    [60, 280],
    [300, 60],
  ]) {
    await page.touchscreen.tap(180, 420);
    await rate(page, "Good").waitFor();
    await touch("touchStart", from);
    for (let step = 1; step <= 5; step += 1) await touch("touchMove", from + ((to - from) * step) / 5);
    await touch("touchEnd");
    await flip(page).waitFor();
  }
  await eventually(async () => (await counted(call)) === 2);
  const { days } = await call("GET", "/api/study/stats");
  assert.equal(days.at(-1).again, 1);
});

story("without network reviews go on, and each answer counts once", async () => {
  const { page, call, deck, context, complaints } = await withCards(5, { serviceWorkers: "allow" });
  await review(page, deck);
  await page.waitForFunction(
    async () =>
      navigator.serviceWorker.controller !== null &&
      (await (await caches.open("medai-files")).keys()).length > 50,
    undefined,
    { polling: 500 },
  );
  // A second tab has the same answers to send.
  const second = await context.newPage();
  await second.goto("/study");
  await page.bringToFront();
  await context.setOffline(true);
  for (const name of ["Good", "Again", "Good"]) {
    await flip(page).click();
    await rate(page, name).click();
  }
  await page.getByText("3 answers wait to be sent. You can go on.").waitFor();
  await flip(page).click();
  await rate(page, "Good").click();
  assert.equal(await counted(call), 0);
  await context.setOffline(false);
  await eventually(async () => (await counted(call)) === 4);
  await page.getByText(/to be sent/).waitFor({ state: "detached" });
  await new Promise((resolve) => setTimeout(resolve, 1500));
  assert.equal(await counted(call), 4);
  assert.deepEqual(complaints, []);
});

story("two tabs ask no card twice", async () => {
  const { page, call, deck, context } = await withCards(3);
  await review(page, deck);
  const second = await context.newPage();
  await review(second, deck);
  const first = await question(page).textContent();
  assert.equal(await question(second).textContent(), first);
  await flip(page).click();
  await rate(page, "Easy").click();
  await eventually(async () => (await question(second).textContent()) !== first);
  await eventually(async () => (await counted(call)) === 1);
});

story("what the server refuses is told, and the rest is sent", async () => {
  const { page, call, deck, context } = await withCards(3);
  await review(page, deck);
  const gone = (await question(page).textContent()).trim();
  await context.setOffline(true);
  for (let at = 0; at < 2; at += 1) {
    await flip(page).click();
    await rate(page, "Good").click();
  }
  const { items } = await call("GET", `/api/study/decks/${deck.id}/notes`);
  const note = items.find(({ fields }) => gone.includes(fields.front));
  await call("DELETE", `/api/study/notes/${note.id}`);
  await context.setOffline(false);
  await page.getByText(/An answer did not count/).waitFor();
  await eventually(async () => (await counted(call)) === 1);
});

story("who signs out leaves nothing", async () => {
  const { page, deck } = await withCards(2);
  await review(page, deck);
  await page.goto("/profile");
  await page.getByRole("button", { name: "Sign out", exact: true }).click();
  await page.getByRole("button", { name: "Sign in" }).waitFor();
  const left = await page.evaluate(
    () =>
      new Promise((resolve) => {
        const request = indexedDB.open("medai-study");
        request.onsuccess = async () => {
          const names = [...request.result.objectStoreNames];
          const counts = names.map(
            (name) =>
              new Promise((done) => {
                const count = request.result.transaction(name).objectStore(name).count();
                count.onsuccess = () => done(count.result);
              }),
          );
          resolve((await Promise.all(counts)).reduce((sum, count) => sum + count, 0));
        };
      }),
  );
  assert.equal(left, 0);
});

story("the day ends in the zone of the browser", async () => {
  const { call } = await withCards(0, { timezoneId: "Asia/Kolkata" });
  await eventually(async () =>
    /^Asia\/(?:Kolkata|Calcutta)$/.test((await call("GET", "/api/study/settings")).time_zone),
  );
});

story("the app can be installed, and its worker keeps nothing of the API", async () => {
  const { page, context, complaints } = await student({ serviceWorkers: "allow" });
  const manifest = await (await context.request.get("/manifest.webmanifest")).json();
  for (const { src } of manifest.icons) assert.ok((await context.request.get(src)).ok(), src);
  const worker = await context.request.get("/sw.js");
  assert.equal(worker.headers()["cache-control"], "no-cache");
  assert.match(worker.headers()["content-type"], /javascript/);
  await page.goto("/study");
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null, undefined, { polling: 500 });
  const kept = await page.evaluate(async () =>
    (await (await caches.open("medai-files")).keys()).map(({ url }) => new URL(url).pathname),
  );
  assert.ok(
    kept.every((path) => !path.startsWith("/api") && !path.startsWith("/admin")),
    kept.join(),
  );
  assert.deepEqual(complaints, []);
  const admin = await open({ serviceWorkers: "allow" });
  await admin.page.goto("/admin/sign-in");
  assert.equal(
    await admin.page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length),
    0,
  );
});

story("its pages are accessible, and fit a phone in the dark", async () => {
  const { page, call, deck, email } = await withCards(3, { bypassCSP: true, reducedMotion: "reduce" });
  await review(page, deck);
  await flip(page).click();
  await rate(page, "Good").click();
  await eventually(async () => (await counted(call)) === 1);
  for (const [path, ready] of [
    ["/study", page.getByRole("heading", { name: "Study", level: 1 })],
    [`/study/decks/${deck.id}`, page.getByRole("list", { name: "Notes" })],
    [`/study/review?deck=${deck.id}`, flip(page)],
    ["/study/statistics", page.getByRole("heading", { name: "Hours of the day" })],
  ]) {
    await page.goto(path);
    await ready.waitFor();
    await page.getByText("For study only, not for the care of patients.").first().waitFor();
    for (const [colorScheme, width] of [
      ["light", 1280],
      ["dark", 360],
    ]) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.setViewportSize({ width, height: 740 });
      await page.waitForFunction((wide) => innerWidth === wide, width);
      await page.evaluate(AXE);
      const { violations } = await page.evaluate((rules) => globalThis.axe.run({ runOnly: rules }), RULES);
      const bad = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
      assert.deepEqual(
        bad.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join("; ")}`),
        [],
        `${path} at ${width}`,
      );
      assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= width, path);
    }
  }
  // The same on another device.
  const other = await otherDevice(email, "/study");
  await other.page.getByText("1 review", { exact: false }).first().waitFor();
});
