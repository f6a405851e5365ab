// Admins see what is done when, and how far it is.
import assert from "node:assert/strict";
import { after } from "node:test";
import { adminAt, close, story } from "./browser.mjs";

after(close);

story("an admin sees when keys are probed next, and on whose clock", async () => {
  const { page, complaints } = await adminAt("/admin/queues");
  const schedule = page.getByRole("region", { name: "Schedule", exact: true });
  const line = schedule.getByRole("row", { name: /^sweep What is over/ });
  await line.getByRole("cell", { name: "*/10 * * * *", exact: true }).waitFor();
  await line.getByRole("cell", { name: "UTC", exact: true }).waitFor();
  const [last, next] = await line
    .locator("time")
    .evaluateAll((times) => times.map((time) => Date.parse(time.dateTime)));
  assert.equal(next - last, 10 * 60_000);
  assert.ok(next > Date.now() - 30_000, "the next is yet to come");
  assert.equal(await schedule.getByText("Overdue").count(), 0);
  assert.deepEqual(complaints, []);
});
