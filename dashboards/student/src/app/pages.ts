/** What is loaded for those who are signed in. */
export const inside = () => import("./inside.tsx");
export const chatPage = () => import("../chat/chat_page.tsx");

/** Whoever has just typed a password will see these next. */
export function fetchInside(): void {
  // Where it fails now, the page that needs it says so.
  void Promise.all([inside(), chatPage()]).catch(() => undefined);
}
