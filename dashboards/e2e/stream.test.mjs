// An answer reaches its student whole, whatever becomes of the page, the network and the device.
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { addKey, openAll, removeKey } from "./api.mjs";
import { answer, answered, ask, close, otherDevice, story, student } from "./browser.mjs";
import { wire } from "./wire.mjs";

const WORDS = Array.from({ length: 150 }, (_, at) => `word${at + 1}`).join(" ");
let key;
before(async () => {
  key = await addKey({ text: WORDS, token_delay_ms: 30 });
});
after(async () => {
  await close();
  await removeKey(key);
  await openAll();
});

/** Waits until some of it is there; the rest is on its way. */
const midway = (page) => answer(page).getByText("word20").waitFor();

story("a reload in mid-answer goes on at the next word", async () => {
  const { page, complaints } = await student();
  await ask(page, "Tell me all");
  await midway(page);
  await page.reload();
  await page.getByRole("button", { name: "Stop" }).waitFor();
  await answered(page);
  assert.equal(await answer(page).textContent(), WORDS);
  assert.deepEqual(complaints, []);
});

story("a network that is lost and comes back loses and doubles nothing", async () => {
  const phone = await wire();
  const { page, complaints } = await student({ at: phone.url });
  await ask(page, "Tell me all");
  await midway(page);
  phone.cut();
  await page.getByText("Connection lost").waitFor();
  phone.mend();
  await answered(page);
  assert.equal(await answer(page).textContent(), WORDS);
  assert.deepEqual(complaints, []);
  phone.end();
});

story("a second device reads along from the first word", async () => {
  const { page, email } = await student();
  await ask(page, "Tell me all");
  await midway(page);
  const other = await otherDevice(email, new URL(page.url()).pathname);
  await answered(other.page);
  assert.equal(await answer(other.page).textContent(), WORDS);
  await answered(page);
  assert.equal(await answer(page).textContent(), WORDS);
});

story("an answer that is stopped keeps what was written, and says so", async () => {
  const { page } = await student();
  await ask(page, "Tell me all");
  await midway(page);
  await page.keyboard.press("Escape");
  await page.getByText("You stopped the answer here.").waitFor();
  const read = await answer(page).textContent();
  assert.ok(WORDS.startsWith(read) && read !== WORDS, read);
});
