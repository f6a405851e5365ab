import { Trans } from "@lingui/react/macro";

/** What all of this is not for. It stands on every page on which something is learned. */
export function CareLine({ className = "" }: { className?: string }) {
  return (
    <p className={`text-faint text-xs ${className}`}>
      <Trans>For study only, not for the care of patients.</Trans>
    </p>
  );
}
