import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { Problem } from "@medai/client";
import { Button, cx, IconButton, number } from "@medai/ui";
import { Link } from "@tanstack/react-router";
import { ArrowUp, Paperclip, Square, X } from "lucide-react";
import {
  type ClipboardEvent,
  type KeyboardEvent,
  type ReactNode,
  useEffect,
  useImperativeHandle,
  useRef,
  useState,
} from "react";
import { COMPOSER, focusAfter } from "../app/focus.ts";
import { ProblemNotice } from "../app/limit.tsx";
import { isPressed } from "../app/shortcuts.ts";
import { useFeatureOff } from "../app/status.tsx";
import { Arriving } from "../documents/arriving.tsx";
import { enqueue } from "../documents/uploads.ts";
import { notInPlan, useUploads } from "../plans/invitation.ts";
import { CareLine } from "../study/care_line.tsx";
import { useUsage } from "../usage/usage.ts";
import { commandOf, lacking, matching } from "./commands.ts";
import { useDraft } from "./draft.ts";
import { Palette } from "./palette.tsx";
import { isPicture, PICTURES, usePictures } from "./pictures.ts";

export interface ComposerHandle {
  set: (text: string) => void;
  /** What was dropped on the page. */
  take: (files: File[]) => void;
}

interface Props {
  session: string | undefined;
  /** An answer is being written: no second question until then. */
  busy: boolean;
  /** The choice of documents. */
  sources: ReactNode;
  onSend: (content: string, pictures: string[]) => Promise<void>;
  onStop: () => void;
  /** The key that goes back in history: edits the last question. */
  onUp: () => void;
  ref: React.Ref<ComposerHandle>;
}

const LONGEST = 10_000;

