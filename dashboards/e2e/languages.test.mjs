// The app in German, in Arabic from the right, and in the pseudo-locale, in which no text is left that is no message.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { after } from "node:test";
import { answered, close, open, row, story, student, upload } from "./browser.mjs";

const AXE = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
/** The policy forbids scripts that are not ours, so for axe it is put aside. */
const OPTIONS = { bypassCSP: true, reducedMotion: "reduce" };
const QUESTION = "What is preload of the heart muscle?";
after(close);

async function speak(page, language) {
  await page.goto(`/?lang=${language}`);
  await page.locator("h1").waitFor();
}

/** Some student's pages, with something on each of them. */
async function furnished() {
  const opened = await student({ plan: "student", ...OPTIONS });
  const { page } = opened;
  await upload(page, "lecture.pdf", "password.pdf");
  await row(page, "lecture").getByText("Ready", { exact: true }).waitFor();
  await page.getByRole("link", { name: "New question" }).click();
  await page.getByLabel("Your question").fill(QUESTION);
  await page.keyboard.press("Enter");
  await answered(page);
  return { ...opened, chat: new URL(page.url()).pathname };
}

/** What is read and heard on the page and is no message: texts and labels without brackets. */
const untranslated = (page) =>
  page.evaluate(() => {
    // Content, code, what people called something, and what is typed on keys or names itself.
    const OWN =
      ".prose, code, kbd, bdi, h2[dir], [dir=auto], .figures time, [data-own], option[lang], script, style, noscript";
    // What `Intl` writes is no message, and neither is a name.
    const allowed =
      /^(?:medai|Ada|Byron|Pseudo|AM|PM|UTC|(?:Mon|Tues?|Wed|Thu|Fri|Sat|Sun)|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec))$/;
    const isLeft = (text) =>
      (text.replace(/\[.*\]/s, "").match(/\p{L}{2,}/gu) ?? []).some((word) => !allowed.test(word));
    const found = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const text = node.textContent.trim();
      if (isLeft(text) && !node.parentElement.closest(OWN)) found.push(text);
    }
    for (const element of document.querySelectorAll("[aria-label],[title],[placeholder],[alt]")) {
      for (const name of ["aria-label", "title", "placeholder", "alt"]) {
        const text = element.getAttribute(name) ?? "";
        if (isLeft(text) && !element.closest("[dir=auto][title], .prose")) found.push(`${name}: ${text}`);
      }
    }
    return found;
  });

