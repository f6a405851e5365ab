/**
 * Types by hand, of what the OpenAPI document does not have yet: documents, keys of one's own, the public status.
 * As soon as it has them, these give way to the generated ones (`types.ts`).
 */
import type { Feature } from "./types.ts";

export type DocumentStatus = "uploaded" | "processing" | "ready" | "partly_ready" | "failed";

export interface DocumentProblem {
  code: string;
  message: string;
  pages?: number[] | string;
}

export interface StudyDocument {
  id: string;
  title: string;
  status: DocumentStatus;
  error?: DocumentProblem | null;
  failed_pages?: number[] | null;
  progress?: { percent?: number; pages_done?: number; pages_total?: number; step?: string } | null;
  pages?: number | null;
  page_count?: number | null;
  bytes?: number | null;
  job_id?: string | null;
  created_at: string;
}

export interface DocumentAccepted {
  document: StudyDocument;
  job?: { id: string; state: string } | null;
  events_url?: string | null;
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
  page_label?: string | null;
  text: string;
  snippet?: string | null;
  score: number;
  vector_rank?: number | null;
  text_rank?: number | null;
}

/** What an answer's `[n]` stands for. The document may be gone by now: then it has no text. */
export interface Citation {
  n: number;
  document_id: string;
  title: string;
  page: number;
  page_label?: string | null;
  text?: string | null;
  start?: number | null;
  end?: number | null;
  score?: number | null;
}

export type MaintenanceLevel = "none" | "soft" | "hard";

export interface Status {
  status: string;
  maintenance: {
    level: MaintenanceLevel;
    message?: string | null;
    estimated_restoration?: string | null;
  };
  features: Partial<Record<Feature, { enabled: boolean; level: string; message?: string | null }>>;
}

export interface OwnKey {
  id: string;
  provider: "gemini" | "openai" | "ollama";
  key_masked: string;
  status: string;
  reason?: string | null;
  last_used_at?: string | null;
  /** Whether the shared keys are never used instead of this one. */
  exclusive?: boolean;
  base_url?: string | null;
  model?: string | null;
}
