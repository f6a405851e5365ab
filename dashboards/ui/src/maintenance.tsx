import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { X } from "lucide-react";
import type { ReactNode } from "react";
import { clock } from "./format.ts";
import { Countdown } from "./time.tsx";
import { Wordmark } from "./wordmark.tsx";

interface Closed {
  /** What students read. */
  message: ReactNode;
  /** When it may be over. */
  until?: string | null | undefined;
}

/** What students see in the place of everything while the platform is down. The admins' preview shows the same. */
export function LockNotice({
  message,
  until,
  heading: Heading = "h1",
  children,
}: Closed & { heading?: "h1" | "p"; children?: ReactNode }) {
  return (
    <div className="w-full max-w-md">
      <Wordmark />
      <Heading className="mt-10 text-balance font-serif font-[560] text-[2rem] leading-tight tracking-[-0.012em]">
        <Trans>We’re down for maintenance</Trans>
      </Heading>
      <p className="mt-3 text-lg text-muted [overflow-wrap:anywhere]">{message}</p>
      <dl className="mt-8 border-line border-y py-4">
        <dt className="text-faint text-sm">
          <Trans>Estimated restoration</Trans>
        </dt>
        <dd className="mt-0.5 font-serif text-2xl">
          {until ? (
            <>
              {clock(until)}{" "}
              <span className="text-base text-faint">
                <Trans>
                  (in <Countdown to={until} />)
                </Trans>
              </span>
            </>
          ) : (
            t`not known yet`
          )}
        </dd>
      </dl>
      <p className="mt-4 text-faint text-sm">
        <Trans>
          Your conversations and documents are safe. This page looks by itself and opens when it is over.
        </Trans>
      </p>
      {children}
    </div>
  );
}

/** What students see above the page while some things rest. */
export function SoftStrip({ message, until, onHide }: Closed & { onHide?: () => void }) {
  return (
    <Strip onHide={onHide}>
      <strong className="text-warn">
        <Trans>Maintenance.</Trans>
      </strong>{" "}
      {message}
      {until && (
        <span className="text-muted">
          {" "}
          <Trans>Back at about {clock(until)}.</Trans>
        </span>
      )}
    </Strip>
  );
}

/** What students see above the page before maintenance begins. */
export function PlannedStrip({
  message,
  from,
  until,
  onHide,
}: {
  message: ReactNode;
  from: string;
  until: string;
  onHide?: () => void;
}) {
  return (
    <Strip onHide={onHide}>
      <Trans>
        <strong className="text-warn">Maintenance is planned</strong> from {clock(from)} to {clock(until)}.
      </Trans>{" "}
      {message}
    </Strip>
  );
}

function Strip({ children, onHide }: { children: ReactNode; onHide: (() => void) | undefined }) {
  return (
    <div
      role={onHide ? "status" : undefined}
      className="flex items-start gap-3 border-warn/30 border-b bg-warn-soft px-4 py-2 text-sm"
    >
      <p className="min-w-0 flex-1 [overflow-wrap:anywhere]">{children}</p>
      {onHide && (
        <button
          type="button"
          aria-label={t`Hide this message`}
          className="hit rounded-sm p-0.5 hover:bg-surface"
          onClick={onHide}
        >
          <X size={16} />
        </button>
      )}
    </div>
  );
}
