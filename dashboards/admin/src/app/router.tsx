import { signInFirst, signInSearch } from "@medai/client";
import { chunk } from "@medai/client/chunks";
import { accountQuery, queryClient } from "@medai/client/react";
import { Skeleton } from "@medai/ui";
import {
  createRootRoute,
  createRoute,
  createRouter,
  notFound,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import { search as analyticsSearch } from "../analytics/search.ts";
import { search as auditSearch } from "../audit/search.ts";
import { NoAccessPage } from "../auth/no_access_page.tsx";
import { SignInPage } from "../auth/sign_in_page.tsx";
import { search as feedbackSearch } from "../feedback/search.ts";
import { search as jobsSearch } from "../jobs/filters.ts";
import { search as keysSearch } from "../keys/search.ts";
import { search as notificationsSearch } from "../notifications/search.ts";
import { search as usersSearch } from "../users/search.ts";
import { Broken, Nowhere, NowhereAtAll } from "./fallbacks.tsx";
import { firstPage } from "./pages.ts";
import { may, type Permission } from "./permissions.ts";
import { Shell } from "./shell.tsx";

const root = createRootRoute({ component: Outlet, notFoundComponent: NowhereAtAll });

/** Everything but the pages of those who are not signed in, or not an admin. */
const inside = createRoute({
  getParentRoute: () => root,
  id: "inside",
  component: Shell,
  beforeLoad: async ({ location }) => {
    const account = await queryClient.ensureQueryData(accountQuery);
    if (!account) throw redirect({ to: "/sign-in", search: signInFirst(location.href), replace: true });
    if (!account.role) throw redirect({ to: "/no-access", replace: true });
  },
});

/** A page that a role does not have is not there. It is a loader that does not find it, so that the shell stays. */
const only = (permission: Permission) => ({
  loader: async () => {
    const account = await queryClient.ensureQueryData(accountQuery);
    if (!may(account?.role, permission)) throw notFound();
  },
  notFoundComponent: Nowhere,
});

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  component: SignInPage,
  beforeLoad: async () => {
    if (await queryClient.ensureQueryData(accountQuery)) throw redirect({ to: "/", replace: true });
  },
  validateSearch: signInSearch,
});

const noAccess = createRoute({
  getParentRoute: () => root,
  path: "/no-access",
  component: NoAccessPage,
  beforeLoad: async () => {
    const account = await queryClient.ensureQueryData(accountQuery);
    if (!account) throw redirect({ to: "/sign-in", replace: true });
    if (account.role) throw redirect({ to: "/", replace: true });
  },
});

const overview = createRoute({
  getParentRoute: () => inside,
  path: "/",
  beforeLoad: async () => {
    const account = await queryClient.ensureQueryData(accountQuery);
    const first = firstPage(account?.role);
    if (first !== "/") throw redirect({ to: first, replace: true });
  },
  component: chunk(() => import("../overview/overview_page.tsx")),
});

const queues = createRoute({
  getParentRoute: () => inside,
  path: "/queues",
  ...only("ViewJobs"),
  component: chunk(() => import("../queues/queues_page.tsx")),
});

const workers = createRoute({
  getParentRoute: () => inside,
  path: "/workers",
  ...only("ViewJobs"),
  component: chunk(() => import("../workers/workers_page.tsx")),
});

const jobs = createRoute({
  getParentRoute: () => inside,
  path: "/jobs",
  ...only("ViewJobs"),
  validateSearch: jobsSearch,
  component: chunk(() => import("../jobs/jobs_page.tsx")),
});

const job = createRoute({
  getParentRoute: () => inside,
  path: "/jobs/$id",
  ...only("ViewJobs"),
  component: chunk(() => import("../jobs/job_page.tsx")),
});

const keys = createRoute({
  getParentRoute: () => inside,
  path: "/keys",
  ...only("ViewKeys"),
  validateSearch: keysSearch,
  component: chunk(() => import("../keys/keys_page.tsx")),
});

const health = createRoute({
  getParentRoute: () => inside,
  path: "/health",
  ...only("ViewKeys"),
  component: chunk(() => import("../health/health_page.tsx")),
});

const features = createRoute({
  getParentRoute: () => inside,
  path: "/features",
  ...only("ViewFeatures"),
  component: chunk(() => import("../features/features_page.tsx")),
});

const maintenance = createRoute({
  getParentRoute: () => inside,
  path: "/maintenance",
  ...only("ViewMaintenance"),
  component: chunk(() => import("../maintenance/maintenance_page.tsx")),
});

const users = createRoute({
  getParentRoute: () => inside,
  path: "/users",
  ...only("ViewUsers"),
  validateSearch: usersSearch,
  component: chunk(() => import("../users/users_page.tsx")),
});

const user = createRoute({
  getParentRoute: () => inside,
  path: "/users/$id",
  ...only("ViewUsers"),
  component: chunk(() => import("../users/user_page.tsx")),
});

const audit = createRoute({
  getParentRoute: () => inside,
  path: "/audit",
  ...only("ViewAudit"),
  validateSearch: auditSearch,
  component: chunk(() => import("../audit/audit_page.tsx")),
});

const notifications = createRoute({
  getParentRoute: () => inside,
  path: "/notifications",
  ...only("ViewNotifications"),
  validateSearch: notificationsSearch,
  component: chunk(() => import("../notifications/notifications_page.tsx")),
});

const analytics = createRoute({
  getParentRoute: () => inside,
  path: "/analytics",
  ...only("ViewAnalytics"),
  validateSearch: analyticsSearch,
  component: chunk(() => import("../analytics/analytics_page.tsx")),
});

const feedback = createRoute({
  getParentRoute: () => inside,
  path: "/feedback",
  ...only("ViewFeedback"),
  validateSearch: feedbackSearch,
  component: chunk(() => import("../feedback/feedback_page.tsx")),
});

export const router = createRouter({
  basepath: "/admin",
  routeTree: root.addChildren([
    inside.addChildren([
      overview,
      queues,
      workers,
      jobs,
      job,
      keys,
      health,
      features,
      maintenance,
      users,
      user,
      audit,
      notifications,
      analytics,
      feedback,
    ]),
    signIn,
    noAccess,
  ]),
  defaultPreload: "intent",
  defaultPendingComponent: () => <Skeleton className="m-8 h-64" />,
  defaultErrorComponent: Broken,
  defaultNotFoundComponent: NowhereAtAll,
  scrollRestoration: true,
  scrollToTopSelectors: ["#main"],
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
