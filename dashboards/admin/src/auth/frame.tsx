import { AuthPage } from "@medai/ui";
import type { ReactNode } from "react";

/** The page of those who are not in. */
export const Frame = ({ title, children }: { title: string; children: ReactNode }) => (
  <AuthPage title={title} suffix="admin" className="mx-auto min-h-dvh w-full max-w-md">
    {children}
  </AuthPage>
);
