import { Trans } from "@lingui/react/macro";
import { Problem } from "@medai/client";
import { NotFound } from "@medai/ui";
import { Awaited } from "../app/fetched.tsx";
import { ScrollPage } from "../app/shell.tsx";
import { Step } from "./step.tsx";

interface Props {
  /** Where others of its kind are. */
  list: string;
  error: Error | null;
  refetch: () => unknown;
}

/** In the place of something that is on its way, is not there, or cannot be shown. */
export function Missing({ list, error, refetch }: Props) {
  const status = error ? Problem.wrap(error).status : 0;
  return (
    <ScrollPage>
      {status === 404 || status === 422 ? (
        <NotFound
          action={
            <Step path={list}>
              <Trans>Show all</Trans>
            </Step>
          }
        >
          <Trans>This is not there any more, or never was.</Trans>
        </NotFound>
      ) : (
        <Awaited className="h-96" error={error} refetch={refetch} />
      )}
    </ScrollPage>
  );
}
