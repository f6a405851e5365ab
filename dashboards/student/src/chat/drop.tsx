import { t } from "@lingui/core/macro";
import { type DragEvent, useState } from "react";
import { useUploads } from "../plans/invitation.ts";

/** Files that are dropped anywhere on the page. */
export function useDrop(take: (files: File[]) => void) {
  const [over, setOver] = useState(false);
  const hasFiles = (event: DragEvent) => event.dataTransfer.types.includes("Files");
  return {
    over,
    props: {
      onDragOver: (event: DragEvent) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        setOver(true);
      },
      onDragLeave: (event: DragEvent) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
      },
      onDrop: (event: DragEvent) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        setOver(false);
        take([...event.dataTransfer.files]);
      },
    },
  };
}

/** Where files are dropped: what becomes of them, or that the plan takes none. */
export function DropHere() {
  const { words, none } = useUploads();
  return (
    <div className="pointer-events-none absolute inset-3 z-20 grid place-items-center rounded-lg border-2 border-accent border-dashed bg-paper/90">
      <p className="text-center">
        <span className="block font-serif text-xl">{none ? t`Not in your plan` : t`Drop it here`}</span>
        <span className="text-muted">{words}</span>
      </p>
    </div>
  );
}
