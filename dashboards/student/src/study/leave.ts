/** What is left of studying on this device when somebody signs out: nothing. */

/** Before the session ends: answers that wait are sent, where that can be done. */
export const beforeSignOut = (): Promise<void> =>
  import("./review/sender.ts").then(({ sendBeforeLeaving }) => sendBeforeLeaving()).catch(() => undefined);

/** Nobody who comes after sees a card. */
export const afterSignOut = (): Promise<void> => forget(true);

/** The session ended by itself: what was answered waits for the same student, and holds nothing to be read. */
export const afterExpiry = (): Promise<void> => forget(false);

async function forget(everything: boolean): Promise<void> {
  try {
    await (await import("./review/database.ts")).empty(everything);
  } catch {
    // Where the code or the disk fails, all of it goes.
    if (typeof indexedDB !== "undefined") indexedDB.deleteDatabase("medai-study");
  }
}