/** At a desk and on a phone: nothing is wider than the window, and axe has nothing to say. */
async function inspect(page, what) {
  await page.evaluate(AXE);
  for (const [width, height] of [
    [1280, 800],
    [360, 740],
  ]) {
    await page.setViewportSize({ width, height });
    await page.evaluate(
      () => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))),
    );
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(wide <= width, `${what} is ${wide} px wide at ${width}`);
    const { violations } = await page.evaluate(() =>
      globalThis.axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] }),
    );
    assert.deepEqual(
      violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join("; ")}`),
      [],
      what,
    );
    const folder = process.env.PICTURES;
    if (folder) await page.screenshot({ path: `${folder}/${what.replace(/\W+/g, "-")}-${width}.png` });
  }
  await page.setViewportSize({ width: 1280, height: 800 });
}

const PAGES = (chat) => ["/", chat, "/documents", "/usage", "/profile", "/pricing"];

async function visit(page, path) {
  await page.goto(path);
  await page.locator("h1").waitFor({ state: "attached" });
  // What is fetched is there.
  await page.waitForFunction(() => !document.querySelector("[aria-busy=true], .animate-breathe"));
}

story("the sign-in page has the browser's language, and says what the API says in it", async () => {
  for (const [locale, lang, dir, button, wrong] of [
    ["de-AT", "de", "ltr", "Anmelden", "Die Adresse oder das Passwort ist falsch."],
    ["ar-EG", "ar", "rtl", "تسجيل الدخول", "العنوان أو كلمة المرور غير صحيحة."],
    ["fr-FR", "en", "ltr", "Sign in", "The address or the password is wrong."],
  ]) {
    const { page, complaints } = await open({ locale });
    await page.goto("/sign-in");
    await page.locator("input[type=email]").fill("nobody@example.org");
    await page.locator("input[type=password]").fill("not-the-right-one-7");
    await page.getByRole("button", { name: button }).click();
    await page.getByRole("alert").getByText(wrong).waitFor();
    assert.deepEqual(
      await page.evaluate(() => [document.documentElement.lang, document.documentElement.dir]),
      [lang, dir],
    );
    assert.deepEqual(complaints, []);
  }
  for (const language of ["ar", "pseudo"]) {
    const { page } = await open(OPTIONS);
    for (const path of ["/sign-in", "/register", "/no/such/page"]) {
      await page.goto(`${path}?lang=${language}`);
      await page.locator("h1").waitFor();
      if (language === "pseudo") assert.deepEqual(await untranslated(page), [], path);
      await inspect(page, `${language} ${path}`);
    }
  }
});

story("a language is chosen in the profile, at once and for this device", async () => {
  const { page } = await student(OPTIONS);
  await page.goto("/profile");
  await page.getByRole("combobox", { name: "Language" }).selectOption("ar");
  await page.getByRole("heading", { name: "الملف الشخصي", level: 1 }).waitFor();
  // Nothing drops the focus, though all was drawn anew.
  await page.waitForFunction(() => document.activeElement?.getAttribute("data-focus") === "language");
  assert.equal(await page.evaluate(() => document.documentElement.dir), "rtl");
  assert.match(await page.title(), /الملف الشخصي/);
  await page.reload();
  await page.getByRole("heading", { name: "الملف الشخصي", level: 1 }).waitFor();
  await page.getByRole("combobox", { name: "اللغة" }).selectOption("de");
  await page.getByRole("heading", { name: "Profil", level: 1 }).waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.dir), "ltr");
});

story("all pages of a student in German and in Arabic, from the right", async () => {
  const { page, chat } = await furnished();
  await speak(page, "de");
  for (const [path, word] of [
    [chat, "Neue Frage"],
    ["/documents", "Bereit"],
    ["/usage", "Tokens heute"],
    ["/profile", "Deine eigenen Schlüssel"],
  ]) {
    await visit(page, path);
    await page.getByText(word, { exact: true }).first().waitFor();
    await inspect(page, `de ${path === chat ? "/chat" : path}`);
  }
  await speak(page, "ar");
  for (const path of PAGES(chat)) {
    await visit(page, path);
    await inspect(page, `ar ${path === chat ? "/chat" : path}`);
  }
  await visit(page, chat);
  // The conversations are at the right, where the page begins; the English answer runs from the left.
  const nav = await page.getByRole("navigation").boundingBox();
  assert.ok(nav.x > 640, `the conversations are at ${nav.x}`);
  const answer = page.getByRole("article").last();
  assert.equal(
    await answer
      .locator(".prose p")
      .first()
      .evaluate((p) => getComputedStyle(p).direction),
    "ltr",
  );
  await answer
    .getByRole("button", { name: /المصدر 1|⁨?1/ })
    .first()
    .click();
  await page.getByRole("group", { name: "الصفحة 1، مع تمييز المقطع" }).waitFor();
  await inspect(page, "ar a source");
});

story("in the pseudo-locale, nothing is left that is no message", async () => {
  const { page, chat } = await furnished();
  await speak(page, "pseudo");
  for (const path of PAGES(chat)) {
    await visit(page, path);
    assert.deepEqual(await untranslated(page), [], path);
    await inspect(page, `pseudo ${path === chat ? "/chat" : path}`);
  }
  // What opens only when it is asked for.
  await visit(page, "/");
  await page.locator("[data-focus=composer]").fill("/");
  await page.getByRole("listbox").waitFor();
  assert.deepEqual(await untranslated(page), [], "the commands");
  // Where nothing is typed into.
  await visit(page, "/usage");
  for (const [key, what] of [
    ["Control+k", "the palette"],
    ["?", "the keys"],
  ]) {
    await page.getByRole("main").focus();
    await page.keyboard.press(key);
    await page.getByRole("dialog").waitFor();
    assert.deepEqual(await untranslated(page), [], what);
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
  }
});
