import { i18n, type MessageDescriptor } from "@lingui/core";
import { msg, plural, t } from "@lingui/core/macro";
import { Dialog } from "@medai/ui";
import { useNavigate } from "@tanstack/react-router";
import { Search } from "lucide-react";
import { type KeyboardEvent, useId, useState } from "react";
import { hashOf } from "../chat/found.ts";
import { useMessages } from "../chat/found_messages.tsx";
import { type Entry, type Group, matching, queryOf } from "./entries.ts";
import { Option, Options } from "./options.tsx";
import { useEntries } from "./use_entries.ts";

interface Props {
  onClose: () => void;
  onHelp: () => void;
}

/** One line for everything: where to go, what to do, and what was said. The focus stays in it. */
export default function Palette({ onClose, onHelp }: Props) {
  const [typed, setTyped] = useState("");
  const [picked, setPicked] = useState(0);
  const navigate = useNavigate();
  const list = useId();
  const groups = matching(useEntries({ typed, onHelp }), queryOf(typed));
  const { hits, searching } = useMessages(typed);
  const messages = hits.map(
    (hit): Entry => ({
      id: `message-${hit.message_id}`,
      group: "Conversations",
      label: hit.title ?? t`New conversation`,
      run: () =>
        void navigate({ to: "/chat/$id", params: { id: hit.session_id }, hash: hashOf(hit.message_id) }),
    }),
  );
  const all = [...groups.flatMap(([, entries]) => entries), ...messages];
  const at = Math.min(picked, Math.max(0, all.length - 1));
  const idOf = (entry: Entry | undefined) => entry && `${list}-${entry.id}`;

  const run = (entry: Entry | undefined) => {
    if (!entry) return;
    onClose();
    // The dialog gives the focus back first; what is done may take it from there.
    setTimeout(entry.run);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const step = STEPS[event.key];
    if (step && all.length > 0) {
      event.preventDefault();
      setPicked(step(at, all.length));
    } else if (event.key === "Enter") {
      event.preventDefault();
      run(all[at]);
    }
  };
  const option = (entry: Entry) => ({
    id: idOf(entry),
    picked: entry === all[at],
    onPick: () => run(entry),
    onHover: () => setPicked(all.indexOf(entry)),
  });

  return (
    <Dialog open wide onClose={onClose} title={t`Search and commands`}>
      <label className="flex h-11 items-center gap-2.5 rounded-md border border-edge/70 bg-surface px-3 focus-within:border-accent focus-within:outline-2 focus-within:outline-accent">
        <Search size={17} className="shrink-0 text-faint" aria-hidden />
        <input
          role="combobox"
          type="text"
          value={typed}
          maxLength={200}
          spellCheck={false}
          autoComplete="off"
          aria-label={t`Search and commands`}
          aria-expanded={all.length > 0}
          aria-controls={list}
          aria-autocomplete="list"
          aria-activedescendant={idOf(all[at])}
          placeholder={t`Conversations, messages, documents, pages, / for commands`}
          className="w-full min-w-0 bg-transparent text-ink outline-none placeholder:text-faint"
          onChange={(event) => {
            setTyped(event.target.value);
            setPicked(0);
          }}
          onKeyDown={onKeyDown}
        />
      </label>
      <Options id={list}>
        {groups.map(([group, entries]) => (
          <Options.Group key={group} name={i18n._(GROUPS[group])}>
            {entries.map((entry) => (
              <Option key={entry.id} {...option(entry)}>
                <span dir="auto" className="min-w-0 truncate">
                  {entry.label}
                </span>
                {entry.hint && <span className="truncate text-faint text-sm">{entry.hint}</span>}
              </Option>
            ))}
          </Options.Group>
        ))}
        {messages.length > 0 && (
          <Options.Group name={t`In messages`}>
            {messages.map((entry, index) => (
              <Option key={entry.id} {...option(entry)}>
                <span className="min-w-0 flex-1">
                  <span dir="auto" className="block truncate text-faint text-xs">
                    {entry.label}
                  </span>
                  <span dir="auto" className="line-clamp-2 text-sm">
                    {hits[index]?.excerpt.map((part, place) =>
                      part.hit ? (
                        // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text, in their order
                        <strong key={place}>{part.text}</strong>
                      ) : (
                        part.text
                      ),
                    )}
                  </span>
                </span>
              </Option>
            ))}
          </Options.Group>
        )}
      </Options>
      <p role="status" className={all.length > 0 ? "sr-only" : "px-2 py-6 text-center text-faint text-sm"}>
        {searching && all.length === 0
          ? t`Searching messages`
          : all.length === 0
            ? t`Nothing is found.`
            : plural(all.length, { one: "# entry", other: "# entries" })}
      </p>
    </Dialog>
  );
}

const GROUPS: Record<Group, MessageDescriptor> = {
  Do: msg`Do`,
  "Go to": msg`Go to`,
  Commands: msg`Commands`,
  Conversations: msg`Conversations`,
  Documents: msg`Documents`,
};

const STEPS: Record<string, (at: number, of: number) => number> = {
  ArrowDown: (at, of) => (at + 1) % of,
  ArrowUp: (at, of) => (at - 1 + of) % of,
  PageDown: (at, of) => Math.min(at + 8, of - 1),
  PageUp: (at) => Math.max(at - 8, 0),
};
