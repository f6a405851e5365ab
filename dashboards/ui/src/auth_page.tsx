import type { ComponentProps, ReactNode } from "react";
import { cx } from "./cx.ts";
import { ThemeChoice } from "./theme.tsx";
import { Wordmark } from "./wordmark.tsx";

interface Props extends ComponentProps<"main"> {
  title: string;
  /** Of the app's name. */
  suffix?: string;
  /** Classes of what stands in the middle. */
  column?: string;
  children: ReactNode;
}

/** The page of those who are not in: the name, the theme, and in the middle one thing to do. */
export function AuthPage({ title, suffix, column, className, children, ...main }: Props) {
  return (
    <main className={cx("flex flex-col px-6 py-6", className)} {...main}>
      <div className="flex items-center justify-between">
        <Wordmark {...(suffix ? { suffix } : {})} />
        <ThemeChoice />
      </div>
      <div className={cx("my-auto w-full py-10", column)}>
        <h1 className="mb-6 text-[2rem]">{title}</h1>
        {children}
      </div>
    </main>
  );
}