/** Where questions are written. */
export function Composer({ session, busy, sources, onSend, onStop, onUp, ref }: Props) {
  const [draft, setDraft] = useDraft(session);
  const [problem, setProblem] = useState<Problem>();
  const [sending, setSending] = useState(false);
  const [due, setDue] = useState(false);
  const [picked, setPicked] = useState(0);
  const [dismissed, setDismissed] = useState("");
  const pictures = usePictures(setProblem);
  const usage = useUsage();
  const uploads = useUploads();
  const [missing, setMissing] = useState("");
  const box = useRef<HTMLTextAreaElement>(null);
  const files = useRef<HTMLInputElement>(null);
  const [shownFor, setShownFor] = useState(session);
  if (shownFor !== session) {
    setShownFor(session);
    if (shownFor !== undefined) setProblem(undefined);
  }
  const off = useFeatureOff(commandOf(draft)?.command.feature ?? "chat");
  const commands = draft === dismissed ? [] : matching(draft);
  const open = commands.length > 0;
  const loading = pictures.attached.some(({ picture }) => !picture);

  const take = (chosen: File[]) => {
    const images = chosen.filter(isPicture);
    const others = chosen.filter((file) => !isPicture(file));
    const refused =
      (images.length > 0 && notInPlan(usage, "image")) || (others.length > 0 && notInPlan(usage, "pdf"));
    if (refused) return setProblem(refused);
    if (images.length > 0) void pictures.add(images);
    enqueue(others);
  };
  const set = (text: string) => {
    setDraft(text);
    setMissing("");
    setPicked(0);
    box.current?.focus();
  };
  useImperativeHandle(ref, () => ({ set, take }));

  // biome-ignore lint/correctness/useExhaustiveDependencies: it fits what is written
  useEffect(() => {
    const area = box.current;
    if (!area) return;
    area.style.height = "auto";
    area.style.height = `${area.scrollHeight}px`;
  }, [draft]);

  const send = async () => {
    const content = draft.trim();
    if (content === "" || busy || sending || off) return;
    const lacks = lacking(content);
    if (lacks) return setMissing(lacks);
    // It goes as soon as its images are there.
    if (loading) return setDue(true);
    const ids = pictures.attached.flatMap(({ picture }) => (picture ? [picture.id] : []));
    setSending(true);
    setProblem(undefined);
    setDraft("");
    try {
      await onSend(content, ids);
      pictures.clear();
    } catch (error) {
      setDraft(content);
      setProblem(Problem.wrap(error));
    } finally {
      setSending(false);
    }
  };

  // biome-ignore lint/correctness/useExhaustiveDependencies: only when the last image has come
  useEffect(() => {
    if (!due || loading) return;
    setDue(false);
    void send();
  }, [due, loading]);

  /** Does what takes away the button for it. */
  const done = (what: () => void) => {
    what();
    focusAfter("put");
  };
  const complete = (at: number) => {
    const command = commands[at];
    if (command) set(`/${command.name} `);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (open && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      setPicked((picked + step + commands.length) % commands.length);
    } else if (open && (event.key === "Enter" || event.key === "Tab")) {
      event.preventDefault();
      complete(picked);
    } else if (open && event.key === "Escape") {
      event.stopPropagation();
      setDismissed(draft);
    } else if (isPressed(event, "send")) {
      event.preventDefault();
      void send();
    } else if (isPressed(event, "editLast") && draft === "") {
      event.preventDefault();
      onUp();
    }
  };

  const onPaste = (event: ClipboardEvent) => {
    const pasted = [...event.clipboardData.files];
    if (pasted.length === 0) return;
    event.preventDefault();
    take(pasted);
  };

  return (
    <div className="mx-auto w-full max-w-[46rem] px-3 print:hidden pb-[max(0.75rem,env(safe-area-inset-bottom))] sm:px-5">
      {problem && (
        <div className="mb-2">
          <ProblemNotice
            problem={problem}
            onRetry={draft ? () => done(() => void send()) : undefined}
            onDismiss={() => done(() => setProblem(undefined))}
          />
        </div>
      )}
      <Arriving />
      {off && <p className="mb-2 text-sm text-warn">{off}</p>}
      {missing && (
        <p id="composer-missing" role="alert" className="mb-2 text-sm text-warn">
          {missing}
        </p>
      )}
      <div className="relative rounded-lg border border-edge/60 bg-surface shadow-card focus-within:border-accent focus-within:shadow-pop">
        {open && <Palette commands={commands} picked={picked} onPick={complete} onHover={setPicked} />}
        {pictures.attached.length > 0 && (
          <ul aria-label={t`Images`} className="flex flex-wrap gap-3 px-3 pt-3">
            {pictures.attached.map((each) => (
              <li key={each.id} className="relative">
                <img
                  src={each.preview}
                  alt={each.name}
                  className={cx(
                    "size-20 rounded-md object-cover ring-1 ring-line",
                    !each.picture && "animate-breathe",
                  )}
                />
                <button
                  type="button"
                  aria-label={t`Remove ${each.name}`}
                  className="hit absolute -end-1.5 -top-1.5 grid size-6 place-items-center rounded-full bg-ink text-paper"
                  onClick={() => done(() => pictures.drop(each.id))}
                >
                  <X size={14} />
                </button>
              </li>
            ))}
          </ul>
        )}
        <textarea
          ref={box}
          dir="auto"
          rows={1}
          value={draft}
          maxLength={LONGEST}
          aria-label={t`Your question`}
          aria-describedby={missing ? "composer-missing composer-hint" : "composer-hint"}
          aria-invalid={missing ? true : undefined}
          data-focus={COMPOSER}
          {...(open && {
            "aria-haspopup": "listbox",
            "aria-autocomplete": "list",
            "aria-controls": "commands",
            "aria-activedescendant": `command-${commands[picked]?.name}`,
          })}
          placeholder={t`Ask, or type / for a command`}
          className="block max-h-[38dvh] w-full resize-none bg-transparent px-4 pt-3.5 pb-1 text-[1.0313rem] leading-relaxed outline-none placeholder:text-faint"
          onChange={(event) => {
            setDue(false);
            set(event.target.value);
          }}
          onKeyDown={onKeyDown}
          onPaste={onPaste}
        />
        <div className="flex items-center gap-1 p-1.5">
          <IconButton
            label={uploads.label}
            size="sm"
            className="pointer-coarse:size-10"
            icon={<Paperclip size={18} />}
            onClick={() => (uploads.none ? setProblem(notInPlan(usage, "pdf")) : files.current?.click())}
          />
          <input
            ref={files}
            type="file"
            multiple
            hidden
            aria-label={t`PDFs or images to add`}
            accept={`application/pdf,${PICTURES}`}
            onChange={(event) => {
              take([...(event.target.files ?? [])]);
              event.target.value = "";
            }}
          />
          {sources}
          <p id="composer-hint" className="ms-1 min-w-0 flex-1 text-faint text-xs">
            <Left />
          </p>
          {draft.length > LONGEST * 0.9 && (
            <span className="figures text-warn text-xs">
              <Trans>{number(LONGEST - draft.length)} left</Trans>
            </span>
          )}
          {busy ? (
            <Button
              size="sm"
              className="pointer-coarse:min-h-10"
              icon={<Square size={13} fill="currentColor" />}
              onClick={onStop}
            >
              <Trans>Stop</Trans>
            </Button>
          ) : (
            <IconButton
              label={t`Send`}
              size="sm"
              look="primary"
              className="pointer-coarse:size-10"
              icon={<ArrowUp size={18} />}
              disabled={draft.trim() === "" || sending || due || off !== undefined}
              onClick={() => void send()}
            />
          )}
        </div>
      </div>
      <CareLine className="pt-1.5 text-center" />
    </div>
  );
}

/** What is left of today. */
function Left() {
  const usage = useUsage();
  if (!usage || usage.tokens.limit == null)
    return (
      <span>
        <Trans>Enter sends, Shift+Enter starts a new line</Trans>
      </span>
    );
  const left = (counter: { used: number; held: number; limit?: number | null }) =>
    Math.max(0, (counter.limit ?? 0) - counter.used - counter.held);
  const tokens = left(usage.tokens);
  return (
    <Link to="/usage" className="hit figures block truncate py-1 hover:text-ink hover:underline">
      <span className="sm:hidden">
        <Trans>{number(tokens)} tokens left</Trans>
      </span>
      <span className="max-sm:hidden">
        {usage.requests.limit == null ? (
          <Trans>{number(tokens)} tokens left today</Trans>
        ) : (
          <Trans>
            {number(tokens)} tokens and{" "}
            <Plural value={left(usage.requests)} one="# question" other="# questions" /> left today
          </Trans>
        )}
      </span>
    </Link>
  );
}
