/** The palette and the help for keys. What they show is fetched while nothing else is to do; the line is there at once. */
import { useState, useSyncExternalStore } from "react";
import { InDialog } from "../app/fetched.tsx";
import { useShortcut } from "../app/shortcuts.ts";
import { Help } from "./chunks.ts";
import { Palette } from "./palette.tsx";

type Shown = "palette" | "help" | undefined;

let shown: Shown;
const listeners = new Set<() => void>();

function show(next: Shown): void {
  shown = next;
  for (const listener of listeners) listener();
}

/** For who has no keys. */
export const openPalette = (): void => show("palette");

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
};

export function Palettes() {
  const open = useSyncExternalStore(subscribe, () => shown);
  const [close] = useState(() => () => show(undefined));
  useShortcut("palette", () => show(shown === "palette" ? undefined : "palette"));
  useShortcut("help", () => show("help"));
  return (
    <>
      {open === "palette" && <Palette onClose={close} onHelp={() => show("help")} />}
      {open === "help" && (
        <InDialog onClose={close}>
          <Help onClose={close} />
        </InDialog>
      )}
    </>
  );
}
