import { ThemeChoice, Wordmark } from "@medai/ui";
import type { ReactNode } from "react";

/** The page of those who are not in. */
export function Frame({ title, children }: { title: string; children: ReactNode }) {
  return (
    <main className="mx-auto flex min-h-dvh w-full max-w-md flex-col px-6 py-6">
      <div className="flex items-center justify-between">
        <Wordmark suffix="admin" />
        <ThemeChoice />
      </div>
      <div className="my-auto py-10">
        <h1 className="mb-6 text-[2rem]">{title}</h1>
        {children}
      </div>
    </main>
  );
}
