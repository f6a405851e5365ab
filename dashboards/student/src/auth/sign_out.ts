import { api, unwrap } from "@medai/client";
import { forgetEverything } from "@medai/client/react";
import { readNothing } from "../stream/live.ts";

/** Signs out, here or everywhere. The page to sign in again is for the caller to open. */
export async function signOut(path: "/api/auth/logout" | "/api/auth/logout-all"): Promise<void> {
  await unwrap(api.POST(path));
  readNothing();
  forgetEverything();
}
