/**
 * Types by hand, of what the OpenAPI document does not have yet: documents, keys of one's own, the public status.
 * As soon as it has them, these give way to the generated ones (`types.ts`).
 */
import type { Feature } from "./types.ts";

export type DocumentStatus = "uploaded" | "processing" | "ready" | "partly_ready" | "failed";

export interface StudyDocument {
  id: string;
  title: string;
  bytes: number;
  status: DocumentStatus;
  pages?: number;
  failed_pages?: number[];
  /** Pages without text, which text recognition may read. */
  textless_pages?: number[];
  error?: { code: string; message: string; details?: { ocr?: boolean } } | null;
  progress?: DocumentProgress | null;
  job_id: string;
  created_at: string;
  ready_at?: string;
}

export interface DocumentProgress {
  step?: string;
  percent?: number;
  page?: number;
  pages?: number;
}

export interface DocumentAccepted {
  document: StudyDocument;
  job: { id: string; state: string };
  events_url: string;
}

/** A page as it was read. */
export interface PageText {
  page: number;
  label?: string;
  text: string;
}

export interface Page<T> {
  items: T[];
  next: string | null;
}

/** A passage that search found. */
export interface Hit {
  document_id: string;
  title: string;
  page: number;
  label?: string;
  start: number;
  end: number;
  text: string;
  snippet: string;
  score: number;
  similarity?: number;
  /** By its meaning, or by its words. */
  found_by: ("vector" | "text")[];
}

/** What an answer's `[n]` stands for. The document may be gone by now: then it has no text. */
export interface Citation {
  n: number;
  document_id: string;
  title: string;
  page: number;
  label?: string;
  /** In characters of the page's text. */
  start: number;
  end: number;
  score: number;
  text?: string;
}

/** An image that goes with a message. */
export interface Picture {
  id: string;
  url: string;
  width: number;
  height: number;
}

export type MaintenanceLevel = "none" | "soft" | "hard";

export interface FeatureStatus {
  enabled: boolean;
  /** Anything but `none` is not to be had at the moment. */
  level: MaintenanceLevel;
  message?: string;
  estimated_restoration?: string;
}

export interface Status {
  status: string;
  maintenance: { level: MaintenanceLevel; message: string | null; estimated_restoration?: string };
  features: Partial<Record<Feature, FeatureStatus>>;
  scheduled: {
    level: MaintenanceLevel;
    feature: Feature | null;
    message: string;
    from: string;
    until: string;
  }[];
}

export interface OwnKey {
  id: string;
  provider: "gemini" | "openai" | "ollama";
  key_masked: string;
  status: string;
  reason: string | null;
  cooldown_until: string | null;
  base_url: string | null;
  model: string | null;
  /** Whether questions end with an error rather than be answered by a shared key. */
  never_fall_back: boolean;
  last_used_at: string | null;
  created_at: string;
}
