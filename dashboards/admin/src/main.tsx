import "@medai/ui/theme.css";
import { onSessionExpired, queryClient } from "@medai/client/react";
import { InLanguage, keepFocus, TipProvider, Toasts } from "@medai/ui";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { router } from "./app/router.tsx";
import { forgetLive } from "./live/live.ts";

onSessionExpired(() => {
  forgetLive();
  void router.navigate({ to: "/sign-in", search: { ended: true } });
});

keepFocus();

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <InLanguage>
        <QueryClientProvider client={queryClient}>
          <TipProvider>
            <RouterProvider router={router} />
            <Toasts />
          </TipProvider>
        </QueryClientProvider>
      </InLanguage>
    </StrictMode>,
  );
}
