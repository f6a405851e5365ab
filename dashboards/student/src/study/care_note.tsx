import { Trans } from "@lingui/react/macro";

/** Below every page of what is studied. */
export const CareNote = () => (
  <p className="mt-10 border-line border-t pt-3 text-faint text-sm">
    <Trans>For study, not for the care of patients. Check what matters in its source.</Trans>
  </p>
);
