// Measures how long a page is busy at a time while an answer of 55,000 characters is written, and when it is opened
// again: `node scripts/measure-streaming.mjs`. Prints one table; no part of CI, since it tells as much about the machine.
// Starts a medai of its own, unless MEDAI_URL names one. CPU is the time that the page's main thread really ran.
import { loadavg } from "node:os";
import { start } from "../e2e/platform.mjs";

const LETTERS = 55_000;
/** Tasks above this are felt. */
const LONG = 50;

const platform = process.env.MEDAI_URL ? undefined : await start();
Object.assign(process.env, platform?.env);
const { addKey, removeKey } = await import("../e2e/api.mjs");
const { answered, ask, close, launch, student } = await import("../e2e/browser.mjs");

/** The simulator sends a word at a time, and an answer has 2,048: they are long ones. */
const words = (n) =>
  `${n}-the-end-diastolic-volume-rises-with-venous-return **by-the-Frank–Starling-mechanism**, more-stretch-gives-a-stronger-beat-(5~10-mg) until-wall-stress-limits-it[1]`;

function section(n) {
  const list = (mark, count) => Array.from({ length: count }, (_, at) => `${mark(at + 1)} ${words(at + 1)}`);
  const rows = Array.from({ length: 12 }, (_, at) => `|drug-${at}|${at}.5~${at + 5}-mg|$P(A|B_{${at}})$|`);
  return [
    `## Section-${n}`,
    ...[1, 2, 3].map(words),
    `$$CO_{${n}}=\\frac{\\dot{V}_{O_2}}{C_{a}-C_{v}}$$`,
    list(() => "-", 12).join("\n"),
    ["|Drug|Dose|Formula|", "|---|---|---|", ...rows].join("\n"),
    `\`\`\`python\n${Array.from({ length: 8 }, (_, at) => `bmi_${at}=weight_${at}/height_${at}**2#kg/m2`).join("\n")}\n\`\`\``,
  ].join("\n\n");
}

/** Sections, and at last one list and one table as long as a third of it. */
function text() {
  let made = "";
  for (let n = 1; made.length < LETTERS * 0.66; n += 1) made += `${section(n)}\n\n`;
  for (let n = 1; made.length < LETTERS * 0.85; n += 1) made += `${n}. ${words(n)}\n`;
  made += "\n|Drug|What|\n|---|---|\n";
  for (let n = 1; made.length < LETTERS; n += 1) made += `|drug-${n}|${words(n)}|\n`;
  return made;
}

/** What the main thread of a page did while something happened. */
async function traced(page, happens) {
  const browser = await launch();
  await browser.startTracing(page, { categories: ["toplevel"] });
  await happens();
  const { traceEvents } = JSON.parse(await browser.stopTracing());
  const mains = traceEvents
    .filter(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain")
    .map(({ pid, tid }) => `${pid} ${tid}`);
  const tasks = traceEvents.filter(
    ({ name, ph, pid, tid }) =>
      name === "ThreadControllerImpl::RunTask" && ph === "X" && mains.includes(`${pid} ${tid}`),
  );
  const ms = (key) => tasks.map((task) => (task[key] ?? 0) / 1000).sort((one, other) => other - one);
  return { wall: ms("dur"), cpu: ms("tdur") };
}

function row(what, { wall, cpu }) {
  const over = (times) => times.filter((time) => time > LONG).length;
  const sum = cpu.reduce((all, time) => all + time, 0);
  const figures = [cpu[0] ?? 0, over(cpu), wall[0] ?? 0, over(wall), sum / 1000];
  const cells = figures.map((figure, at) =>
    figure.toFixed(at === 4 ? 1 : 0).padStart([12, 10, 13, 11, 10][at]),
  );
  console.log(`${what.padEnd(28)}${cells.join("")}`);
}

const whole = text();
const key = await addKey({ text: whole, token_delay_ms: 8 });
const { page } = await student({ plan: "pro" });
await ask(page, "Warm up");
await page.getByRole("button", { name: "Stop" }).click();
await page.getByText("You stopped").first().waitFor();
const writing = await traced(page, async () => {
  await ask(page, "Tell me all");
  await page.getByRole("article").nth(1).waitFor();
  await page
    .getByText("You stopped")
    .nth(1)
    .or(page.getByRole("button", { name: "Stop" }))
    .first()
    .waitFor();
  await answered(page);
});
const seen = await page.getByRole("article").last().locator(".prose").textContent();
const opening = await traced(page, async () => {
  await page.reload();
  await answered(page);
});
console.log(
  `${whole.length} characters written, ${seen.length} on the page; load of the machine ${loadavg()[0].toFixed(1)}\n`,
);
console.log("                            longest CPU  over 50 ms  longest wall  over 50 ms  CPU in s");
row("while it is written", writing);
row("when it is opened again", opening);
await close();
await removeKey(key);
await platform?.stop(false);
process.exit(0);
