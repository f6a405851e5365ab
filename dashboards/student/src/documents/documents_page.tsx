import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { StudyDocument } from "@medai/client";
import { usePlans } from "@medai/client/react";
import { Button, bytes, Confirm, cx, Empty, number, PageHead, Skeleton, say } from "@medai/ui";
import { Link } from "@tanstack/react-router";
import { FileUp } from "lucide-react";
import { type DragEvent, useRef, useState } from "react";
import { told } from "../app/api_message.ts";
import { Part } from "../app/fetched.tsx";
import { focusAfter, focusOpener, INTAKE, rememberOpener } from "../app/focus.ts";
import { ScrollPage } from "../app/shell.tsx";
import { SidePanel } from "../app/side_panel.tsx";
import { FeatureOff, useFeatureOff } from "../app/status.tsx";
import { useTitle } from "../app/title.ts";
import { inWords } from "../plans/allowed.ts";
import { SourcePanel } from "../source/chunk.ts";
import { useUsage } from "../usage/usage.ts";
import { DocumentRow, wholeOf } from "./document_row.tsx";
import { isSearchable, remove, useDocuments } from "./documents.ts";
import { useNamed } from "./named.ts";
import { type Place, Playground } from "./playground.tsx";
import { UploadRow } from "./upload_row.tsx";
import { enqueue, useUploads } from "./uploads.ts";

/** The student's PDFs: what they are, how far they are, and what is found in them. */
export default function DocumentsPage() {
  useTitle(t`Documents`);
  const { data: documents, error, refetch } = useDocuments();
  const uploads = useUploads();
  const [leaving, setLeaving] = useState<StudyDocument>();
  const [busy, setBusy] = useState(false);
  const [place, setPlace] = useState<Place>();
  const open = (where: Place) => {
    rememberOpener();
    setPlace(where);
  };
  const close = () => {
    setPlace(undefined);
    focusOpener();
  };
  useNamed(documents, (document) => open(wholeOf(document)));
  const ready = documents?.filter(isSearchable) ?? [];

  const confirm = async () => {
    if (!leaving) return;
    setBusy(true);
    await remove(leaving.id).catch((failure: unknown) => say(told(failure)));
    setBusy(false);
    setLeaving(undefined);
    focusAfter("documentDeleted");
  };

  return (
    <div className="flex min-h-0 flex-1">
      <ScrollPage>
        <PageHead
          title={t`Documents`}
          lead={t`PDFs that answers may quote. Each citation opens on its page, with the passage marked.`}
        />
        <Intake />
        {(uploads.length > 0 || (documents && documents.length > 0)) && (
          <ul aria-label={t`Your documents`} className="mt-8 border-line border-t">
            {uploads.map((upload) => (
              <UploadRow key={upload.id} upload={upload} />
            ))}
            {documents?.map((document) => (
              <DocumentRow
                key={document.id}
                document={document}
                onDelete={() => setLeaving(document)}
                onOpen={open}
              />
            ))}
          </ul>
        )}
        {!documents && !error && <Skeleton className="mt-8 h-40" />}
        {error && !documents && (
          <Empty
            title={t`Your documents can’t be shown`}
            actions={
              <Button onClick={() => void refetch()}>
                <Trans>Try again</Trans>
              </Button>
            }
          >
            {told(error)}
          </Empty>
        )}
        {ready.length > 0 && <Playground documents={ready} onOpen={open} />}
      </ScrollPage>
      {place && (
        <SidePanel title={place.marked ? t`Found passage` : t`Document`} onClose={close}>
          <Part fallback={<Skeleton className="m-4 h-96" />}>
            <SourcePanel citation={place.citation} whole={!place.marked} />
          </Part>
        </SidePanel>
      )}
      <Confirm
        open={leaving !== undefined}
        onClose={() => setLeaving(undefined)}
        title={t`Delete this document?`}
        description={
          <Trans>
            “{leaving?.title}” and its file are removed for good. Answers that cite it keep its title and
            page, but no text.
          </Trans>
        }
        action={t`Delete`}
        busy={busy}
        onConfirm={() => void confirm()}
      />
    </div>
  );
}

/** Where files come in, or why none can. */
function Intake() {
  const off = useFeatureOff("pdf");
  const usage = useUsage();
  const plans = usePlans();
  const [over, setOver] = useState(false);
  const files = useRef<HTMLInputElement>(null);
  if (off) return <FeatureOff title={t`Uploads are unavailable`} why={off} />;
  const counter = usage?.features.pdf;
  if (counter && counter.limit === 0)
    return (
      <div className="rounded-lg border border-line bg-surface p-6 shadow-card">
        <p className="font-serif font-[560] text-xl">
          <Trans>Uploads are not in your plan</Trans>
        </p>
        <p className="mt-1.5 text-muted">
          {inWords("pdf", plans)} <Trans>Then answers can be from your own books and papers.</Trans>
        </p>
        <Button asChild look="primary" className="mt-4" data-focus={INTAKE}>
          <Link to="/pricing">
            <Trans>See the plans</Trans>
          </Link>
        </Button>
      </div>
    );
  const left = counter?.limit != null ? Math.max(0, counter.limit - counter.used - counter.held) : undefined;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is one way; the button is the other
    <div
      className={cx(
        "flex flex-wrap items-center gap-x-5 gap-y-3 rounded-lg border-2 border-dashed px-5 py-6 transition-colors",
        over ? "border-accent bg-accent-soft" : "border-line bg-surface",
      )}
      onDragOver={(event: DragEvent) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event: DragEvent) => {
        event.preventDefault();
        setOver(false);
        enqueue(event.dataTransfer.files);
      }}
    >
      <FileUp size={28} strokeWidth={1.5} className="text-accent" aria-hidden />
      <div className="min-w-40 flex-1">
        <p className="font-medium">
          <Trans>Drop PDFs here</Trans>
        </p>
        <p className="text-faint text-sm">
          <Trans>
            Up to {bytes(100_000_000)} and {number(3000)} pages each.
          </Trans>{" "}
          {left !== undefined &&
            plural(left, { 0: "No more today.", one: "# more today.", other: "# more today." })}
        </p>
      </div>
      <Button look="primary" data-focus={INTAKE} onClick={() => files.current?.click()}>
        <Trans>Choose files</Trans>
      </Button>
      <input
        ref={files}
        type="file"
        multiple
        hidden
        aria-label={t`PDFs to upload`}
        accept="application/pdf"
        onChange={(event) => {
          enqueue(event.target.files ?? []);
          event.target.value = "";
        }}
      />
    </div>
  );
}
