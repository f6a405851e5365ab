// What models write is shown true: every sign of it, each way of writing, in each script, and nothing of it is run.
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { after, before } from "node:test";
import { signsOf, signsSeen } from "../ui/src/markdown/corpus/signs.mjs";
import { addKey, openAll, removeKey, setScript } from "./api.mjs";
import { answer, answered, ask, close, story, student } from "./browser.mjs";

const CORPUS = new URL("../ui/src/markdown/corpus/", import.meta.url);
const AXE = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
let key;
before(async () => {
  key = await addKey({ text: "…" });
});
after(async () => {
  await close();
  await removeKey(key);
  await openAll();
});

/** A student who was answered so. */
async function told(text, { script, ...options } = {}) {
  await setScript(key.key, { text, token_delay_ms: 0, ...script });
  const opened = await student(options);
  await ask(opened.page, "Tell me");
  await answered(opened.page);
  // Formulas are there once KaTeX is.
  if (/\$\$|\\ce/.test(text))
    await answer(opened.page).locator(".katex").first().waitFor({ state: "attached" });
  return opened;
}

story("no sign of a hundred answers is lost or added", async () => {
  const files = (await readdir(CORPUS)).filter((name) => name.endsWith(".md")).sort();
  const all = await Promise.all(files.map((name) => readFile(new URL(name, CORPUS), "utf8")));
  // An answer has an end: a third of them at a time.
  const third = Math.ceil(all.length / 3);
  const texts = [0, 1, 2].map((n) => all.slice(n * third, (n + 1) * third).join("\n\n---\n\n"));
  const { page, complaints } = await told("$$x$$", { plan: "pro" });
  for (const text of texts.map((each) => each.replaceAll("=-=-=", "---"))) {
    await setScript(key.key, { text, token_delay_ms: 0 });
    await ask(page, "And then?");
    await answered(page);
    assert.equal(signsSeen(await answer(page).innerHTML()), signsOf(text));
  }
  assert.deepEqual(complaints, []);
});

