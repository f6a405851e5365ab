import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { ReactNode } from "react";
import { Button } from "./button.tsx";
import { cx } from "./cx.ts";
import { Empty } from "./empty.tsx";

/** In the place of what can't be shown: why, and how to try again. */
export function ErrorState({
  title = t`This page can’t be shown`,
  message,
  requestId,
  onRetry,
}: {
  title?: string;
  message: string;
  requestId?: string | undefined;
  onRetry: () => void;
}) {
  return (
    <Empty
      title={title}
      actions={
        <Button onClick={onRetry}>
          <Trans>Try again</Trans>
        </Button>
      }
    >
      {message}
      <RequestId id={requestId} />
    </Empty>
  );
}

/** By which those who run the platform find what happened. */
export function RequestId({ id }: { id: string | undefined }) {
  return id ? (
    <span className="block text-faint text-sm">
      <Trans>Request {id}</Trans>
    </span>
  ) : null;
}

/** In the place of a page that is not there. */
export function NotFound({
  large,
  action,
  children,
  className,
}: {
  /** It is all that there is to see. */
  large?: boolean;
  /** The way to where something is. */
  action: ReactNode;
  children: ReactNode;
  className?: string;
}) {
  return (
    <div className={cx("flex flex-col items-center py-12 text-center", className)}>
      <h1 className={large ? "text-[2rem]" : "text-xl"}>
        <Trans>Page not found</Trans>
      </h1>
      <p className="mt-2 mb-5 text-muted">{children}</p>
      <Button asChild>{action}</Button>
    </div>
  );
}
