import { IconButton, Notice, Skeleton } from "@medai/ui";
import { ChevronLeft, ChevronRight, Highlighter, ZoomIn, ZoomOut } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { PasswordForm } from "../documents/password_form.tsx";
import { remember } from "./passwords.ts";
import { draw, isLocked, type Mark, open } from "./pdf.ts";

interface Props {
  document: string;
  title: string;
  page: number;
  passage: string | undefined;
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
  height: number;
  marks: Mark[];
}

/** A page of a PDF, with a passage marked as with a highlighter. */
export default function PdfPage({ document, title, page, passage, waiting, onPlaced }: Props) {
  const frame = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  const [zoom, setZoom] = useState(0);
  const [current, setCurrent] = useState(page);
  const [canvas, setCanvas] = useState<HTMLCanvasElement>();
  const [drawn, setDrawn] = useState<Drawn>();
  const [failed, setFailed] = useState<"broken" | "locked">();
  const [tries, setTries] = useState(0);
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
    const fresh = window.document.createElement("canvas");
    const work = async () => {
      const pdf = await open(document);
      const wide = width * (ZOOMS[zoom] ?? 1);
      const { height, marks } = await draw(pdf, current, fresh, wide, current === page ? passage : undefined);
      if (stale) return;
      setCanvas(fresh);
      setDrawn({ page: current, pages: pdf.numPages, width: wide, height, marks: marks ?? [] });
      if (current === page) placed.current(marks !== undefined && marks.length > 0);
    };
    setFailed(undefined);
    work().catch((error: unknown) => !stale && setFailed(isLocked(error) ? "locked" : "broken"));
    return () => {
      stale = true;
    };
  }, [document, current, page, passage, waiting, width, zoom, tries]);

  const first = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (drawn && drawn.marks.length > 0)
      first.current?.scrollIntoView({ block: "center", inline: "nearest" });
  }, [drawn]);

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
            <div
              role="img"
              aria-label={`Page ${drawn.page}${drawn.marks.length > 0 ? ", with the passage marked" : ""}`}
              className="relative overflow-hidden rounded-sm bg-white shadow-card ring-1 ring-line"
              style={{ width: drawn.width, height: drawn.height }}
            >
              <div
                ref={(element) => {
                  if (canvas) element?.replaceChildren(canvas);
                }}
                className="*:size-full"
              />
              {drawn.marks.map((mark, at) => (
                <div
                  key={`${mark.left} ${mark.top}`}
                  ref={at === 0 ? first : undefined}
                  className="absolute origin-bottom-left rounded-[1px] bg-[#ffdf57]/75 mix-blend-multiply"
                  style={{
                    left: mark.left,
                    top: mark.top,
                    width: mark.width,
                    height: mark.height,
                    transform: mark.angle === 0 ? undefined : `rotate(${mark.angle}rad)`,
                  }}
                />
              ))}
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
                label="Page before"
                size="sm"
                icon={<ChevronLeft size={17} />}
                disabled={current <= 1}
                onClick={() => setCurrent(current - 1)}
              />
              <span className="figures min-w-20 text-center text-muted sm:min-w-28" aria-live="polite">
                Page {current} of {drawn.pages}
              </span>
              <IconButton
                label="Next page"
                size="sm"
                icon={<ChevronRight size={17} />}
                disabled={current >= drawn.pages}
                onClick={() => setCurrent(current + 1)}
              />
              <IconButton
                label="Back to the passage"
                size="sm"
                icon={<Highlighter size={16} />}
                disabled={current === page}
                onClick={() => setCurrent(page)}
              />
            </>
          )}
          <IconButton
            label="Smaller"
            size="sm"
            icon={<ZoomOut size={17} />}
            disabled={zoom === 0}
            onClick={() => setZoom(zoom - 1)}
          />
          <IconButton
            label="Larger"
            size="sm"
            icon={<ZoomIn size={17} />}
            disabled={zoom === ZOOMS.length - 1}
            onClick={() => setZoom(zoom + 1)}
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
      <Notice title="This PDF is protected">
        Its pages can be shown with its password.
        <PasswordForm
          title={title}
          note="It stays in this browser, until the page is closed."
          onSubmit={onPassword}
        />
      </Notice>
    );
  return (
    <Notice tone="bad" title="The page can’t be shown" alert>
      The file could not be loaded or drawn. Try again in a moment.
    </Notice>
  );
}
