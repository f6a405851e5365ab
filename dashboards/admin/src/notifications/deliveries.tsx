import { ago, Badge, Button, cx, Empty, Panel, Select, Skeleton, Table, Td, Th, type Tone } from "@medai/ui";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { exact } from "../parts/figures.ts";
import { Refused } from "../parts/refused.tsx";
import { eventName } from "./events.ts";
import { channelName, type Delivery, deliveriesQuery } from "./notifications.ts";
import { STATES } from "./search.ts";

const NAMES = { failed: "Given up", waiting: "Waiting", delivered: "Delivered" } as const;

function stateOf({ state, error }: Delivery): [Tone, string] {
  if (state === "delivered") return ["neutral", "Delivered"];
  if (state === "failed") return ["bad", "Given up"];
  return error ? ["warn", "Trying again"] : ["neutral", "Waiting"];
}

/** How telling went, the newest first. */
export function Deliveries() {
  const { state } = useSearch({ from: "/inside/notifications" });
  const navigate = useNavigate();
  const found = useInfiniteQuery({ ...deliveriesQuery(state), placeholderData: keepPreviousData });
  const items = found.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Panel
      title="Deliveries"
      aside={
        <div className="w-40 text-ink">
          <Select
            bare
            label="State"
            value={state ?? ""}
            onChange={(event) =>
              void navigate({
                to: "/notifications",
                search: { state: STATES.find((each) => each === event.target.value) },
                replace: true,
                resetScroll: false,
              })
            }
          >
            <option value="">All</option>
            {STATES.map((each) => (
              <option key={each} value={each}>
                {NAMES[each]}
              </option>
            ))}
          </Select>
        </div>
      }
    >
      {found.error && !found.data && <Refused error={found.error} onRetry={() => void found.refetch()} />}
      {found.isPending && <Skeleton className="h-40" />}
      {found.data && items.length === 0 && (
        <Empty title={state ? "None in that state" : "No notifications yet"}>
          {!state && "Notifications are listed here for 90 days, with how delivery went."}
        </Empty>
      )}
      {items.length > 0 && (
        <div className={cx(found.isPlaceholderData && "opacity-60")}>
          <Table label="Notifications sent">
            <thead>
              <tr>
                <Th className="max-sm:hidden">When</Th>
                <Th className="max-sm:ps-0!">What</Th>
                <Th className="max-sm:hidden">To</Th>
                <Th>State</Th>
              </tr>
            </thead>
            <tbody>
              {items.map((item) => (
                <Row key={item.id} item={item} />
              ))}
            </tbody>
          </Table>
          {found.hasNextPage && (
            <Button
              size="sm"
              className="mt-3"
              busy={found.isFetchingNextPage}
              onClick={() => void found.fetchNextPage()}
            >
              Show more
            </Button>
          )}
        </div>
      )}
    </Panel>
  );
}

function Row({ item }: { item: Delivery }) {
  const [tone, word] = stateOf(item);
  const when = (
    <time dateTime={item.created_at} title={exact(item.created_at)}>
      {ago(item.created_at)}
    </time>
  );
  return (
    <tr>
      <Td className="whitespace-nowrap text-muted max-sm:hidden">{when}</Td>
      <Td className="max-sm:ps-0! sm:min-w-48">
        {item.subject}
        {item.count > 1 && <span className="text-faint"> ×{item.count}</span>}
        <span className="block text-faint text-sm">
          {eventName(item.event)}
          <span className="sm:hidden">, {when}</span>
        </span>
        <span className="block text-muted text-sm [overflow-wrap:anywhere] sm:hidden">{item.target}</span>
      </Td>
      <Td className="min-w-40 [overflow-wrap:anywhere] max-sm:hidden">
        {item.target}
        <span className="block text-faint text-sm">{channelName(item.channel)}</span>
      </Td>
      <Td className="w-28 sm:w-auto sm:min-w-40">
        <span className="flex flex-wrap items-center gap-x-2">
          <Badge tone={tone}>{word}</Badge>
          {item.tries > 1 && <span className="text-faint text-sm">{item.tries} tries</span>}
        </span>
        {item.error && item.state !== "delivered" && (
          <span className="mt-0.5 block text-danger text-sm [overflow-wrap:anywhere]">{item.error}</span>
        )}
      </Td>
    </tr>
  );
}
