import { useAccount } from "@medai/client/react";
import { Dialog, isTyping, ShortcutRow } from "@medai/ui";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { pagesOf } from "./pages.ts";

/** After `g`, this long a letter goes to a page. */
const PATIENCE = 1200;

/** Goes to pages by the keyboard: `g` and a letter. `?` says which. */
export function Shortcuts() {
  const { role } = useAccount();
  const navigate = useNavigate();
  const [shown, setShown] = useState(false);
  const pages = pagesOf(role).flatMap((group) => group.pages);
  useEffect(() => {
    let since = 0;
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (isTyping(event.target) || document.querySelector("[role=dialog]")) return;
      if (event.key === "?") {
        event.preventDefault();
        setShown(true);
      } else if (event.timeStamp - since < PATIENCE && since > 0) {
        since = 0;
        const page = pages.find((each) => each.key === event.key);
        if (!page) return;
        event.preventDefault();
        void navigate({ to: page.path });
      } else if (event.key === "g") since = event.timeStamp;
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  });
  return (
    <Dialog open={shown} onClose={() => setShown(false)} title="Keyboard">
      <dl className="grid gap-x-8 gap-y-2 text-sm sm:grid-cols-2">
        {pages.map((page) => (
          <ShortcutRow key={page.path} what={page.label} keys={["g", page.key]} />
        ))}
        <ShortcutRow what="Search in a list" keys={["/"]} />
        <ShortcutRow what="These keys" keys={["?"]} />
      </dl>
    </Dialog>
  );
}
