// Documents: from the upload to the passage on its page, and the ways out of what goes wrong.
import assert from "node:assert/strict";
import { after } from "node:test";
import { answer, answered, ask, close, row, story, student, upload } from "./browser.mjs";

after(close);

const ready = (page, title) =>
  row(page, title).getByText("Ready", { exact: true }).waitFor({ timeout: 90_000 });

/** Notes in the page how far everything says it is, and what says more than all. */
const NOTE_PROGRESS = () => {
  globalThis.said = new Set();
  globalThis.over = [];
  const look = () => {
    for (const bar of document.querySelectorAll("[role=progressbar]")) {
      const text = bar.closest("li")?.textContent ?? "";
      globalThis.said.add(text);
      const percent = Number(/(\d+)\s*%/.exec(text)?.[1] ?? 0);
      if (Number(bar.ariaValueNow) > Number(bar.ariaValueMax) || percent > 100) globalThis.over.push(text);
      // The last page of a step is not shown as the end of all.
      const [, page, all] = /page ([\d,]+) of ([\d,]+)/.exec(text) ?? [];
      if (page && page === all && percent < 100) globalThis.over.push(text);
    }
  };
  new MutationObserver(look).observe(document, {
    subtree: true,
    childList: true,
    characterData: true,
    attributes: true,
  });
};

/** Where the marks of a page begin, in parts of the page. */
const marked = (sheet) =>
  sheet.evaluate((element) => {
    const page = element.getBoundingClientRect();
    const marks = [...element.querySelectorAll(".absolute")].map((mark) => mark.getBoundingClientRect());
    return {
      left: (Math.min(...marks.map((mark) => mark.left)) - page.left) / page.width,
      top: (Math.min(...marks.map((mark) => mark.top)) - page.top) / page.height,
      width: page.width,
    };
  });

story("a PDF is read, an answer cites it, and its passage is marked on its page", async () => {
  const { page, complaints } = await student({ plan: "student" });
  await page.addInitScript(NOTE_PROGRESS);
  await upload(page, "lecture.pdf");
  await ready(page, "lecture");
  const { said, over } = await page.evaluate(() => ({ said: [...globalThis.said], over: globalThis.over }));
  assert.deepEqual(over, [], "nothing is further than its end");
  assert.ok(said.length > 0, "what is under way says how far it is");
  await page.getByRole("link", { name: "New question" }).click();
  await ask(page, "What is preload of the heart muscle?");
  await answered(page);
  assert.match(
    await answer(page).textContent(),
    /Preload is the stretch of the heart muscle at the end of diastole/,
  );
  await answer(page).getByRole("button", { name: "Source 1" }).click();
  const panel = page.getByRole("complementary", { name: "Source 1" });
  await panel.getByText("Page i (1 of the file)", { exact: true }).waitFor();
  const sheet = panel.getByRole("group", { name: "Page 1, with the passage marked" });
  await sheet.waitFor();
  const small = await marked(sheet);
  // The text begins an inch from the left, and near the top.
  const { left, top } = small;
  assert.ok(Math.abs(left - 72 / 595) < 0.02 && top > 0.06 && top < 0.12, `${left} ${top}`);
  // Its text lies over it: to be found, selected and read out, at its place and as wide as what is seen.
  const words = sheet.getByText("Preload is the stretch of the heart muscle");
  assert.equal(await words.first().getAttribute("role"), "mark");
  const at = await words.first().evaluate((element) => {
    const sheet = element.closest("[role=group]").getBoundingClientRect();
    const { left, top, width } = element.getBoundingClientRect();
    return {
      left: (left - sheet.left) / sheet.width,
      top: (top - sheet.top) / sheet.height,
      wide: width / sheet.width,
    };
  });
  assert.ok(Math.abs(at.left - left) < 0.02 && Math.abs(at.top - top) < 0.02, JSON.stringify(at));
  assert.ok(at.wide > 0.5 && at.wide < 0.9, JSON.stringify(at));
  assert.ok(await page.evaluate(() => window.find("at the end of diastole. It rises", false, false, true)));
  assert.match(await page.evaluate(() => String(getSelection())), /at the end of diastole/);
  await words.first().selectText();
  assert.match(await page.evaluate(() => String(getSelection())), /Preload is the stretch/);
  await panel.getByRole("button", { name: "Zoom in" }).click();
  await page.waitForFunction(
    ([label, width]) => document.querySelector(`[aria-label="${label}"]`)?.clientWidth > width * 1.4,
    ["Page 1, with the passage marked", small.width],
  );
  const large = await marked(sheet);
  assert.ok(Math.abs(large.left - left) < 0.01 && Math.abs(large.top - top) < 0.01, "the mark grows along");
  await page.keyboard.press("Escape");
  await panel.waitFor({ state: "detached" });
  assert.deepEqual(complaints, []);
});

