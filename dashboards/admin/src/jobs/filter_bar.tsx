import { Button, cx, isTyping, Kbd, number, Select, TextField } from "@medai/ui";
import { Link, useNavigate } from "@tanstack/react-router";
import { X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useLivePart } from "../live/live.ts";
import { changed, isFiltered, type JobFilters, QUEUES, STATES, type StateFilter } from "./filters.ts";

/** What the list is narrowed by. */
export function FilterBar({ filters, names }: { filters: JobFilters; names: string[] }) {
  const navigate = useNavigate({ from: "/jobs" });
  const set = (change: JobFilters) =>
    void navigate({ search: (before) => changed(before, change), replace: true });
  return (
    <div className="mb-4 flex flex-col gap-3">
      <States filters={filters} />
      <search className="grid grid-cols-2 gap-3 sm:flex sm:items-end sm:[&>:first-child]:w-40 sm:[&>:nth-child(2)]:w-52">
        <Select
          label="Queue"
          value={filters.queue ?? ""}
          onChange={(event) => set({ queue: event.target.value })}
        >
          <option value="">Any</option>
          {QUEUES.map((queue) => (
            <option key={queue}>{queue}</option>
          ))}
        </Select>
        <Typed
          label="Job"
          value={filters.name ?? ""}
          onValue={(name) => set({ name })}
          placeholder="Any"
          names={names}
        />
        <Typed
          label="Search"
          value={filters.q ?? ""}
          onValue={(q) => set({ q })}
          placeholder="Id of a job or request, or part of an error"
          found
        />
        <label className="flex min-h-10 items-center gap-2 whitespace-nowrap text-sm">
          <input
            type="checkbox"
            className="size-4 accent-accent"
            checked={filters.all === true}
            onChange={(event) => set({ all: event.target.checked || undefined })}
          />
          Housekeeping too
        </label>
        {isFiltered(filters) && (
          <Button asChild look="quiet" className="justify-self-start">
            <Link to="/jobs" search={{}}>
              Clear
            </Link>
          </Button>
        )}
      </search>
      {filters.user && (
        <p className="text-sm">
          <span className="inline-flex items-center gap-1.5 rounded-md bg-sunken py-1 ps-2.5 pe-1">
            Of user{" "}
            <Link
              to="/users/$id"
              params={{ id: filters.user }}
              className="font-mono text-accent hover:underline"
            >
              {filters.user}
            </Link>
            <button
              type="button"
              aria-label="Of any user"
              className="rounded-sm p-1 hover:bg-surface"
              onClick={() => set({ user: undefined })}
            >
              <X size={14} aria-hidden />
            </button>
          </span>
        </p>
      )}
    </div>
  );
}

function States({ filters }: { filters: JobFilters }) {
  return (
    <nav aria-label="State" className="-mx-4 overflow-x-auto px-4 sm:mx-0 sm:px-0">
      <ul className="flex min-w-max gap-1 border-line border-b">
        <State filters={filters} state={undefined} name="All" />
        {STATES.map(([state, name]) => (
          <State key={state} filters={filters} state={state} name={name} />
        ))}
      </ul>
    </nav>
  );
}

function State({
  filters,
  state,
  name,
}: {
  filters: JobFilters;
  state: StateFilter | undefined;
  name: string;
}) {
  const on = filters.state === state;
  return (
    <li>
      <Link
        to="/jobs"
        search={changed(filters, { state })}
        aria-current={on ? "true" : undefined}
        className={cx(
          "-mb-px inline-flex min-h-10 items-center gap-1.5 border-b-2 px-3 text-sm",
          on ? "border-accent font-medium text-accent" : "border-transparent text-muted hover:text-ink",
        )}
      >
        {name}
        {state && <LiveCount state={state} queue={filters.queue} />}
      </Link>
    </li>
  );
}

/** Only of what is not over is it known how many there are. */
function LiveCount({ state, queue }: { state: StateFilter; queue: string | undefined }) {
  const count = useLivePart(({ live, link }) => {
    if (link !== "live" || (state !== "ready" && state !== "running" && state !== "scheduled")) return 0;
    const queues = live?.queues.filter((each) => queue === undefined || each.name === queue) ?? [];
    return queues.reduce((sum, each) => sum + each[state], 0);
  });
  if (count === 0) return null;
  return <span className="rounded-sm bg-sunken px-1 text-muted text-xs tabular-nums">{number(count)}</span>;
}

/** A field that takes effect when its writer stops. */
function Typed({
  label,
  value,
  onValue,
  placeholder,
  names,
  found,
}: {
  label: string;
  value: string;
  onValue: (value: string) => void;
  placeholder: string;
  names?: string[];
  /** Whether `/` leads here. */
  found?: boolean;
}) {
  const [text, setText] = useState(value);
  const said = useRef(value);
  const input = useRef<HTMLInputElement>(null);
  const say = useRef(onValue);
  say.current = onValue;
  useEffect(() => {
    // The address changed by itself, as by going back.
    if (value !== said.current) setText(value);
    said.current = value;
  }, [value]);
  useEffect(() => {
    if (text.trim() === said.current) return;
    const timer = setTimeout(() => {
      said.current = text.trim();
      say.current(text.trim());
    }, 300);
    return () => clearTimeout(timer);
  }, [text]);
  useEffect(() => {
    if (!found) return;
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "/" || isTyping(event.target) || document.querySelector("[role=dialog]")) return;
      event.preventDefault();
      input.current?.focus();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [found]);
  const list = names && `names-${label}`;
  return (
    <div className={cx("relative", found && "col-span-2 flex-1")}>
      <TextField
        ref={input}
        label={label}
        type="search"
        value={text}
        placeholder={placeholder}
        autoComplete="off"
        spellCheck={false}
        className={cx("text-ellipsis", found && "sm:pe-10")}
        list={list}
        onChange={(event) => setText(event.target.value)}
      />
      {list && (
        <datalist id={list}>
          {names.map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
      )}
      {found && text === "" && (
        <span aria-hidden className="pointer-events-none absolute end-3 bottom-2 max-sm:hidden">
          <Kbd>/</Kbd>
        </span>
      )}
    </div>
  );
}
