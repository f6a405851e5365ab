/** The palette and the help for keys, fetched when the first of them is asked for. */
import { lazy, Suspense, useState } from "react";
import { useShortcut } from "../app/shortcuts.ts";

const fetchPalette = () => import("./palette.tsx");
const Palette = lazy(fetchPalette);
const ShortcutsHelp = lazy(() => import("./help.tsx"));

export function Palettes() {
  const [open, setOpen] = useState<"palette" | "help">();
  const close = () => setOpen(undefined);
  useShortcut("palette", () => setOpen((now) => (now === "palette" ? undefined : "palette")));
  useShortcut("help", () => setOpen("help"));
  return (
    <Suspense>
      {open === "palette" && <Palette onClose={close} onHelp={() => setOpen("help")} />}
      {open === "help" && <ShortcutsHelp onClose={close} />}
    </Suspense>
  );
}
