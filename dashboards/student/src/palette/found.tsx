import { i18n, type MessageDescriptor } from "@lingui/core";
import { msg, plural, t } from "@lingui/core/macro";
import { useNavigate } from "@tanstack/react-router";
import { type KeyboardEvent, type RefObject, useEffect, useLayoutEffect, useState } from "react";
import { hashOf } from "../chat/found.ts";
import { useMessages } from "../chat/found_messages.tsx";
import { type Entry, type Group, matching, queryOf } from "./entries.ts";
import { Option, Options } from "./options.tsx";
import type { Listed } from "./palette.tsx";
import { useEntries } from "./use_entries.ts";

interface Props {
  id: string;
  typed: string;
  /** Enter was pressed before this was there. */
  entered: boolean;
  /** Takes the keys of the line above. */
  keys: RefObject<((event: KeyboardEvent) => void) | undefined>;
  onListed: (listed: Listed) => void;
  onClose: () => void;
  onHelp: () => void;
}

/** What fits what is typed. One of it is picked, and taken with Enter. */
export default function Found({ id: list, typed, entered, keys, onListed, onClose, onHelp }: Props) {
  const [pick, setPick] = useState({ typed, at: 0 });
  const navigate = useNavigate();
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
  // Other words, and the first is picked again.
  const at = pick.typed === typed ? Math.min(pick.at, Math.max(0, all.length - 1)) : 0;
  const setPicked = (to: number) => setPick({ typed, at: to });
  const idOf = (entry: Entry | undefined) => entry && `${list}-${entry.id}`;

  const run = (entry: Entry | undefined) => {
    if (!entry) return;
    onClose();
    // The dialog gives the focus back first; what is done may take it from there.
    setTimeout(entry.run);
  };
  useLayoutEffect(() => {
    keys.current = (event) => {
      const step = STEPS[event.key];
      if (step && all.length > 0) {
        event.preventDefault();
        setPicked(step(at, all.length));
      } else if (event.key === "Enter") {
        event.preventDefault();
        run(all[at]);
      }
    };
    return () => {
      keys.current = undefined;
    };
  });
  const active = idOf(all[at]);
  const any = all.length > 0;
  useLayoutEffect(() => onListed({ active, any }), [onListed, active, any]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when it comes
  useEffect(() => {
    if (entered) run(all[0]);
  }, []);
  const option = (entry: Entry) => ({
    id: idOf(entry),
    picked: entry === all[at],
    onPick: () => run(entry),
    onHover: () => setPicked(all.indexOf(entry)),
  });

  return (
    <>
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
    </>
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
