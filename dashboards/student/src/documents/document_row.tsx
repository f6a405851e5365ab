import { Problem, type StudyDocument } from "@medai/client";
import {
  Badge,
  Button,
  bytes,
  day,
  IconButton,
  Menu,
  Meter,
  Notice,
  number,
  say,
  TextField,
  type Tone,
} from "@medai/ui";
import { Ellipsis, FileText, Trash2 } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useLive } from "../stream/live.ts";
import { isSearchable, isUnderWay, recognise, unlock } from "./documents.ts";
import type { Place } from "./playground.tsx";

interface Props {
  document: StudyDocument;
  onDelete: () => void;
  onOpen: (place: Place) => void;
}

const STATES: Record<StudyDocument["status"], [Tone, string]> = {
  uploaded: ["neutral", "In line"],
  processing: ["neutral", "Being read"],
  ready: ["good", "Ready"],
  partly_ready: ["warn", "Partly read"],
  failed: ["bad", "Not read"],
};

/** A document: what it is, how far it is, and the way out where something is wrong. */
export function DocumentRow({ document, onDelete, onOpen }: Props) {
  const [tone, word] = STATES[document.status];
  const facts = [
    document.pages && `${number(document.pages)} ${document.pages === 1 ? "page" : "pages"}`,
    bytes(document.bytes),
    day(document.created_at),
  ].filter(Boolean);
  const open = () =>
    onOpen({ marked: false, citation: { ...NOWHERE, document_id: document.id, title: document.title } });
  return (
    <li className="border-line border-b py-3.5">
      <div className="flex items-center gap-3">
        <div className="min-w-0 flex-1">
          <p className="flex min-w-0 items-center gap-2.5">
            <button
              type="button"
              className="truncate font-medium hover:underline hover:underline-offset-4"
              onClick={open}
            >
              {document.title}
            </button>
            <Badge tone={tone}>{word}</Badge>
          </p>
          <p className="figures text-faint text-sm">{facts.join(" · ")}</p>
        </div>
        <Menu
          label={`What to do with ${document.title}`}
          trigger={
            <IconButton
              label={`More for ${document.title}`}
              tip={false}
              size="sm"
              icon={<Ellipsis size={17} />}
            />
          }
          items={[
            { label: "Open", icon: <FileText size={15} />, onSelect: open },
            { label: "Delete", icon: <Trash2 size={15} />, danger: true, onSelect: onDelete },
          ]}
        />
      </div>
      {isUnderWay(document) && <Progress document={document} />}
      {document.error && !isUnderWay(document) && <WayOut document={document} />}
    </li>
  );
}

const NOWHERE = { n: 0, page: 1, start: 0, end: 0, score: 0 };

const STEPS: Record<string, string> = {
  extract: "Reading",
  read: "Reading",
  split: "Cutting into passages",
  embed: "Learning what it says",
  index: "Putting in order",
  ocr: "Recognising text",
};

function Progress({ document }: { document: StudyDocument }) {
  const live = useLive(document.job_id);
  const now = live?.answer.progress ?? document.progress ?? {};
  const value = now.percent ?? 0;
  const what = STEPS[now.step ?? ""] ?? (document.status === "uploaded" ? "Waiting to be read" : "Reading");
  const where = now.page && now.pages ? `page ${number(now.page)} of ${number(now.pages)}` : "";
  return (
    <div className="mt-2">
      <Meter label={`Reading ${document.title}`} progress value={value} max={100} className="h-1!" />
      <p className="figures mt-1 flex justify-between text-faint text-sm">
        <span>{[what, where].filter(Boolean).join(", ")}</span>
        <span>{Math.round(value)}%</span>
      </p>
    </div>
  );
}

/** What is wrong, in the API's words, and what can be done about it. */
function WayOut({ document }: { document: StudyDocument }) {
  const { code = "", message = "", details } = document.error ?? {};
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState(false);
  const attempt = async (work: Promise<void>) => {
    setBusy(true);
    await work.catch((error: unknown) => say(Problem.wrap(error).message));
    setBusy(false);
  };
  const locked = code === "DOCUMENT_NEEDS_PASSWORD" || code === "DOCUMENT_WRONG_PASSWORD";
  const ocr = details?.ocr === true || code === "DOCUMENT_HAS_NO_TEXT";
  const actions: ReactNode = ocr ? (
    <Button size="sm" busy={busy} onClick={() => void attempt(recognise(document.id))}>
      Recognise the text
    </Button>
  ) : null;
  return (
    <div className="mt-2.5">
      <Notice tone={isSearchable(document) ? "warn" : "bad"} actions={actions}>
        {message}
        {locked && (
          <form
            className="mt-2.5 flex max-w-sm items-end gap-2"
            onSubmit={(event) => {
              event.preventDefault();
              void attempt(unlock(document.id, password)).then(() => setPassword(""));
            }}
          >
            <div className="flex-1">
              <TextField
                bare
                label={`Password of ${document.title}`}
                type="password"
                autoComplete="off"
                placeholder="Password of the PDF"
                required
                value={password}
                onChange={(event) => setPassword(event.target.value)}
              />
            </div>
            <Button type="submit" look="primary" busy={busy}>
              Open
            </Button>
          </form>
        )}
        {locked && <p className="mt-1 text-faint text-sm">It is used to read the file once, and not kept.</p>}
      </Notice>
    </div>
  );
}
