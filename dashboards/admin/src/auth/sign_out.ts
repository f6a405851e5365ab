import { signOut as endSession } from "@medai/client/react";

/** Ends the sign-in of this browser. A new load leaves nothing behind in memory either. */
export async function signOut(): Promise<void> {
  await endSession();
  location.assign("/admin/sign-in");
}
