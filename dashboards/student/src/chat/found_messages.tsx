import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { api, unwrap } from "@medai/client";
import { day } from "@medai/ui";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { hashOf } from "./found.ts";

/** Who types a word has not asked for its beginnings. */
const PAUSE = 250;
const SHORTEST = 2;

/** What was typed, once it rests. */
export function useRested(text: string): string {
  const [rested, setRested] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setRested(text), PAUSE);
    return () => clearTimeout(timer);
  }, [text]);
  return text === "" ? "" : rested;
}

function useSearch(query: string) {
  const q = useRested(query.trim()).slice(0, 200);
  const found = useQuery({
    queryKey: ["found-messages", q],
    enabled: q.length >= SHORTEST,
    placeholderData: keepPreviousData,
    queryFn: () => unwrap(api.GET("/api/chat/search", { params: { query: { q } } })),
  });
  return { q, found };
}

/** Messages with the words that are typed, once they rest. */
export function useMessages(query: string) {
  const { q, found } = useSearch(query);
  const typed = query.trim().slice(0, 200);
  const fits = typed.length >= SHORTEST && q.length >= SHORTEST;
  const searching = typed.length >= SHORTEST && (typed !== q || found.isFetching);
  return { hits: fits ? (found.data?.items ?? []) : [], searching };
}

/** Messages with the words that are looked for, each with the way to its place. */
export function FoundMessages({ query }: { query: string }) {
  const { q, found } = useSearch(query);
  if (q.length < SHORTEST) return null;
  return (
    <section aria-label={t`In messages`} aria-busy={found.isFetching}>
      <h2 className="px-2 pt-3 pb-1 font-medium font-sans text-faint text-xs tracking-normal">
        <Trans>In messages</Trans>
      </h2>
      {found.isError && (
        <p className="px-2 py-2 text-faint text-sm">
          <Trans>Messages cannot be searched now.</Trans>
        </p>
      )}
      {found.data?.items.length === 0 && (
        <p className="px-2 py-2 text-faint text-sm">
          <Trans>No message has it.</Trans>
        </p>
      )}
      <ul>
        {found.data?.items.map((hit) => (
          <li key={hit.message_id}>
            <Link
              to="/chat/$id"
              params={{ id: hit.session_id }}
              hash={hashOf(hit.message_id)}
              className="block rounded-md px-2 py-1.5 hover:bg-sunken"
            >
              <span className="flex justify-between gap-2 text-faint text-xs">
                <span dir="auto" className="truncate">
                  {hit.title ?? t`New conversation`}
                </span>
                <span className="shrink-0">{day(hit.created_at)}</span>
              </span>
              <span dir="auto" className="line-clamp-3 text-sm">
                {hit.excerpt.map((part, at) =>
                  part.hit ? (
                    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text, in their order
                    <strong key={at}>{part.text}</strong>
                  ) : (
                    part.text
                  ),
                )}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
