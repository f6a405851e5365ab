import "@medai/ui/theme.css";
import { Empty, Wordmark } from "@medai/ui";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <main className="mx-auto max-w-md p-6">
        <Wordmark suffix="admin" />
        <Empty title="Nothing here yet">The dashboard’s pages are not built yet.</Empty>
      </main>
    </StrictMode>,
  );
}
