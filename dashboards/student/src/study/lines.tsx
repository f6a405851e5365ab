import { Trans } from "@lingui/react/macro";
import { day, LinkLook } from "@medai/ui";
import { Step } from "./step.tsx";

/** When something was made. */
export const MadeOn = ({ at }: { at: string }) => (
  <p className="figures text-faint text-sm">
    <Trans>Made on {day(at)}</Trans>
  </p>
);

/** The way back to the list that something is in. */
export const BackTo = ({ path, children }: { path: string; children: React.ReactNode }) => (
  <p className="mb-3 text-sm print:hidden">
    <Step path={path} className={LinkLook}>
      {children}
    </Step>
  </p>
);
