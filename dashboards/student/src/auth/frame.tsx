import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { AuthPage } from "@medai/ui";
import type { ReactNode } from "react";
import { fetchInside } from "../app/pages.ts";

/** The page of those who are not signed in. */
export function AuthFrame({
  title,
  children,
  foot,
}: {
  title: string;
  children: ReactNode;
  foot: ReactNode;
}) {
  return (
    <div className="grid min-h-dvh lg:grid-cols-[minmax(0,1fr)_minmax(0,1.1fr)]">
      <AuthPage title={title} className="sm:px-10" column="mx-auto max-w-sm" onSubmit={fetchInside}>
        {children}
        <p className="mt-6 text-muted text-sm">{foot}</p>
      </AuthPage>
      <aside
        aria-label={t`About medai`}
        className="hidden flex-col justify-center gap-10 border-line border-s bg-surface px-[8%] py-12 lg:flex"
      >
        <figure className="prose max-w-[34rem]">
          <p className="mb-2! font-sans font-semibold text-base">
            <Trans>What is preload?</Trans>
          </p>
          <p>
            <Trans>
              The stretch on the ventricle at the end of diastole. Clinically it is judged by the{" "}
              <strong>end-diastolic volume</strong>, and it rises with venous return
              <span className="cite" aria-hidden>
                1
              </span>
              . By the Frank–Starling mechanism, more stretch gives a stronger beat.
            </Trans>
          </p>
          <figcaption className="mt-5 border-line border-t pt-4 font-sans text-faint text-sm">
            <Trans>
              <span className="rounded-sm bg-mark px-1 text-mark-ink">1</span> Physiology, p. 142. Every
              source opens on its page, with the passage marked.
            </Trans>
          </figcaption>
        </figure>
        <ul className="grid max-w-[34rem] gap-3 border-line border-t pt-8 text-muted">
          <li>
            <Trans>Answers from your own PDFs, with the page.</Trans>
          </li>
          <li>
            <Trans>Flashcards, MCQs, high-yield lists and concept maps on any topic.</Trans>
          </li>
          <li>
            <Trans>
              If a provider fails, another takes over; if none can, you are told when, and it costs you
              nothing.
            </Trans>
          </li>
        </ul>
      </aside>
    </div>
  );
}
