import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import "./page_text.css";
import { IconButton, Notice, number, Skeleton, say } from "@medai/ui";
import { ChevronLeft, ChevronRight, Highlighter, Printer, ZoomIn, ZoomOut } from "lucide-react";
import { useEffect, useMemo, useRef, useState } from "react";
import { PasswordForm } from "../documents/password_form.tsx";
import { Marks } from "./marks.tsx";
import { remember } from "./passwords.ts";
import { draw, isLocked, open, type Sheet } from "./pdf.ts";
import { printPage } from "./print_page.tsx";

interface Props {
  document: string;
  title: string;
  page: number;
  passage: string | undefined;
  /** The sentences of it that are quoted: where there are any, these are marked. */
  quotes: readonly string[] | undefined;
  /** What was recognised on the page, for a scan that says nothing itself. */
  recognised: string | undefined;
  /** The passage is still being fetched. */
  waiting: boolean;
  /** Says whether the passage was found on its page. */
  onPlaced: (placed: boolean) => void;
}

/** How much wider than its panel a page is drawn, step by step. */
const ZOOMS = [1, 1.5, 2, 3];

interface Drawn {
  page: number;
  pages: number;
  width: number;
  sheet: Sheet;
}

/** A page of a PDF, with a passage marked as with a highlighter. */
export default function PdfPage(props: Props) {
  const { document, title, page, passage, quotes, recognised, waiting, onPlaced } = props;
  const frame = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  const [zoom, setZoom] = useState(0);
  const [current, setCurrent] = useState(page);
  const [drawn, setDrawn] = useState<Drawn>();
  const [failed, setFailed] = useState<"broken" | "locked">();
  const [tries, setTries] = useState(0);
  const sought = useMemo(
    () => (passage === undefined ? undefined : { passage, quotes: quotes ?? [] }),
    [passage, quotes],
  );
  const placed = useRef(onPlaced);
  placed.current = onPlaced;

  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const observer = new ResizeObserver(() => {
      clearTimeout(timer);
      timer = setTimeout(() => setWidth(Math.floor(element.clientWidth)), 60);
    });
    observer.observe(element);
    return () => {
      clearTimeout(timer);
      observer.disconnect();
    };
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new password is another try
  useEffect(() => {
    if (width === 0 || waiting) return;
    let stale = false;
    const work = async () => {
      const pdf = await open(document);
      const wide = width * (ZOOMS[zoom] ?? 1);
      const sheet = await draw(pdf, current, wide, current === page ? sought : undefined);
      if (stale) return;
      setDrawn({ page: current, pages: pdf.numPages, width: wide, sheet });
      if (current === page) placed.current(sheet.marks !== undefined && sheet.marks.length > 0);
    };
    setFailed(undefined);
    work().catch((error: unknown) => !stale && setFailed(isLocked(error) ? "locked" : "broken"));
    return () => {
      stale = true;
    };
  }, [document, current, page, sought, waiting, width, zoom, tries]);

  const first = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (drawn?.sheet.marks?.length) first.current?.scrollIntoView({ block: "center", inline: "nearest" });
  }, [drawn]);

  const marks = drawn?.sheet.marks ?? [];
  const print = () =>
    printPage(document, current, current === page ? sought : undefined).catch(() =>
      say(t`The page can’t be printed.`),
    );

  return (
    <>
      <div className="p-3 sm:p-4">
        <div ref={frame} className="relative overflow-x-auto">
          {failed ? (
            <Failed
              locked={failed === "locked"}
              title={title}
              onPassword={(password) => {
                remember(document, password);
                setTries(tries + 1);
              }}
            />
          ) : drawn ? (
            // biome-ignore lint/a11y/useSemanticElements: a page is no set of fields
            <div
              role="group"
              aria-label={
                marks.length > 0 ? t`Page ${drawn.page}, with the passage marked` : t`Page ${drawn.page}`
              }
              dir="ltr"
              className="relative overflow-hidden rounded-sm bg-white shadow-card ring-1 ring-line"
              style={{ width: drawn.width, height: drawn.sheet.height }}
            >
              <div
                ref={(element) => element?.replaceChildren(drawn.sheet.canvas)}
                className="size-full *:size-full"
              />
              <Marks marks={marks} first={first} />
              <div ref={(element) => element?.replaceChildren(drawn.sheet.text)} />
              {!drawn.sheet.hasText && (
                <p className="sr-only">
                  {recognised && drawn.page === page
                    ? t`Recognised text of this page: ${recognised}`
                    : t`This page is a picture, and its text is not known.`}
                </p>
              )}
            </div>
          ) : (
            <Skeleton className="aspect-[3/4]" />
          )}
        </div>
      </div>
      {drawn && !failed && (
        <div className="sticky bottom-0 mt-auto flex items-center justify-center gap-1 pointer-coarse:gap-2 border-line border-t bg-surface p-1.5 text-sm">
          {drawn.pages > 1 && (
            <>
              <IconButton
                label={t`Previous page`}
                size="sm"
                icon={<ChevronLeft size={17} className="rtl:-scale-x-100" />}
                disabled={current <= 1}
                onClick={() => setCurrent(current - 1)}
              />
              <span className="figures min-w-20 text-center text-muted sm:min-w-28" aria-live="polite">
                <Trans>
                  Page {number(current)} of {number(drawn.pages)}
                </Trans>
              </span>
              <IconButton
                label={t`Next page`}
                size="sm"
                icon={<ChevronRight size={17} className="rtl:-scale-x-100" />}
                disabled={current >= drawn.pages}
                onClick={() => setCurrent(current + 1)}
              />
              <IconButton
                label={t`Back to the passage`}
                size="sm"
                icon={<Highlighter size={16} />}
                disabled={current === page}
                onClick={() => setCurrent(page)}
              />
            </>
          )}
          <IconButton
            label={t`Zoom out`}
            size="sm"
            icon={<ZoomOut size={17} />}
            disabled={zoom === 0}
            onClick={() => setZoom(zoom - 1)}
          />
          <IconButton
            label={t`Zoom in`}
            size="sm"
            icon={<ZoomIn size={17} />}
            disabled={zoom === ZOOMS.length - 1}
            onClick={() => setZoom(zoom + 1)}
          />
          <IconButton
            label={t`Print this page`}
            size="sm"
            icon={<Printer size={16} />}
            onClick={() => void print()}
          />
        </div>
      )}
    </>
  );
}

function Failed({
  locked,
  title,
  onPassword,
}: {
  locked: boolean;
  title: string;
  onPassword: (password: string) => void;
}) {
  if (locked)
    return (
      <Notice title={t`This PDF is protected`}>
        <Trans>Its pages can be shown with its password.</Trans>
        <PasswordForm
          title={title}
          note={t`It stays in this browser, until the page is closed.`}
          onSubmit={onPassword}
        />
      </Notice>
    );
  return (
    <Notice tone="bad" title={t`The page can’t be shown`} alert>
      <Trans>The file could not be loaded or drawn. Try again in a moment.</Trans>
    </Notice>
  );
}
