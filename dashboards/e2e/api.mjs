// The API as a program sees it, for what a test begins with: accounts, plans, keys, and what was asked before.
import assert from "node:assert/strict";

export const url = process.env.MEDAI_URL ?? "http://localhost:8000";
const simulator = process.env.SIMULATOR_URL ?? "http://127.0.0.1:9100";
export const PASSWORD = "s4-gallop-rhythm";
export const ADMIN = { email: "admin@medai.local", password: process.env.ADMIN_PASSWORD ?? "" };

/** Signs in, and gives what calls the API as that account. */
export async function as({ email, password = PASSWORD }) {
  const { access_token } = await call("POST", "/api/auth/login", { email, password });
  return (method, path, body, headers) =>
    call(method, path, body, { authorization: `Bearer ${access_token}`, ...headers });
}

async function call(method, path, body, headers = {}) {
  const response = await fetch(url + path, {
    method,
    headers: { ...(body && { "content-type": "application/json" }), ...headers },
    body: body && JSON.stringify(body),
  });
  const text = await response.text();
  assert.ok(response.ok, `${method} ${path}: ${response.status} ${text}`);
  return response.headers.get("content-type")?.startsWith("application/json") ? JSON.parse(text) : text;
}

let signedIn;
/** The API as the first admin. */
export const admin = async (...request) => {
  signedIn ??= as(ADMIN);
  return (await signedIn)(...request);
};

export async function setPlan(email, plan) {
  const { items } = await admin("GET", `/api/admin/users?q=${encodeURIComponent(email)}`);
  await admin("PATCH", `/api/admin/users/${items[0].id}`, { plan });
}

/** Asks, and reads the answer to its end. */
export async function ask(student, content) {
  const { id } = await student("POST", "/api/chat/sessions", {});
  return student("POST", `/api/chat/sessions/${id}/messages`, { content }, { accept: "text/event-stream" });
}

/** Asks, and does not wait for the answer. */
export async function send(student, content) {
  const { id } = await student("POST", "/api/chat/sessions", {});
  const { job } = await student("POST", `/api/chat/sessions/${id}/messages`, { content });
  return { session: id, job: job.id };
}

let keys = 0;

/** Puts a key into the pool that does what the script says. Its name ends with what marks it on the pages. */
export async function addKey(script, more = {}) {
  keys += 1;
  const key = `sk-e2e-${process.pid}-${String(keys).padStart(4, "0")}`;
  await setScript(key, script);
  const base_url = simulator;
  const body = { provider: "openai", key, base_url, model: "simulated", skip_test: true, ...more };
  const { id } = await admin("POST", "/api/admin/keys", body);
  return { id, key, last: key.slice(-4) };
}

/** From now on the key does this. */
export async function setScript(key, script) {
  const body = JSON.stringify(script);
  const headers = { "content-type": "application/json" };
  const response = await fetch(`${simulator}/_sim/keys/${key}`, { method: "PUT", headers, body });
  assert.ok(response.ok, `the simulator takes no such script: ${response.status}`);
}

export async function removeKey({ id, last }) {
  await admin("DELETE", `/api/admin/keys/${id}?confirm=${last}`);
}

/** Opens whatever is closed, and waits until everything works. */
export async function openAll() {
  await admin("DELETE", "/api/admin/maintenance", { reason: "the test is over" });
  await eventually(async () => (await call("GET", "/api/status")).status === "operational");
}

/** Waits until something holds. */
export async function eventually(holds, patience = 30_000) {
  const last = Date.now() + patience;
  while (!(await holds())) {
    assert.ok(Date.now() < last, `it did not come to this: ${holds}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
