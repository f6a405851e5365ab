import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { Button, number, PageHead, Panel } from "@medai/ui";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { FileDown, Layers, Plus } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Awaited, InDialog } from "../app/fetched.tsx";
import { useTitle } from "../app/title.ts";
import { decksQuery, todayQuery } from "./api.ts";
import { BacklogLine } from "./backlog_line.tsx";
import { ImportDialog, NewDeckDialog } from "./deck/chunks.ts";
import { DeckList } from "./deck_list.tsx";
import { StudyFrame } from "./frame.tsx";
import { useLine } from "./review/sender.ts";
import type { Today } from "./types.ts";

/** What is due today, and all decks. */
export default function OverviewPage() {
  useTitle(t`Study`);
  const today = useQuery(todayQuery);
  const decks = useQuery(decksQuery);
  const [open, setOpen] = useState<"new" | "import">();
  const close = () => setOpen(undefined);
  return (
    <StudyFrame>
      <PageHead
        title={t`Study`}
        actions={
          <>
            <Button icon={<FileDown size={17} aria-hidden />} onClick={() => setOpen("import")}>
              <Trans>Import</Trans>
            </Button>
            <Button icon={<Plus size={17} aria-hidden />} onClick={() => setOpen("new")}>
              <Trans>New deck</Trans>
            </Button>
          </>
        }
      />
      <div className="flex flex-col gap-5">
        {today.data ? (
          <DueToday today={today.data} />
        ) : (
          <Awaited className="h-36" error={today.error} refetch={today.refetch} />
        )}
        <Panel title={t`Decks`}>
          {!decks.data ? (
            <Awaited className="h-40" error={decks.error} refetch={decks.refetch} />
          ) : decks.data.length === 0 ? (
            <FirstDeck onNew={() => setOpen("new")} onImport={() => setOpen("import")} />
          ) : (
            <DeckList decks={decks.data} />
          )}
        </Panel>
      </div>
      {open === "new" && (
        <InDialog onClose={close}>
          <NewDeckDialog onClose={close} />
        </InDialog>
      )}
      {open === "import" && (
        <InDialog onClose={close}>
          <ImportDialog onClose={close} />
        </InDialog>
      )}
    </StudyFrame>
  );
}

function DueToday({ today }: { today: Today }) {
  const { waiting } = useLine();
  const left = today.due + today.new + today.learning;
  return (
    <Panel>
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-4">
        <div className="min-w-0 flex-[1_1_14rem]">
          <h2 className="font-medium font-sans text-muted text-sm tracking-normal">
            <Trans>Due today</Trans>
          </h2>
          <p className="figures mt-1 font-serif font-[560] text-[2.5rem] leading-none">{number(left)}</p>
          <p className="mt-2 text-muted text-sm">
            <Plural value={today.due} one="# to review" other="# to review" />
            {" · "}
            <Plural value={today.learning} one="# in learning" other="# in learning" />
            {" · "}
            <Plural value={today.new} one="# new" other="# new" />
          </p>
        </div>
        {left > 0 ? (
          <Button asChild look="primary" className="min-h-12 px-6">
            <Link to="/study/review">
              <Trans>Study now</Trans>
            </Link>
          </Button>
        ) : (
          <p className="font-medium">
            <Trans>All done for today.</Trans>
          </p>
        )}
      </div>
      <div className="mt-3 flex flex-col gap-1 text-sm">
        {today.reviewed_today > 0 && (
          <p className="text-muted">
            <Trans>
              Done today: <Plural value={today.reviewed_today} one="# review" other="# reviews" />,{" "}
              <Plural value={Math.round(today.minutes_today)} one="# minute" other="# minutes" />
            </Trans>
          </p>
        )}
        <BacklogLine backlog={today.backlog} />
        {waiting > 0 && (
          <p className="text-muted">
            <Plural
              value={waiting}
              one="# answer from this device is not counted yet: it is sent when there is a network."
              other="# answers from this device are not counted yet: they are sent when there is a network."
            />
          </p>
        )}
      </div>
    </Panel>
  );
}

function FirstDeck({ onNew, onImport }: { onNew: () => void; onImport: () => void }) {
  return (
    <div className="flex flex-col items-center gap-3 py-6 text-center">
      <Layers size={30} strokeWidth={1.5} className="text-accent" aria-hidden />
      <p className="max-w-[44ch] text-muted">
        <Trans>There are no decks yet. Make cards yourself, import them from Anki, or ask for some:</Trans>{" "}
        <Code>{t`/flashcard 10 cardiac cycle`}</Code>
      </p>
      <div className="flex flex-wrap justify-center gap-2">
        <Button look="primary" onClick={onNew}>
          <Trans>New deck</Trans>
        </Button>
        <Button onClick={onImport}>
          <Trans>Import</Trans>
        </Button>
      </div>
    </div>
  );
}

const Code = ({ children }: { children: ReactNode }) => (
  <code className="rounded-sm bg-sunken px-1.5 py-0.5 font-mono text-sm">{children}</code>
);
