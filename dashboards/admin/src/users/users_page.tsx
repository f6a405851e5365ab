import {
  Badge,
  Button,
  cx,
  day,
  Empty,
  LinkLook,
  number,
  PageHead,
  Panel,
  Select,
  Skeleton,
  Table,
  Td,
  Th,
} from "@medai/ui";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { SearchBox } from "../app/search_box.tsx";
import { PageFrame } from "../app/shell.tsx";
import { useTitle } from "../app/title.ts";
import { SavedFilters } from "../filters/saved_filters.tsx";
import { DayEnd } from "../parts/day_end.tsx";
import { Refused } from "../parts/refused.tsx";
import { PLAN_NAMES, PLANS } from "./plans.ts";
import { ROLE_NAMES } from "./rules.ts";
import { STATUSES, search, type UsersSearch } from "./search.ts";
import { STATUS_NAMES, StatusBadge } from "./status_badge.tsx";
import { type UserView, usersQuery } from "./users.ts";

/** Accounts, the newest first. */
export default function UsersPage() {
  useTitle("Users");
  const filter = useSearch({ from: "/inside/users" });
  const navigate = useNavigate();
  const set = (more: UsersSearch) =>
    void navigate({ to: "/users", search: (before) => ({ ...before, ...more }), replace: true });
  const found = useInfiniteQuery({ ...usersQuery(filter), placeholderData: keepPreviousData });
  const users = found.data?.pages.flatMap((page) => page.items) ?? [];
  const filtered = Boolean(filter.q || filter.plan || filter.status);
  return (
    <PageFrame>
      <PageHead
        title="Users"
        lead={
          <>
            Accounts with what they used today, the newest first. Today <DayEnd />.
          </>
        }
        actions={<SavedFilters page="users" filter={filter} onApply={(kept) => set(search(kept))} />}
      />
      <search className="mb-5 grid grid-cols-2 gap-3 sm:grid-cols-[minmax(0,36rem)_10rem_10rem]">
        <div className="col-span-2 sm:col-span-1">
          <SearchBox
            label="Search"
            value={filter.q}
            placeholder="Name or e-mail"
            onSearch={(q) => set({ q })}
          />
        </div>
        <Select
          label="Plan"
          value={filter.plan ?? ""}
          onChange={(event) => set({ plan: PLANS.find((plan) => plan === event.target.value) })}
        >
          <option value="">Any</option>
          {PLANS.map((plan) => (
            <option key={plan} value={plan}>
              {PLAN_NAMES[plan]}
            </option>
          ))}
        </Select>
        <Select
          label="Status"
          value={filter.status ?? ""}
          onChange={(event) => set({ status: STATUSES.find((status) => status === event.target.value) })}
        >
          <option value="">Any</option>
          {STATUSES.map((status) => (
            <option key={status} value={status}>
              {STATUS_NAMES[status]}
            </option>
          ))}
        </Select>
      </search>
      {found.error && !found.data && <Refused error={found.error} onRetry={() => void found.refetch()} />}
      {found.isPending && <Skeleton className="h-96" />}
      {found.data && (
        <Panel>
          <p role="status" className="sr-only">
            {users.length} {users.length === 1 ? "account" : "accounts"} shown
          </p>
          {users.length === 0 ? (
            <Empty
              title={filtered ? "No users match" : "Nobody has registered yet"}
              actions={
                filtered && (
                  <Button onClick={() => set({ q: undefined, plan: undefined, status: undefined })}>
                    Show all users
                  </Button>
                )
              }
            />
          ) : (
            <div className={cx(found.isPlaceholderData && "opacity-60")}>
              <List users={users} />
              {found.hasNextPage && (
                <Button
                  className="mt-4"
                  busy={found.isFetchingNextPage}
                  onClick={() => void found.fetchNextPage()}
                >
                  Show more
                </Button>
              )}
            </div>
          )}
        </Panel>
      )}
    </PageFrame>
  );
}

function List({ users }: { users: UserView[] }) {
  return (
    <Table label="Accounts">
      <thead>
        <tr>
          <Th>Who</Th>
          <Th className="hidden sm:table-cell">Plan</Th>
          <Th className="hidden sm:table-cell">Status</Th>
          <Th className="hidden md:table-cell">Role</Th>
          <Th figures className="max-sm:pe-0!">
            Tokens
          </Th>
          <Th figures className="hidden max-lg:pe-0! sm:table-cell">
            Questions
          </Th>
          <Th figures className="hidden lg:table-cell">
            Since
          </Th>
        </tr>
      </thead>
      <tbody>
        {users.map((user) => (
          <tr key={user.id}>
            <Th scope="row" className="w-full min-w-44 sm:w-[42%] [overflow-wrap:anywhere]">
              <Link
                to="/users/$id"
                params={{ id: user.id }}
                className={cx(LinkLook, "-my-1.5 inline-block py-1.5 font-medium")}
              >
                {user.name || user.email}
              </Link>
              <span className="block text-faint text-sm">{user.email}</span>
              <span className="mt-1 flex flex-wrap gap-1.5 sm:hidden">
                <Badge>{PLAN_NAMES[user.plan]}</Badge>
                {user.status !== "active" && <StatusBadge status={user.status} />}
                {user.role && <Badge>{ROLE_NAMES[user.role]}</Badge>}
              </span>
            </Th>
            <Td className="hidden sm:table-cell">{PLAN_NAMES[user.plan]}</Td>
            <Td className="hidden sm:table-cell">
              <StatusBadge status={user.status} />
            </Td>
            <Td className="hidden whitespace-nowrap md:table-cell">
              {user.role ? ROLE_NAMES[user.role] : <span className="text-faint">–</span>}
            </Td>
            <Td figures className="max-sm:pe-0!">
              {number(user.usage.tokens)}
            </Td>
            <Td figures className="hidden max-lg:pe-0! sm:table-cell">
              {number(user.usage.requests)}
            </Td>
            <Td figures className="hidden whitespace-nowrap text-muted lg:table-cell">
              {day(user.created_at)}
            </Td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}
