/** What is done for studying as soon as somebody is in, whichever page they see. */
import { accountQuery, queryClient } from "@medai/client/react";

export async function beginStudying(): Promise<void> {
  const account = queryClient.getQueryData(accountQuery.queryKey);
  if (!account) return;
  try {
    const [{ belongsTo }, { startSending }, { tellTimeZone }] = await Promise.all([
      import("./review/database.ts"),
      import("./review/sender.ts"),
      import("./time_zone.ts"),
    ]);
    // Before anything is sent: what another student left is not this one's.
    await belongsTo(account).catch(() => undefined);
    startSending();
    await tellTimeZone();
  } catch {
    // Without network: the review page does it itself, and the next visit the rest.
  }
}
