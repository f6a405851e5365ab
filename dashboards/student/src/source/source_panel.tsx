import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { api, Problem, unwrap } from "@medai/client";
import { chunk } from "@medai/client/chunks";
import { Notice, Skeleton } from "@medai/ui";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Part } from "../app/fetched.tsx";
import type { Cited } from "./cited.ts";
import { doubtOf, pageOf } from "./doubt.ts";

const PdfPage = chunk(() => import("./pdf_page.tsx"));

/** Where a passage comes from: its page, with the passage marked. Or, `whole`, just the document. */
export default function SourcePanel({ citation, whole = false }: { citation: Cited; whole?: boolean }) {
  const [placed, setPlaced] = useState<boolean>();
  const page = useQuery({
    queryKey: ["page", citation.document_id, citation.page],
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
    enabled: !whole,
    queryFn: () => {
      const path = { id: citation.document_id, n: citation.page };
      return unwrap(api.GET("/api/documents/{id}/pages/{n}", { params: { path } }));
    },
  });
  const problem = page.error ? Problem.wrap(page.error) : undefined;
  const doubt = whole ? undefined : (doubtOf(citation) ?? (page.data && doubtOf(page.data)));
  const passage = citation.text ?? (page.data && cut(page.data.text, citation.start, citation.end));
  return (
    <div className="scrolls flex min-h-0 flex-1 flex-col overflow-y-auto bg-paper">
      <div className="border-line border-b bg-surface px-4 py-3">
        <p className="font-medium">
          <bdi>{citation.title}</bdi>
        </p>
        {!whole && (
          <p className="text-faint text-sm">
            <Trans>Page {pageOf(citation)}</Trans>
          </p>
        )}
      </div>
      {problem?.status === 404 ? (
        <div className="p-4">
          <Notice title={t`This document is no longer there`}>
            <Trans>It was deleted. What it said on this page can’t be shown any more.</Trans>
          </Notice>
        </div>
      ) : (
        <>
          {doubt && (
            <div className="px-4 pt-4">
              <Notice tone="warn" title={t`Check the original`}>
                {doubt} <Trans>What counts is the page below.</Trans>
              </Notice>
            </div>
          )}
          {placed === false && !whole && (
            <div className="px-4 pt-4">
              <Notice title={t`The passage can’t be placed on this page`}>
                <Trans>So nothing is marked. This is its text:</Trans>
              </Notice>
              {passage && (
                <blockquote dir="auto" className="prose mt-3 border-mark border-s-4 ps-3 text-base!">
                  {passage}
                </blockquote>
              )}
            </div>
          )}
          <Part fallback={<Skeleton className="m-4 aspect-[3/4]" />}>
            <PdfPage
              key={`${citation.document_id} ${citation.page} ${citation.start}`}
              document={citation.document_id}
              title={citation.title}
              page={citation.page}
              passage={passage}
              quotes={citation.quotes}
              recognised={page.data?.recognised ? page.data.text : undefined}
              waiting={!whole && page.isPending && !citation.text}
              onPlaced={setPlaced}
            />
          </Part>
        </>
      )}
    </div>
  );
}

/** Characters as the API counts them, which are not JavaScript's. */
function cut(text: string, start: number, end: number): string {
  return [...text].slice(start, end).join("");
}
