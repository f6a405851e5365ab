import { t } from "@lingui/core/macro";
import { useNavigate } from "@tanstack/react-router";
import { want } from "../../chat/wanted.ts";
import type { MapNode } from "../result_types.ts";

/** Begins a question about a term, where questions are written; it is not sent. */
export function useAsk(title: string | undefined): (node: MapNode) => void {
  const navigate = useNavigate();
  return ({ label }) => {
    const text = title ? t`Explain “${label}” in the context of ${title}.` : t`Explain “${label}”.`;
    // What is written in an open conversation stays there: this is for the next one.
    void navigate({ to: "/" }).then(() => setTimeout(() => want(text)));
  };
}
