import { Trans } from "@lingui/react/macro";
import { Button, Skeleton } from "@medai/ui";
import { ChevronRight } from "lucide-react";
import { type ReactNode, useId, useState } from "react";
import type { Part } from "./parts.ts";
import { SessionList } from "./session_row.tsx";
import { useSessions } from "./sessions.ts";

interface Props {
  name: string;
  part: Part;
  focus?: string;
  /** Said where it is empty. */
  nothing: string;
  /** What can be done with it. */
  aside?: ReactNode;
}

/** Conversations that are shown when their name is pressed, and only then asked for. */
export function Disclosure({ name, part, focus, nothing, aside }: Props) {
  const id = useId();
  const [open, setOpen] = useState(false);
  const { sessions, hasNextPage, fetchNextPage, isFetchingNextPage, isError } = useSessions(part, open);
  return (
    <>
      <div className="relative">
        <button
          type="button"
          aria-expanded={open}
          aria-controls={id}
          data-focus={focus}
          className="flex w-full items-center gap-1.5 rounded-md py-1.5 ps-1 pe-9 pointer-coarse:py-2.5 pointer-coarse:pe-11 text-start text-[0.9375rem] hover:bg-sunken"
          onClick={() => setOpen(!open)}
        >
          <ChevronRight
            size={15}
            aria-hidden
            className={`shrink-0 text-faint transition-transform ${open ? "rotate-90" : "rtl:-scale-x-100"}`}
          />
          <span dir="auto" className="truncate">
            {name}
          </span>
        </button>
        <div className="absolute end-0.5 top-0.5">{aside}</div>
      </div>
      <div id={id} hidden={!open} className="ps-3">
        {open && !sessions && !isError && <Skeleton className="my-1.5 h-5 w-3/4" />}
        {open && isError && (
          <p className="px-2 py-1.5 text-faint text-sm">
            <Trans>It cannot be shown now.</Trans>
          </p>
        )}
        {open && sessions?.length === 0 && <p className="px-2 py-1.5 text-faint text-sm">{nothing}</p>}
        {open && sessions && <SessionList sessions={sessions} />}
        {open && hasNextPage && (
          <Button
            look="quiet"
            size="sm"
            className="w-full"
            busy={isFetchingNextPage}
            onClick={() => void fetchNextPage()}
          >
            <Trans>Show older</Trans>
          </Button>
        )}
      </div>
    </>
  );
}
