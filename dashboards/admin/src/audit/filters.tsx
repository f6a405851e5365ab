import { Button, Select, TextField } from "@medai/ui";
import { SearchBox } from "../app/search_box.tsx";
import { ACTIONS, actionName, KINDS } from "./actions.ts";
import { type AuditSearch, daysAgo, EVERYTHING } from "./search.ts";

const RANGES: [string, number][] = [
  ["Today", 0],
  ["7 days", 6],
  ["30 days", 29],
];

/** What the log is narrowed by. */
export function Filters({
  filter,
  onChange,
}: {
  filter: AuditSearch;
  onChange: (more: AuditSearch) => void;
}) {
  const actions = Object.keys(ACTIONS).toSorted((a, b) => actionName(a).localeCompare(actionName(b)));
  if (filter.action && !actions.includes(filter.action)) actions.unshift(filter.action);
  const any = Object.values(filter).some(Boolean);
  return (
    <search className="mb-5 flex flex-col gap-3">
      <div className="grid grid-cols-2 gap-3 lg:grid-cols-[minmax(0,2fr)_minmax(0,1.4fr)_minmax(0,1.4fr)_minmax(0,1.4fr)] max-sm:[&>:first-child]:col-span-2 max-sm:[&>:nth-child(4)]:col-span-2">
        <SearchBox
          label="Words"
          value={filter.q}
          placeholder={'"a phrase", or, -without'}
          onSearch={(q) => onChange({ q })}
        />
        <SearchBox
          label="Admin"
          value={filter.admin}
          placeholder="E-mail or id"
          onSearch={(admin) => onChange({ admin })}
        />
        <Select
          label="Action"
          value={filter.action ?? ""}
          onChange={(event) => onChange({ action: event.target.value || undefined })}
        >
          <option value="">Any</option>
          {actions.map((action) => (
            <option key={action} value={action}>
              {actionName(action)}
            </option>
          ))}
        </Select>
        <SearchBox
          label="Done to"
          value={filter.target}
          placeholder="Kind, id, or kind:id"
          list="audit-kinds"
          onSearch={(target) => onChange({ target })}
        />
        <datalist id="audit-kinds">
          {Object.entries(KINDS).map(([kind, name]) => (
            <option key={kind} value={kind} label={name} />
          ))}
        </datalist>
      </div>
      <div className="flex flex-wrap items-end gap-3">
        <div className="min-w-32 flex-1 sm:max-w-40">
          <TextField
            label="From"
            type="date"
            value={filter.from ?? ""}
            max={filter.to}
            onChange={(event) => onChange({ from: event.target.value || undefined })}
          />
        </div>
        <div className="min-w-32 flex-1 sm:max-w-40">
          <TextField
            label="To"
            type="date"
            value={filter.to ?? ""}
            min={filter.from}
            onChange={(event) => onChange({ to: event.target.value || undefined })}
          />
        </div>
        <div className="flex min-h-10 flex-wrap items-center gap-1.5">
          {RANGES.map(([name, days]) => (
            <Button
              key={name}
              size="sm"
              aria-pressed={filter.from === daysAgo(days) && !filter.to}
              className="aria-pressed:border-accent aria-pressed:bg-accent-soft aria-pressed:text-accent"
              onClick={() => onChange({ from: daysAgo(days), to: undefined })}
            >
              {name}
            </Button>
          ))}
          {any && (
            <Button size="sm" look="quiet" onClick={() => onChange(EVERYTHING)}>
              Clear
            </Button>
          )}
        </div>
      </div>
    </search>
  );
}
