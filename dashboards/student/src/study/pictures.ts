/** Pictures that cards cover: images, and pages of documents. They are kept for when there is no network. */
import { Problem, withSession } from "@medai/client";
import { useEffect, useState } from "react";
import { heldPicture, holdPicture } from "./review/database.ts";
import type { Occlusion } from "./types.ts";

/** So many pixels a page of a document is drawn wide. */
const WIDE = 1400;

type Pictured = Pick<Occlusion, "image_id" | "document_id" | "page">;

/** The name of a picture; undefined where there is none. */
export function pictureKey({ image_id, document_id, page }: Pictured): string | undefined {
  if (image_id) return `image ${image_id}`;
  return document_id ? `page ${document_id} ${page ?? 1}` : undefined;
}

async function fetched({ image_id, document_id, page }: Pictured): Promise<Blob> {
  if (image_id) {
    const response = await withSession(new Request(new URL(`/api/images/${image_id}`, location.origin)));
    if (!response.ok) throw await Problem.of(response);
    return response.blob();
  }
  const { open, draw } = await import("../source/pdf.ts");
  const { canvas } = await draw(await open(document_id ?? ""), page ?? 1, WIDE, undefined, 1);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(Problem.wrap(undefined))), "image/png");
  });
}

/** A picture: what is held of it, or else what the API has. */
export async function pictureOf(fields: Pictured, hold = false): Promise<Blob> {
  const key = pictureKey(fields);
  if (key === undefined) throw Problem.wrap(undefined);
  const held = await heldPicture(key).catch(() => undefined);
  if (held) return held;
  const picture = await fetched(fields);
  if (hold) await holdPicture(key, picture).catch(() => undefined);
  return picture;
}

/** An address at which a picture is shown, as long as it is. */
export function usePicture(fields: Pictured, hold = false): { url?: string; failed: boolean } {
  const [url, setUrl] = useState<string>();
  const [failed, setFailed] = useState(false);
  const key = pictureKey(fields);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says which picture it is
  useEffect(() => {
    let address: string | undefined;
    let stale = false;
    setUrl(undefined);
    setFailed(false);
    if (key === undefined) return;
    pictureOf(fields, hold).then(
      (picture) => {
        if (stale) return;
        address = URL.createObjectURL(picture);
        setUrl(address);
      },
      () => stale || setFailed(true),
    );
    return () => {
      stale = true;
      if (address) URL.revokeObjectURL(address);
    };
  }, [key]);
  return { ...(url !== undefined && { url }), failed };
}
