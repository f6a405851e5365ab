import { signInFirst, signInSearch } from "@medai/client";
import { accountQuery, queryClient } from "@medai/client/react";
import { Skeleton } from "@medai/ui";
import { createRootRoute, createRoute, createRouter, Outlet, redirect } from "@tanstack/react-router";
import { RegisterPage } from "../auth/register_page.tsx";
import { SignInPage } from "../auth/sign_in_page.tsx";
import { Broken, NowhereAtAll } from "./fallbacks.tsx";
import { knownOffline } from "./offline.ts";
import {
  ChatPage,
  DeckPage,
  DocumentsPage,
  Inside,
  MapPage,
  MapsPage,
  PlansPage,
  ProfilePage,
  QuestionsPage,
  QuizPage,
  ReviewPage,
  SetPage,
  SharedPage,
  StatisticsPage,
  StudyPage,
  SummariesPage,
  SummaryPage,
  UsagePage,
} from "./pages.ts";

const root = createRootRoute({ component: Outlet, notFoundComponent: NowhereAtAll });

/** Everything but the pages of those who are not signed in. */
const inside = createRoute({
  getParentRoute: () => root,
  id: "inside",
  component: Inside,
  beforeLoad: async ({ location }) => {
    const account = await queryClient.ensureQueryData(accountQuery).catch(knownOffline);
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
  component: SharedPage,
});

/** One page for both, so that it stays when the first question makes a conversation. */
const chat = createRoute({
  getParentRoute: () => inside,
  id: "chat",
  component: ChatPage,
});
const start = createRoute({ getParentRoute: () => chat, path: "/" });
const conversation = createRoute({ getParentRoute: () => chat, path: "/chat/$id" });
const documents = createRoute({
  getParentRoute: () => inside,
  path: "/documents",
  component: DocumentsPage,
});
const usage = createRoute({
  getParentRoute: () => inside,
  path: "/usage",
  component: UsagePage,
});
const profile = createRoute({
  getParentRoute: () => inside,
  path: "/profile",
  component: ProfilePage,
});
const pricing = createRoute({
  getParentRoute: () => inside,
  path: "/pricing",
  component: PlansPage,
});

const study = createRoute({ getParentRoute: () => inside, path: "/study", component: StudyPage });
const deck = createRoute({ getParentRoute: () => inside, path: "/study/decks/$id", component: DeckPage });
const review = createRoute({
  getParentRoute: () => inside,
  path: "/study/review",
  component: ReviewPage,
  validateSearch: ({ deck }): { deck?: string } => (typeof deck === "string" ? { deck } : {}),
});
const statistics = createRoute({
  getParentRoute: () => inside,
  path: "/study/statistics",
  component: StatisticsPage,
});
/** What commands made. */
const questions = createRoute({
  getParentRoute: () => inside,
  path: "/study/questions",
  component: QuestionsPage,
});
const questionSet = createRoute({
  getParentRoute: () => inside,
  path: "/study/questions/$id",
  component: SetPage,
});
const quiz = createRoute({ getParentRoute: () => inside, path: "/study/quizzes/$id", component: QuizPage });
const summaries = createRoute({
  getParentRoute: () => inside,
  path: "/study/summaries",
  component: SummariesPage,
});
const summary = createRoute({
  getParentRoute: () => inside,
  path: "/study/summaries/$id",
  component: SummaryPage,
});
const maps = createRoute({ getParentRoute: () => inside, path: "/study/maps", component: MapsPage });
const map = createRoute({ getParentRoute: () => inside, path: "/study/maps/$id", component: MapPage });
const results = [questions, questionSet, quiz, summaries, summary, maps, map] as const;

export const router = createRouter({
  routeTree: root.addChildren([
    inside.addChildren([
      chat.addChildren([start, conversation]),
      documents,
      usage,
      profile,
      pricing,
      study,
      deck,
      review,
      statistics,
      ...results,
    ]),
    signIn,
    register,
    shared,
  ]),
  defaultPreload: "intent",
  defaultPendingComponent: () => <Skeleton className="m-8 h-64" />,
  defaultErrorComponent: Broken,
  defaultNotFoundComponent: NowhereAtAll,
  scrollRestoration: false,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
