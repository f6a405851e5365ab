import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { day, numberAs, Panel } from "@medai/ui";
import { useQuery } from "@tanstack/react-query";
import { settingsQuery } from "../api.ts";

const loss = (value: number): string =>
  numberAs(value, { minimumFractionDigits: 3, maximumFractionDigits: 3 });

/** By which numbers intervals are computed: those of everybody, or the student's own. */
export function Fitted() {
  const { data: settings } = useQuery(settingsQuery);
  if (!settings) return null;
  const { fitted, parameters_fitted, time_zone } = settings;
  return (
    <Panel title={t`How intervals are computed`}>
      <div className="flex flex-col gap-1.5 text-muted">
        <p>
          {parameters_fitted && fitted ? (
            <Trans>
              By FSRS, with numbers that were fitted to your{" "}
              <Plural value={fitted.reviews} one="# review" other="# reviews" /> on {day(fitted.at)}. They
              predict better than those of everybody: {loss(fitted.loss_after)} instead of{" "}
              {loss(fitted.loss_before)}.
            </Trans>
          ) : fitted ? (
            <Trans>
              By FSRS, with the numbers of everybody. Those that were fitted to your reviews on{" "}
              {day(fitted.at)} did not predict better.
            </Trans>
          ) : (
            <Trans>
              By FSRS, with the numbers of everybody. From 400 reviews on they are fitted to yours.
            </Trans>
          )}
        </p>
        <p>
          <Trans>Your day begins at 4 o’clock in the morning, in {time_zone}.</Trans>
        </p>
      </div>
    </Panel>
  );
}