story("what is not in the documents is said, and a conversation can be about none", async () => {
  const { page, complaints } = await student({ plan: "student" });
  await upload(page, "lecture.pdf");
  await ready(page, "lecture");
  await page.getByRole("link", { name: "New question" }).click();
  await ask(page, "Which bus goes to the railway station on Sundays?");
  await answered(page);
  const outside = page.getByText("Not in your documents.");
  await outside.waitFor();
  await page.getByRole("link", { name: "New question" }).click();
  await page.getByRole("button", { name: "Answers from: All documents" }).click();
  await page.getByRole("checkbox", { name: "lecture" }).click();
  await page.getByRole("button", { name: "Done" }).click();
  await page.getByRole("button", { name: "Answers from: No documents" }).waitFor();
  await ask(page, "What is preload of the heart muscle?");
  await answered(page);
  assert.equal(await page.getByRole("button", { name: "Source 1" }).count(), 0);
  assert.equal(await outside.count(), 0, "nothing was searched");
  await page.reload();
  await page.getByRole("button", { name: "Answers from: No documents" }).waitFor();
  assert.deepEqual(complaints, []);
});

story("a protected PDF is read and shown with its password, and with no other", async () => {
  const { page, complaints } = await student({ plan: "student" });
  await upload(page, "password.pdf");
  const field = row(page, "password").getByLabel("Password of password");
  await field.fill("wrong");
  await page.keyboard.press("Enter");
  await row(page, "password").getByText("This password does not open the PDF.").waitFor();
  await field.fill("aorta");
  await page.keyboard.press("Enter");
  await ready(page, "password");
  // In another visit nothing is left of the password.
  await page.reload();
  await page.getByRole("button", { name: "password", exact: true }).click();
  const panel = page.getByRole("complementary", { name: "Document" });
  await panel.getByLabel("Password of password").fill("aorta");
  await page.keyboard.press("Enter");
  await panel.getByRole("group", { name: "Page 1" }).waitFor();
  assert.deepEqual(complaints, []);
});

story(
  "what cannot be read says why and what to do, and pages that are images can be recognised",
  async () => {
    const { page, complaints } = await student({ plan: "student" });
    await upload(page, "truncated.pdf", "second-page-is-an-image.pdf");
    await row(page, "truncated")
      .getByText(/damaged/)
      .waitFor();
    const partly = row(page, "second-page-is-an-image");
    await partly.getByText("Page 2 has no text layer").waitFor();
    await partly.getByRole("button", { name: "Recognise the text" }).click();
    // Some machines can, and some have no tesseract and say so.
    await partly
      .getByText(/is not installed here|no text layer|Recognising text/)
      .first()
      .waitFor();
    await page
      .getByLabel("PDFs to upload")
      .setInputFiles({ name: "notes.docx", mimeType: "", buffer: Buffer.from("PK") });
    await page.getByText("Only PDFs are read.").waitFor();
    assert.deepEqual(complaints, []);
  },
);

story("search shows what it finds and why, and opens it on its page", async () => {
  const { page, complaints } = await student({ plan: "student" });
  await upload(page, "lecture.pdf");
  await ready(page, "lecture");
  await page.getByLabel("Question").fill("arterial resistance");
  await page.getByRole("button", { name: "Search", exact: true }).click();
  const first = page.getByRole("list", { name: "Passages" }).getByRole("listitem").first();
  await first.getByText("so a patient with hypertension has a high afterload").waitFor();
  await first.getByText("words", { exact: true }).waitFor();
  await first.getByRole("button").click();
  await page.getByRole("group", { name: "Page 2, with the passage marked" }).waitFor();
  assert.deepEqual(complaints, []);
});

story("an image goes with a question", async () => {
  const { page, complaints } = await student({ plan: "student" });
  // There are documents, and none of them is about the picture.
  await upload(page, "lecture.pdf");
  await ready(page, "lecture");
  await page.getByRole("link", { name: "New question" }).click();
  const pixel =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
  const image = { name: "ecg.png", mimeType: "image/png", buffer: Buffer.from(pixel, "base64") };
  await page.getByLabel("PDFs or images to add").setInputFiles(image);
  await page.getByRole("img", { name: "ecg.png" }).waitFor();
  await ask(page, "What does this show?");
  const sent = page.getByRole("article").getByRole("img", { name: "Sent with the question" });
  await sent.waitFor();
  await answered(page);
  assert.equal(await page.getByText("Not in your documents.").count(), 0);
  assert.ok(await sent.evaluate((element) => element.complete && element.naturalWidth > 0));
  assert.deepEqual(complaints, []);
});

story("on the free plan an upload is refused with the way to a plan that has some", async () => {
  const { page, complaints } = await student();
  // Nobody is invited to what their plan does not have.
  await page.getByText("PDFs and images come with the Student plan.").waitFor();
  assert.equal(await page.getByText(/Drop a PDF/).count(), 0);
  await page.getByRole("button", { name: "PDFs and images: not in your plan" }).waitFor();
  await page.getByLabel("PDFs or images to add").setInputFiles({
    name: "lecture.pdf",
    mimeType: "application/pdf",
    buffer: Buffer.from("%PDF-1.7"),
  });
  const refusal = page.getByRole("alert");
  await refusal.getByText("PDFs and images come with the Student plan.").waitFor();
  assert.doesNotMatch(
    await refusal.textContent(),
    /limit of 0|today/,
    "what a plan does not have was not used up",
  );
  await refusal.getByRole("link", { name: "See the plans" }).click();
  await page.getByRole("heading", { name: "Plans" }).waitFor();
  await page.goto("/documents");
  await page.getByText("Uploads are not in your plan").waitFor();
  assert.deepEqual(complaints, []);
});
