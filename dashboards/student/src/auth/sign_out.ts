import { signOut as endSession } from "@medai/client/react";
import { readNothing } from "../stream/live.ts";
import { afterSignOut, beforeSignOut } from "../study/leave.ts";

/** Signs out, here or everywhere. The page to sign in again is for the caller to open. */
export async function signOut(path: Parameters<typeof endSession>[0]): Promise<void> {
  await beforeSignOut();
  await endSession(path);
  readNothing();
  await afterSignOut();
}