story("doses keep their signs, lines their breaks, and notes their text", async () => {
  const { page, complaints } = await told(
    "Give 5~10 mg, and 3~4 times a day. Ca<sup>2+</sup><br>and \\ce{H2O}[^1].\n\n" +
      "A) one\nB) two\nC) three\nD) four\n\n- > 60 mL/min\n\n3. third\n7. seventh\n\n[^1]: A note of 5 mg.",
  );
  const prose = answer(page);
  assert.equal(await prose.locator("del").count(), 0);
  const lines = (await prose.innerText()).split("\n").map((line) => line.trim());
  for (const line of ["A) one", "B) two", "C) three", "D) four", "> 60 mL/min"])
    assert.ok(lines.includes(line), `${line} is no line of ${lines.join(" / ")}`);
  assert.deepEqual(
    await prose.locator("ol > li").evaluateAll((items) => items.map(({ value }) => value)),
    [3, 7],
  );
  await prose.getByRole("link", { name: "Note 1" }).press("Enter");
  const note = prose.locator(".foot-note");
  assert.equal(await note.evaluate((element) => element === document.activeElement), true);
  assert.match(await note.innerText(), /A note of 5 mg\./);
  assert.match(page.url(), /\/chat\/[^#]+$/);
  assert.deepEqual(complaints, []);
});

story("on a phone long formulas scroll, nothing overlaps, and axe finds nothing", async () => {
  const long = Array.from({ length: 30 }, (_, n) => `x_{${n}}`).join(" + ");
  const { page, complaints } = await told(
    `So $$${long} = 1$$ holds, and $$\\frac{a}{b}$$ and\n\\[ ${long} \\]\nin words, and $\\frac{${long}}{2}$ in a line, and $\\frac{1}{2} + 3 + 4 + 5 + 6 + 7 + 8$.\n\n` +
      "| a | b |\n|---|---|\n| **x** | `y` |\n\n```python\ndef f(x):  # why\n    return 'y'\n```\n\n- [x] done\n\nالحمل القبلي `x`",
    { viewport: { width: 360, height: 740 }, colorScheme: "dark", reducedMotion: "reduce", bypassCSP: true },
  );
  const formulas = answer(page).locator(".formula");
  await formulas.nth(3).waitFor();
  assert.equal(await formulas.count(), 4);
  const boxes = await formulas.evaluateAll((all) =>
    all.map((each) => {
      const { top, bottom, left, right } = each.getBoundingClientRect();
      return { top, bottom, left, right, scrolls: each.scrollWidth > each.clientWidth, tab: each.tabIndex };
    }),
  );
  for (const [at, box] of boxes.entries()) {
    assert.ok(box.left >= 0 && box.right <= 360, JSON.stringify(box));
    assert.ok(at === 0 || boxes[at - 1].bottom <= box.top + 0.5, "formulas overlap");
    assert.equal(box.tab, box.scrolls ? 0 : -1, "what scrolls is reached by the keyboard, and nothing else");
  }
  assert.deepEqual(
    boxes.map(({ scrolls }) => scrolls),
    [true, false, true, true],
  );
  assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 360);
  await answer(page).locator(".hljs-keyword").first().waitFor();
  for (const colorScheme of ["dark", "light"]) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.evaluate(
      () => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))),
    );
    await page.evaluate(AXE);
    const { violations } = await page.evaluate(() => globalThis.axe.run("article"));
    assert.deepEqual(
      violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`),
      [],
    );
  }
  assert.deepEqual(complaints, []);
});

story("each block is read its own way", async () => {
  const { page } = await told(
    "Preload.\n\nالحمل القبلي هو `EDV` و $x$ مقدار\n\n- واحدة\n- one\n\n> ציטוט קצר\n\n| القياس | b |\n|---|---|\n| الجرعة | dose |\n\n前负荷是心室舒张末期的牵张。",
  );
  const directions = await answer(page)
    .locator("p, ul, li, blockquote, table, td, code, .katex")
    .evaluateAll((all) =>
      all.map((each) => [each.tagName.toLowerCase(), getComputedStyle(each).direction].join(" ")),
    );
  assert.deepEqual(directions, [
    "p ltr",
    "p rtl",
    "code ltr",
    "span ltr",
    "ul rtl",
    "li rtl",
    "li ltr",
    "blockquote rtl",
    "p rtl",
    "table rtl",
    "td rtl",
    "td ltr",
    "p ltr",
  ]);
  const languages = await answer(page)
    .locator("[lang]")
    .evaluateAll((all) => all.map(({ lang }) => lang));
  assert.deepEqual(languages, ["ar", "he", "ar", "zh"]);
});

story("code is coloured, and copied by a button", async () => {
  const code = "def bmi(kg, m):\n    return kg / m ** 2  # 22.9";
  const { page, context, complaints } = await told(`So:\n\n\`\`\`python\n${code}\n\`\`\``);
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await answer(page).locator(".hljs-keyword", { hasText: "return" }).waitFor();
  await answer(page).getByRole("button", { name: "Copy code" }).press("Enter");
  await page.getByRole("status").getByText("Copied the code.").waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), code);
  assert.deepEqual(complaints, []);
});

story("nothing that a model writes is run", async () => {
  const { page, complaints } = await told(
    '<script>window.hacked = 1</script> <img src=x onerror="window.hacked = 2"> <b onclick="window.hacked = 3">b</b> ' +
      "[link](javascript:window.hacked=4) <svg onload=window.hacked=5> ![x](https://elsewhere.invalid/x.png) <javascript:alert(1)>",
  );
  const prose = answer(page);
  assert.match(await prose.innerText(), /<script>window\.hacked = 1<\/script>/);
  assert.equal(await prose.locator("script, img, svg, [onclick], [href^=javascript]").count(), 0);
  await prose.getByText("link").click();
  assert.equal(await page.evaluate(() => window.hacked), undefined);
  assert.deepEqual(complaints, []);
});

story("while an answer is written, nothing is shown that is taken back", async () => {
  const text =
    "Give **5~10 mg** every 12 h; $\\frac{1.5}{20}$ of 1250 mL. See [the site](https://a.test/5).\n\n| Drug | mg |\n|---|---|\n| A | 12.5 |\n| B | 100 |\n\n1. One\n2. Two is 2~3 and x<sup>2</sup>\n";
  await setScript(key.key, { text, token_delay_ms: 30 });
  const { page } = await student();
  await page.evaluate(() => {
    window.states = [];
    const look = () => {
      const html = document.querySelector("article .prose")?.innerHTML;
      if (html && html !== window.states.at(-1)) window.states.push(html);
    };
    new MutationObserver(look).observe(document.body, {
      subtree: true,
      childList: true,
      characterData: true,
    });
  });
  await ask(page, "Tell me");
  await answered(page);
  const states = (await page.evaluate(() => window.states)).map(signsSeen);
  assert.ok(states.length > 3, `it was seen in ${states.length} states only`);
  const whole = signsOf(text);
  for (const state of states) assert.ok(whole.startsWith(state), `${state} is no beginning of ${whole}`);
});
