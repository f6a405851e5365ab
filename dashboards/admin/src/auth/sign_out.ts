import { api, unwrap } from "@medai/client";
import { forgetEverything } from "@medai/client/react";

/** Ends the sign-in of this browser. A new load leaves nothing behind in memory either. */
export async function signOut(): Promise<void> {
  await unwrap(api.POST("/api/auth/logout"));
  forgetEverything();
  location.assign("/admin/sign-in");
}
