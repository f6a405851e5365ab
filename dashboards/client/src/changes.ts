/** What one tab changed is asked for anew by all others: they show the same lists. */
import type { QueryClient, QueryKey } from "@tanstack/react-query";

interface Channel {
  postMessage: (message: unknown) => void;
  onmessage: ((event: MessageEvent) => void) | null;
}

/** Tells other tabs which of what they may show has changed, and hears it from them. */
export function changesAmong(client: Pick<QueryClient, "invalidateQueries">, channel: Channel | undefined) {
  const ask = (keys: readonly QueryKey[]) =>
    Promise.all(keys.map((queryKey) => client.invalidateQueries({ queryKey })));
  if (channel)
    channel.onmessage = ({ data }) => {
      if (Array.isArray(data) && data.every(Array.isArray)) void ask(data as QueryKey[]);
    };
  const tell = (...keys: QueryKey[]): void => channel?.postMessage(keys);
  const changed = async (...keys: QueryKey[]): Promise<void> => {
    tell(...keys);
    await ask(keys);
  };
  return { tell, changed };
}
