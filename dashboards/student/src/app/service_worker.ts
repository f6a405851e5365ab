/** The app without network: a worker keeps its files, and never what the API says. Only in what was built. */

export function installOffline(): void {
  if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return;
  // After all that the page itself needs.
  const register = () => void navigator.serviceWorker.register("/sw.js").catch(() => undefined);
  if (document.readyState === "complete") setTimeout(register, 3000);
  else addEventListener("load", () => setTimeout(register, 3000), { once: true });
}
