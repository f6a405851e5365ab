import { Problem } from "@medai/client";
import { QueryClient } from "@tanstack/react-query";

/** What was fetched, and when to fetch it again. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      // The network and the server may pass; what they refuse, they refuse again.
      retry: (count, error) => {
        const { status } = Problem.wrap(error);
        return (status === 0 || status >= 500) && status !== 503 && count < 3;
      },
    },
  },
});
