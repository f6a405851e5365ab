/** Who it is, where that cannot be asked: whoever studied here last, and has not signed out. */
import { type Account, Problem } from "@medai/client";
import { accountQuery, queryClient } from "@medai/client/react";

/** The account as it was kept for studying without network. It is asked for again as soon as there is one. */
export async function knownOffline(error: unknown): Promise<Account> {
  if (Problem.wrap(error).status !== 0) throw error;
  const { owner } = await import("../study/review/database.ts");
  const account = await owner().catch(() => undefined);
  if (!account) throw error;
  queryClient.setQueryData(accountQuery.queryKey, account, { updatedAt: 1 });
  return account;
}
