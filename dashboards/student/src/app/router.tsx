import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Problem, signInFirst, signInSearch } from "@medai/client";
import { accountQuery, queryClient } from "@medai/client/react";
import { Button, Empty, Skeleton, Wordmark } from "@medai/ui";
import {
  createRootRoute,
  createRoute,
  createRouter,
  type ErrorComponentProps,
  Link,
  lazyRouteComponent,
  Outlet,
  redirect,
  useRouter,
} from "@tanstack/react-router";
import { RegisterPage } from "../auth/register_page.tsx";
import { SignInPage } from "../auth/sign_in_page.tsx";
import { chatPage, inside as insidePage } from "./pages.ts";
import { useTitle } from "./title.ts";
import { told } from "./told.ts";

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound });

/** Everything but the pages of those who are not signed in. */
const inside = createRoute({
  getParentRoute: () => root,
  id: "inside",
  component: lazyRouteComponent(insidePage, "Inside"),
  beforeLoad: async ({ location }) => {
    const account = await queryClient.ensureQueryData(accountQuery);
    if (account) return;
    throw redirect({ to: "/sign-in", search: signInFirst(location.href), replace: true });
  },
});

const outsideOnly = async () => {
  if (await queryClient.ensureQueryData(accountQuery)) throw redirect({ to: "/", replace: true });
};

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  component: SignInPage,
  beforeLoad: outsideOnly,
  validateSearch: signInSearch,
});

const register = createRoute({
  getParentRoute: () => root,
  path: "/register",
  component: RegisterPage,
  beforeLoad: outsideOnly,
});

/** For whoever has the link, signed in or not. */
const shared = createRoute({
  getParentRoute: () => root,
  path: "/shared/$token",
  component: lazyRouteComponent(() => import("../shared/shared_page.tsx")),
});

/** One page for both, so that it stays when the first question makes a conversation. */
const chat = createRoute({
  getParentRoute: () => inside,
  id: "chat",
  component: lazyRouteComponent(chatPage, "ChatPage"),
});
const start = createRoute({ getParentRoute: () => chat, path: "/" });
const conversation = createRoute({ getParentRoute: () => chat, path: "/chat/$id" });
const documents = createRoute({
  getParentRoute: () => inside,
  path: "/documents",
  component: lazyRouteComponent(() => import("../documents/documents_page.tsx")),
});
const usage = createRoute({
  getParentRoute: () => inside,
  path: "/usage",
  component: lazyRouteComponent(() => import("../usage/usage_page.tsx")),
});
const profile = createRoute({
  getParentRoute: () => inside,
  path: "/profile",
  component: lazyRouteComponent(() => import("../profile/profile_page.tsx")),
});
const pricing = createRoute({
  getParentRoute: () => inside,
  path: "/pricing",
  component: lazyRouteComponent(() => import("../plans/plans_page.tsx")),
});

export const router = createRouter({
  routeTree: root.addChildren([
    inside.addChildren([chat.addChildren([start, conversation]), documents, usage, profile, pricing]),
    signIn,
    register,
    shared,
  ]),
  defaultPreload: "intent",
  defaultPendingComponent: () => <Skeleton className="m-8 h-64" />,
  defaultErrorComponent: Broken,
  defaultNotFoundComponent: NotFound,
  scrollRestoration: false,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}

/** Also for those who are not signed in, so with nothing around it. */
function NotFound() {
  useTitle(t`Page not found`);
  return (
    <main className="flex min-h-dvh flex-col px-6 py-6 sm:px-10">
      <Wordmark />
      <div className="my-auto flex flex-col items-center py-12 text-center">
        <h1 className="text-[2rem]">
          <Trans>Page not found</Trans>
        </h1>
        <p className="mt-2 mb-5 text-muted">
          <Trans>There is nothing at this address.</Trans>
        </p>
        <Button asChild>
          <Link to="/">
            <Trans>Go to the home page</Trans>
          </Link>
        </Button>
      </div>
    </main>
  );
}

function Broken({ error, reset }: ErrorComponentProps) {
  const { invalidate } = useRouter();
  const problem = Problem.wrap(error);
  return (
    <Empty
      title={t`This page can’t be shown`}
      actions={
        <Button
          onClick={() => {
            reset();
            void invalidate();
          }}
        >
          <Trans>Try again</Trans>
        </Button>
      }
    >
      {told(problem)}
      {problem.requestId && (
        <span className="block text-faint text-sm">
          <Trans>Request {problem.requestId}</Trans>
        </span>
      )}
    </Empty>
  );
}
