import { Trans } from "@lingui/react/macro";
import { Button } from "@medai/ui";
import type { ReactNode } from "react";
import { Awaited } from "../app/fetched.tsx";

interface Props<T> {
  label: string;
  list: {
    items: T[] | undefined;
    error: Error | null;
    refetch: () => unknown;
    hasNextPage: boolean;
    isFetchingNextPage: boolean;
    fetchNextPage: () => unknown;
  };
  /** Shown where there is none. */
  empty: ReactNode;
  children: (item: T) => ReactNode;
}

/** A list of what commands made, a page after the other. */
export function Listed<T extends { id: string }>({ label, list, empty, children }: Props<T>) {
  const { items, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  if (!items) return <Awaited className="h-40" error={error} refetch={refetch} />;
  if (items.length === 0) return empty;
  return (
    <>
      <ul aria-label={label} className="border-line border-t">
        {items.map((item) => (
          <li key={item.id} className="flex items-center gap-3 border-line border-b py-3">
            {children(item)}
          </li>
        ))}
      </ul>
      {hasNextPage && (
        <Button
          look="quiet"
          className="mt-2 w-full"
          busy={isFetchingNextPage}
          onClick={() => void fetchNextPage()}
        >
          <Trans>Show more</Trans>
        </Button>
      )}
    </>
  );
}
