import { beforeEach, expect, test, vi } from "vitest";
import { api, unwrap } from "./api.ts";
import { accountQuery, onSessionExpired, queryClient, register, signIn, signOut } from "./react.ts";

const storage = vi.hoisted(() => {
  const memory = () => {
    const kept = new Map<string, string>();
    return {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
      clear: () => kept.clear(),
    };
  };
  const both = { localStorage: memory(), sessionStorage: memory() };
  vi.stubGlobal("location", { origin: "http://localhost" });
  vi.stubGlobal("document", { cookie: "medai_csrf=token" });
  vi.stubGlobal("navigator", {});
  vi.stubGlobal("localStorage", both.localStorage);
  vi.stubGlobal("sessionStorage", both.sessionStorage);
  return both;
});

const ADA = { id: "1", email: "ada@example.com" };
const account = () => queryClient.getQueryData(accountQuery.queryKey);

/** What the API answers at each path, as status and body. */
let answers: Record<string, [status: number, body?: unknown]> = {};

beforeEach(() => {
  queryClient.clear();
  storage.localStorage.clear();
  storage.sessionStorage.clear();
  answers = {
    "/api/auth/login": [200, { user: ADA }],
    "/api/auth/register": [201, { user: ADA }],
    "/api/auth/logout": [204],
  };
  vi.stubGlobal("fetch", async (request: Request | string) => {
    const path = new URL(typeof request === "string" ? request : request.url, location.origin).pathname;
    const [status, body] = answers[path] ?? [404, {}];
    return new Response(body === undefined ? null : JSON.stringify(body), { status });
  });
});

test("who signs in or registers is known at once", async () => {
  await signIn({ email: "ada@example.com", password: "right one" });
  expect(account()).toEqual(ADA);
  queryClient.clear();
  await register({ name: "Ada", email: "ada@example.com", password: "right one" });
  expect(account()).toEqual(ADA);
});

test("who is refused is nobody, and hears why", async () => {
  answers["/api/auth/login"] = [401, { error: { code: "WRONG_CREDENTIALS", message: "No." } }];
  await expect(signIn({ email: "ada@example.com", password: "wrong" })).rejects.toMatchObject({
    code: "WRONG_CREDENTIALS",
  });
  expect(account()).toBeUndefined();
});

test("who signs out leaves nothing behind, and who cannot stays", async () => {
  await signIn({ email: "ada@example.com", password: "right one" });
  queryClient.setQueryData(["sessions"], ["hers"]);
  sessionStorage.setItem("draft", "hers");
  answers["/api/auth/logout"] = [500, {}];
  await expect(signOut()).rejects.toMatchObject({ status: 500 });
  expect(account()).toEqual(ADA);
  answers["/api/auth/logout"] = [204];
  await signOut();
  expect(account()).toBeNull();
  expect(queryClient.getQueryData(["sessions"])).toBeUndefined();
  expect(sessionStorage.getItem("draft")).toBeNull();
});

test("a session that ends by itself is told once, and only of who had one", async () => {
  const told = vi.fn(() => expect(account()).toBeNull());
  const stop = onSessionExpired(told);
  answers["/api/usage"] = [401, {}];
  answers["/api/auth/refresh"] = [401, {}];
  const ask = () => unwrap(api.GET("/api/usage")).catch(() => undefined);
  await ask();
  expect(told).not.toHaveBeenCalled();
  await signIn({ email: "ada@example.com", password: "right one" });
  // Signed in a while ago: so new a session would not be renewed.
  storage.localStorage.clear();
  await ask();
  await ask();
  expect(told).toHaveBeenCalledTimes(1);
  stop();
});
