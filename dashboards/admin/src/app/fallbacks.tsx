import { Problem } from "@medai/client";
import { Button, Empty } from "@medai/ui";
import { type ErrorComponentProps, Link, useRouter } from "@tanstack/react-router";
import { useTitle } from "./title.ts";

/** In the place of a page that is not there, or not for this role. */
export function NotFound() {
  useTitle("Page not found");
  return (
    <div className="flex flex-col items-center px-4 py-12 text-center">
      <h1 className="text-xl">Page not found</h1>
      <p className="mt-2 mb-5 text-muted">It does not exist, or your role has no access to it.</p>
      <Button asChild>
        <Link to="/">Go to the overview</Link>
      </Button>
    </div>
  );
}

/** The same, with nothing around it. */
export function NowhereAtAll() {
  return (
    <main>
      <NotFound />
    </main>
  );
}

export function Broken({ error, reset }: ErrorComponentProps) {
  const { invalidate } = useRouter();
  const problem = Problem.wrap(error);
  return (
    <Empty
      title="This page can’t be shown"
      actions={
        <Button
          onClick={() => {
            reset();
            void invalidate();
          }}
        >
          Try again
        </Button>
      }
    >
      {problem.message}
      {problem.requestId && <span className="block text-faint text-sm">Request {problem.requestId}</span>}
    </Empty>
  );
}
