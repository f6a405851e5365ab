import { useAccount } from "@medai/client/react";
import { Dialog, Kbd } from "@medai/ui";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { pagesOf } from "./pages.ts";

/** After `g`, this long a letter goes to a page. */
const PATIENCE = 1200;

/** Whether keys are for what is typed into, rather than for the app. */
export function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches("input:not([type=checkbox]), textarea, select");
}

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
          <Row key={page.path} what={page.label} keys={["g", page.key]} />
        ))}
        <Row what="Search in a list" keys={["/"]} />
        <Row what="These keys" keys={["?"]} />
      </dl>
    </Dialog>
  );
}

function Row({ what, keys }: { what: string; keys: string[] }) {
  return (
    <div className="flex items-center justify-between gap-2">
      <dt>{what}</dt>
      <dd className="flex gap-1">
        {keys.map((key) => (
          <Kbd key={key}>{key}</Kbd>
        ))}
      </dd>
    </div>
  );
}
