// A medai of its own: `medai dev` with a database, a data folder and a port of its own, and the simulator of providers
// beside it. Both end when whoever started them ends.
import { spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, openSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const PATIENCE = 120_000;

/** Starts it, and says by which settings tests find it. */
export async function start() {
  const medai = process.env.MEDAI ?? built("medai");
  const simulator = process.env.SIMULATOR ?? built("simulator", dirname(medai));
  const folder = await mkdtemp(join(tmpdir(), "medai-e2e-"));
  const log = join(folder, "log");
  const port = await freePort();
  const password = randomBytes(12).toString("base64url");
  // What was downloaded once is good for every run.
  const tools = join(ROOT, "target/tools");
  await mkdir(tools, { recursive: true });
  await mkdir(join(folder, "data"));
  await symlink(tools, join(folder, "data/tools"));
  const output = openSync(log, "a");
  const providers = mortal(simulator, ["--port", "0"], { stdio: ["ignore", "pipe", output], env: bare() });
  const server = mortal(medai, ["dev"], {
    cwd: folder,
    stdio: ["ignore", output, output],
    env: {
      ...bare(),
      PORT: String(port),
      DATA_DIR: join(folder, "data"),
      ADMIN_PASSWORD: password,
      // An Ollama of this machine is no part of the tests.
      OLLAMA_BASE_URL: "http://127.0.0.1:1",
      REGISTRATIONS_PER_HOUR: "1000",
    },
  });
  const url = `http://localhost:${port}`;
  const stop = async (failed) => {
    await Promise.all([end(server), end(providers)]);
    if (failed) console.error(`\nWhat medai logged is in ${log}`);
    else await rm(folder, { recursive: true, force: true });
  };
  try {
    const simulatorUrl = await announced(providers);
    await until(server, `${url}/api/ready`);
    const page = await (await fetch(url)).text();
    if (page.includes("without its web apps"))
      throw new Error(`${medai} was built without the web apps: run \`make apps\`, and build it again.`);
    return { stop, env: { MEDAI_URL: url, SIMULATOR_URL: simulatorUrl, ADMIN_PASSWORD: password } };
  } catch (error) {
    console.error(readFileSync(log, "utf8").split("\n").slice(-30).join("\n"));
    await stop(true);
    throw error;
  }
}

function built(name, beside) {
  const folders = beside ? [beside] : ["debug", "release"].map((profile) => join(ROOT, "target", profile));
  const found = folders.map((folder) => join(folder, name)).find(existsSync);
  if (found) return found;
  throw new Error(`There is no ${name} in ${folders.join(" or ")}: \`make test-e2e\` builds it.`);
}

/** Settings of whoever runs the tests are not ours. */
const bare = () => {
  const kept = ["PATH", "HOME", "TMPDIR", "LANG", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"];
  const pip = Object.keys(process.env).filter((name) => name.startsWith("PIP_") || name.startsWith("SSL_"));
  return Object.fromEntries(
    [...kept, ...pip].flatMap((name) => (name in process.env ? [[name, process.env[name]]] : [])),
  );
};

/** A process that the kernel ends with us, where it can. */
function mortal(program, words, options) {
  const can = spawnSync("setpriv", ["--version"]).status === 0;
  return can
    ? spawn("setpriv", ["--pdeathsig", "TERM", "--", program, ...words], options)
    : spawn(program, words, options);
}

function end(child) {
  if (child.exitCode !== null || child.signalCode !== null) return undefined;
  return new Promise((resolve) => {
    const last = setTimeout(() => child.kill("SIGKILL"), 30_000);
    child.once("exit", () => {
      clearTimeout(last);
      resolve();
    });
    child.kill("SIGTERM");
  });
}

function announced(simulator) {
  return new Promise((resolve, reject) => {
    let said = "";
    simulator.once("exit", () => reject(new Error("The simulator ended at once.")));
    simulator.once("error", reject);
    simulator.stdout.on("data", (bytes) => {
      said += bytes;
      const url = /listening on (\S+)/.exec(said)?.[1];
      if (url) resolve(url);
    });
  });
}

async function until(server, address) {
  const last = Date.now() + PATIENCE;
  while (Date.now() < last) {
    if (server.exitCode !== null) throw new Error("medai ended while it started.");
    const ready = await fetch(address).then(
      (answer) => answer.ok,
      () => false,
    );
    if (ready) return;
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
  throw new Error(`medai was not ready within ${PATIENCE / 1000} s.`);
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
