/** Files on their way to the API, one after the other. They go on while other pages are looked at. */
import { t } from "@lingui/core/macro";
import { type AcceptedDocument, Problem, upload } from "@medai/client";
import { queryClient } from "@medai/client/react";
import { useSyncExternalStore } from "react";
import { usageQuery } from "../usage/usage.ts";
import { taken } from "./documents.ts";
import { sentOf } from "./sent.ts";

export interface Upload {
  id: string;
  name: string;
  bytes: number;
  sent: number;
  state: "waiting" | "sending" | "failed";
  problem?: Problem;
}

let uploads: readonly Upload[] = [];
const files = new Map<string, { file: File; stop: AbortController }>();
const listeners = new Set<() => void>();
let running = false;

function change(next: readonly Upload[]): void {
  uploads = next;
  for (const listener of listeners) listener();
}

const patch = (id: string, more: Partial<Upload>) =>
  change(uploads.map((each) => (each.id === id ? { ...each, ...more } : each)));

export function useUploads(): readonly Upload[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => uploads,
  );
}

/** Takes files; what is no PDF by its name or type is refused at once. The API looks at the content. */
export function enqueue(chosen: Iterable<File>): void {
  for (const file of chosen) {
    const id = crypto.randomUUID();
    const isPdf = file.type === "application/pdf" || /\.pdf$/i.test(file.name);
    const known: Upload = { id, name: file.name, bytes: file.size, sent: 0, state: "waiting" };
    files.set(id, { file, stop: new AbortController() });
    const message = t`Only PDFs are read. Print it to a PDF, or export it as one, and try again.`;
    change([
      ...uploads,
      isPdf
        ? known
        : { ...known, state: "failed", problem: new Problem(415, { code: "NOT_A_PDF", message }) },
    ]);
  }
  void run();
}

export function dismiss(id: string): void {
  files.get(id)?.stop.abort();
  files.delete(id);
  change(uploads.filter((each) => each.id !== id));
}

export function retry(id: string): void {
  const known = files.get(id);
  if (!known) return;
  files.set(id, { file: known.file, stop: new AbortController() });
  patch(id, { state: "waiting", sent: 0 });
  void run();
}

async function run(): Promise<void> {
  if (running) return;
  running = true;
  for (let next = waiting(); next; next = waiting()) await one(next.id);
  running = false;
  void queryClient.invalidateQueries({ queryKey: usageQuery.queryKey });
}

/** One file at a time over all tabs: a browser has six connections to us, and questions need one. */
async function inTurn(signal: AbortSignal, work: () => Promise<void>): Promise<void> {
  // Browsers offer locks on HTTPS and on localhost.
  if (navigator.locks) await navigator.locks.request("medai-upload", { signal }, work);
  else await work();
}

const waiting = () => uploads.find(({ state }) => state === "waiting");

async function one(id: string): Promise<void> {
  const known = files.get(id);
  if (!known) return;
  patch(id, { state: "sending" });
  const form = new FormData();
  form.set("file", known.file);
  try {
    // What is sent is more than the file: the form is around it.
    const progress = (sent: number, total: number) =>
      patch(id, { sent: sentOf(sent, total, known.file.size) });
    const { signal } = known.stop;
    await inTurn(signal, () => taken(upload<AcceptedDocument>("/api/documents", form, progress, signal)));
    dismiss(id);
  } catch (error) {
    if (!known.stop.signal.aborted) patch(id, { state: "failed", problem: Problem.wrap(error) });
  }
}
