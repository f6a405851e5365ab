// Runs the end-to-end tests: `npm run e2e`, or some of them: `npm run e2e -- e2e/limits.test.mjs`. Starts all that they
// need, unless MEDAI_URL, SIMULATOR_URL and ADMIN_PASSWORD say where it runs already.
import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { chromiumPath } from "./chromium.mjs";
import { start } from "./platform.mjs";

const here = new URL(".", import.meta.url);
const all = () =>
  readdirSync(here)
    .filter((name) => name.endsWith(".test.mjs"))
    .sort()
    .map((name) => new URL(name, here).pathname);

/** These change nothing for others. What the others close, or put into the pool, is so for everybody. */
const HARMLESS = ["accessibility", "documents", "first_load", "first_question"];
const isHarmless = (path) => HARMLESS.some((name) => path.endsWith(`/${name}.test.mjs`));

let running;
let stopped = false;
for (const signal of ["SIGINT", "SIGTERM"])
  process.on(signal, () => {
    stopped = true;
    running?.kill(signal);
  });

/** Runs files, so many at a time, and gives their exit code. */
function tests(concurrency, files, env) {
  const flags = ["--test", `--test-concurrency=${concurrency}`, "--test-timeout=600000"];
  running = spawn(process.execPath, [...flags, ...files], { stdio: "inherit", env });
  return new Promise((resolve) => running.once("exit", (code) => resolve(code ?? 1)));
}

const began = Date.now();
try {
  const CHROMIUM = chromiumPath();
  const platform = process.env.MEDAI_URL ? undefined : await start();
  const chosen = process.argv.slice(2);
  const env = { ...process.env, ...platform?.env, CHROMIUM };
  let code = 0;
  if (chosen.length > 0) code = await tests(1, chosen, env);
  else {
    const [together, others] = [true, false].map((harmless) =>
      all().filter((path) => isHarmless(path) === harmless),
    );
    code = Math.max(await tests(2, together, env), stopped ? 1 : await tests(1, others, env));
  }
  await platform?.stop(code !== 0);
  console.log(`End-to-end tests took ${Math.round((Date.now() - began) / 1000)} s.`);
  process.exitCode = code;
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
