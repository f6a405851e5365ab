import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { createElement, type ReactElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test, vi } from "vitest";
import { ErrorState, NotFound } from "./error_state.tsx";

const shown = (element: ReactElement) => renderToStaticMarkup(createElement(I18nProvider, { i18n }, element));

test("an error says what it is, by what it can be found, and can be tried again", () => {
  const message = "The server has a problem.";
  const page = shown(createElement(ErrorState, { message, requestId: "01J", onRetry: vi.fn() }));
  for (const text of ["This page can’t be shown", message, "Request 01J", "Try again"])
    expect(page).toContain(text);
});

test("without a request none is named, and a part of a page has a title of its own", () => {
  const part = { title: "The conversation can’t be shown", message: "Offline.", onRetry: vi.fn() };
  const page = shown(createElement(ErrorState, part));
  expect(page).toContain(part.title);
  expect(page).not.toContain("Request");
  expect(page).not.toContain("This page");
});

test("a page that is not there has a heading, and a link that looks like a button", () => {
  const action = createElement("a", { href: "/" }, "Home");
  const missing = { action, children: "There is nothing at this address." };
  const page = shown(createElement(NotFound, missing));
  expect(page).toMatch(/<h1[^>]*>Page not found<\/h1>/);
  expect(page).toMatch(/<a href="\/"[^>]*class="[^"]*rounded-md[^"]*"[^>]*>Home<\/a>/);
  expect(page).not.toContain("<button");
});
