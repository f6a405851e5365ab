/**
 * The sign-in of this browser. Its tokens are in HTTP-only cookies that no script can read; what is done here is to
 * prove that a request comes from our page, and to have the cookies renewed when they ran out.
 *
 * A refresh cookie is good once: two tabs that use the same one end the sign-in. So a lock is shared by all tabs, and
 * who gets it second finds that the first has done the work.
 */

const LOCK = "medai-refresh";
const STAMP = "medai-refreshed-at";
/** In production, browsers keep the cookie to this very host; the other name is that of development. */
const CSRF = ["__Host-medai_csrf", "medai_csrf"];
/** Access cookies live for 15 minutes; before something long, one is wanted that lives a while. */
const FRESH_FOR = 10 * 60_000;

type Listener = () => void;
const signedOut = new Set<Listener>();

/** Calls back when the sign-in has ended for good. Returns how to stop that. */
export function onSignedOut(listener: Listener): () => void {
  signedOut.add(listener);
  return () => signedOut.delete(listener);
}

/** `fetch` with our cookies, the proof of origin, and a second try after a refresh where the first gets 401. */
export async function withSession(request: Request): Promise<Response> {
  const began = Date.now();
  const again = request.clone();
  const response = await fetch(prove(request));
  if (response.status !== 401 || isSignIn(request.url)) return response;
  if (await renewedSince(began)) return fetch(prove(again));
  return response;
}

/** Renews the sign-in, unless that was done after `moment`. False where it has ended, which is told. */
export async function renewedSince(moment: number): Promise<boolean> {
  if (await refreshedSince(moment)) return true;
  for (const listener of signedOut) listener();
  return false;
}

/** Sees to it that the cookies live for some minutes more. */
export async function ensureFresh(): Promise<void> {
  await refreshedSince(Date.now() - FRESH_FOR);
}

/** The header that shows that a request comes from a page that can read our cookies. */
export function csrf(): string | undefined {
  const cookies = document.cookie.split("; ");
  for (const name of CSRF) {
    const cookie = cookies.find((pair) => pair.startsWith(`${name}=`));
    if (cookie) return cookie.slice(name.length + 1);
  }
  return undefined;
}

/** Whether this browser has signed in, and not out, in the last weeks: without that nobody need be asked who it is. */
export const mayBeSignedIn = (): boolean => csrf() !== undefined;

/** Notes that the cookies are new; sign-in does this too. */
export function stamp(): void {
  localStorage.setItem(STAMP, String(Date.now()));
}

function prove(request: Request): Request {
  const token = csrf();
  if (token && request.method !== "GET" && request.method !== "HEAD")
    request.headers.set("x-csrf-token", token);
  return request;
}

function isSignIn(url: string): boolean {
  return /\/api\/auth\/(login|register|refresh|logout)$/.test(new URL(url).pathname);
}

let inThisTab: Promise<boolean> | undefined;

/** Whether the cookies are newer than `moment`, after a refresh if need be. */
function refreshedSince(moment: number): Promise<boolean> {
  if (Number(localStorage.getItem(STAMP)) > moment) return Promise.resolve(true);
  inThisTab ??= locked(() => refresh(moment)).finally(() => {
    inThisTab = undefined;
  });
  return inThisTab;
}

async function refresh(moment: number): Promise<boolean> {
  // Another tab may have done it while this one waited for the lock.
  if (Number(localStorage.getItem(STAMP)) > moment) return true;
  const response = await fetch("/api/auth/refresh", { method: "POST" });
  if (!response.ok) {
    if (response.status >= 500) throw new TypeError("the server cannot refresh now");
    return false;
  }
  stamp();
  return true;
}

/** Browsers offer locks on HTTPS and on localhost; elsewhere one flight a tab has to do. */
async function locked(work: () => Promise<boolean>): Promise<boolean> {
  return navigator.locks ? await navigator.locks.request(LOCK, work) : await work();
}
