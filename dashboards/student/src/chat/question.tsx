import { t } from "@lingui/core/macro";
import type { Message } from "@medai/client";
import { commandOf } from "./commands.ts";

/** A question, and the pictures that went with it. */
export function Question({ message }: { message: Message }) {
  const command = commandOf(message.content);
  const pictures = message.attachments ?? [];
  return (
    // The bar is where its words begin, whichever way they are read.
    <div dir="auto" className="border-accent border-s-[3px] ps-4">
      {pictures.length > 0 && (
        <div className="mb-2 flex flex-wrap gap-2">
          {pictures.map(({ id, url, width, height }) => (
            <a key={id} href={url} target="_blank" rel="noreferrer">
              <img
                src={url}
                width={width}
                height={height}
                alt={t`Sent with the question`}
                className="h-28 w-auto max-w-full rounded-md object-cover"
              />
            </a>
          ))}
        </div>
      )}
      <h2 className="whitespace-pre-wrap break-words font-sans font-semibold text-[1.0625rem] leading-snug tracking-normal [text-wrap:pretty]">
        {command ? (
          <>
            <span className="text-accent">/{command.command.name}</span> {command.topic}
          </>
        ) : (
          message.content
        )}
      </h2>
    </div>
  );
}
