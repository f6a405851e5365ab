import { t } from "@lingui/core/macro";
import { type Picture, Problem, upload } from "@medai/client";
import { useState } from "react";

export const PICTURES = "image/png,image/jpeg,image/webp";
const MOST = 4;

export interface Attached {
  id: string;
  name: string;
  /** Shown while it is on its way, and after. */
  preview: string;
  picture: Picture | undefined;
}

/** Images that will go with the next question. */
export function usePictures(onProblem: (problem: Problem) => void) {
  const [attached, setAttached] = useState<readonly Attached[]>([]);
  const drop = (id: string) => setAttached((all) => all.filter((each) => each.id !== id));
  const add = async (files: File[]) => {
    if (attached.length + files.length > MOST)
      return onProblem(
        new Problem(0, { code: "TOO_MANY", message: t`A question takes ${MOST} images at the most.` }),
      );
    await Promise.all(
      files.map(async (file) => {
        const id = crypto.randomUUID();
        const preview = URL.createObjectURL(file);
        setAttached((all) => [...all, { id, name: file.name, preview, picture: undefined }]);
        const form = new FormData();
        form.set("file", file);
        try {
          const signal = new AbortController().signal;
          const picture = await upload<Picture>("/api/images", form, () => undefined, signal);
          setAttached((all) => all.map((each) => (each.id === id ? { ...each, picture } : each)));
        } catch (error) {
          drop(id);
          onProblem(Problem.wrap(error));
        }
      }),
    );
  };
  return { attached, add, drop, clear: () => setAttached([]) };
}

export const isPicture = (file: File): boolean => PICTURES.split(",").includes(file.type);
