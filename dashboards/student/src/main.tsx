import "@medai/ui/theme.css";
import { Problem } from "@medai/client";
import { onSessionExpired, queryClient, statusQuery } from "@medai/client/react";
import { InLanguage, keepFocus } from "@medai/ui";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { start } from "./app/language.ts";
import { router } from "./app/router.tsx";
import { readNothing } from "./stream/live.ts";
import { afterExpiry } from "./study/leave.ts";

onSessionExpired(() => {
  readNothing();
  void afterExpiry();
  void router.navigate({ to: "/sign-in", search: { ended: true } });
});

// What is closed is known from the first answer that says so, and not only a minute later.
queryClient.getQueryCache().subscribe((event) => {
  if (event.type !== "updated" || event.action.type !== "error") return;
  const isStatus = event.query.queryKey[0] === statusQuery.queryKey[0];
  if (!isStatus && Problem.wrap(event.action.error).status === 503)
    void queryClient.invalidateQueries({ queryKey: statusQuery.queryKey });
});

keepFocus();

const root = document.getElementById("root");
if (root) {
  void start().then(() =>
    createRoot(root).render(
      <StrictMode>
        <InLanguage>
          <QueryClientProvider client={queryClient}>
            <RouterProvider router={router} />
          </QueryClientProvider>
        </InLanguage>
      </StrictMode>,
    ),
  );
}
