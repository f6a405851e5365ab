import { t } from "@lingui/core/macro";
import type { Session } from "@medai/client";
import { queryClient } from "@medai/client/react";
import { saveFile } from "@medai/ui";
import { markdownOf } from "./as_markdown.ts";
import { messagesQuery } from "./messages.ts";

/** Has the browser save a conversation as a file. */
export async function saveConversation(session: Session): Promise<void> {
  const title = session.title ?? t`Conversation`;
  const messages = await queryClient.fetchQuery(messagesQuery(session.id));
  const name = title.replace(/[^\p{L}\p{N} ._-]+/gu, "").trim() || t`Conversation`;
  saveFile(new Blob([markdownOf(title, messages)], { type: "text/markdown" }), `${name}.md`);
}
