// Keeps the app's files, so that it begins without network. What the API says is never kept here.
// The build puts the names of its files in the place of the list; another list is another worker, which takes over at once.

const FILES = ["__FILES__"];
const CACHE = "medai-files";
/** The page of the app: one for all its addresses. */
const SHELL = "/";
/** A network that takes longer is as good as none. */
const PATIENCE_MS = 4000;

self.addEventListener("install", (event) => {
  event.waitUntil(fill().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(clear().then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    if (isOurs(url.pathname)) event.respondWith(page(request));
  } else if (url.pathname.startsWith("/assets/")) event.respondWith(asset(request));
  else if (FILES.includes(url.pathname)) event.respondWith(networkFirst(request, request));
});

/** The admin app and the API have no page of this one. */
const isOurs = (path) => !/^\/(?:api|admin|metrics)(?:\/|$)/i.test(path);

/** Fetches what is not there yet. Who saves data gets it as it is used. */
async function fill() {
  const cache = await caches.open(CACHE);
  await cache.add(new Request(SHELL, { cache: "reload" }));
  if (self.navigator.connection?.saveData) return;
  for (const file of FILES)
    if (!file.startsWith("/assets/") || !(await cache.match(file)))
      await cache.add(new Request(file, { cache: "no-cache" })).catch(() => undefined);
}

/** Drops files of former releases. */
async function clear() {
  const cache = await caches.open(CACHE);
  for (const { url } of await cache.keys()) {
    const { pathname } = new URL(url);
    if (pathname !== SHELL && !FILES.includes(pathname)) await cache.delete(url);
  }
}

/** From the network, so that a new release is seen at once; what is kept where there is none. */
async function page(request) {
  return networkFirst(request, SHELL);
}

async function networkFirst(request, kept) {
  const cache = await caches.open(CACHE);
  const known = await cache.match(kept);
  const fetched = fetch(request).then(async (response) => {
    const isPage = response.headers.get("content-type")?.startsWith("text/html");
    if (response.ok && !response.redirected && (kept !== SHELL || isPage))
      await cache.put(kept, response.clone());
    return response;
  });
  if (!known) return fetched;
  fetched.catch(() => undefined);
  return Promise.race([fetched.catch(() => known), later(known)]);
}

const later = (response) => new Promise((resolve) => setTimeout(() => resolve(response), PATIENCE_MS));

/** A name of these stands for its content: what is kept is as good. */
async function asset(request) {
  const cache = await caches.open(CACHE);
  const known = await cache.match(request);
  if (known) return known;
  const response = await fetch(request);
  if (response.ok && FILES.includes(new URL(request.url).pathname))
    await cache.put(request, response.clone());
  return response;
}
